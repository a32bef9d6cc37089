#include <new>
#include <unistd.h>

#include "Setup.hpp"

#include <mutex>

#include "CDCMTK.h"
#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcobject.h"
#include "dcmtk/dcmdata/dcrledrg.h"
#include "dcmtk/dcmdata/dcrleerg.h"
#include "dcmtk/dcmdata/dcuid.h"
#include "dcmtk/dcmjpeg/djdecode.h"
#include "dcmtk/dcmjpeg/djencode.h"
#include "dcmtk/dcmjpls/djdecode.h"
#include "dcmtk/dcmjpls/djencode.h"
#include "dcmtk/oflog/oflog.h"

namespace cdcm {

void setUp() {
  static std::once_flag once;
  std::call_once(once, [] {
    // DCMTK logs file content; what is wrong with a file is told by our own errors.
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    dcmEnableUnknownVRConversion.set(OFTrue);
    DcmRLEDecoderRegistration::registerCodecs();
    DJDecoderRegistration::registerCodecs();
    DJLSDecoderRegistration::registerCodecs();
    // Encoders serve the writer (test data in compressed transfer syntaxes).
    DcmRLEEncoderRegistration::registerCodecs();
    DJEncoderRegistration::registerCodecs();
    DJLSEncoderRegistration::registerCodecs();
  });
}

}  // namespace cdcm

extern "C" const char *cdcm_version(void) { return OFFIS_DCMTK_VERSION_STRING; }

static int status_without_memory;

extern "C" void cdcm_end_without_memory(int status) {
  status_without_memory = status;
  std::set_new_handler([] { _exit(status_without_memory); });
}
