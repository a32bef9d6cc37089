#include <cstring>
#include <memory>
#include <new>

#include "CDCMTK.h"
#include "Setup.hpp"
#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcdatset.h"
#include "dcmtk/dcmdata/dcdeftag.h"
#include "dcmtk/dcmdata/dcelem.h"
#include "dcmtk/dcmdata/dcistrmb.h"
#include "dcmtk/dcmdata/dcxfer.h"

struct cdcm_dataset {
  DcmDataset dataset;
};

extern "C" cdcm_status cdcm_dataset_read(const uint8_t *bytes, size_t count, const char *transfer_syntax,
                                         cdcm_dataset **dataset) try {
  cdcm::setUp();
  *dataset = nullptr;
  const DcmXfer syntax(transfer_syntax);
  if (syntax.getXfer() == EXS_Unknown) return CDCM_UNKNOWN_SYNTAX;
  auto holder = std::make_unique<cdcm_dataset>();
  DcmInputBufferStream stream;
  stream.setBuffer(bytes, static_cast<offile_off_t>(count));
  stream.setEos();
  holder->dataset.transferInit();
  // The buffer goes away: everything is read into memory, however long.
  const OFCondition result = holder->dataset.read(stream, syntax.getXfer(), EGL_noChange, 0xFFFFFFFEu);
  holder->dataset.transferEnd();
  if (result.bad()) return CDCM_MALFORMED;
  *dataset = holder.release();
  return CDCM_OK;
} catch (...) {
  return CDCM_EXCEPTION;
}

extern "C" void cdcm_dataset_free(cdcm_dataset *dataset) try {
  delete dataset;
} catch (...) {
}

extern "C" cdcm_status cdcm_string(cdcm_dataset *dataset, uint16_t group, uint16_t element, const char **bytes,
                                   size_t *count) try {
  *bytes = nullptr;
  *count = 0;
  DcmElement *found = nullptr;
  if (dataset->dataset.findAndGetElement(DcmTagKey(group, element), found).bad() || found == nullptr) return CDCM_ABSENT;
  if (!found->isaString()) return CDCM_ABSENT;
  char *value = nullptr;
  Uint32 length = 0;
  if (found->getString(value, length).bad() || value == nullptr) return CDCM_ABSENT;
  *bytes = value;
  *count = length;
  return CDCM_OK;
} catch (...) {
  return CDCM_EXCEPTION;
}

extern "C" cdcm_status cdcm_integer(cdcm_dataset *dataset, uint16_t group, uint16_t element, size_t index,
                                    int64_t *value) try {
  DcmElement *found = nullptr;
  if (dataset->dataset.findAndGetElement(DcmTagKey(group, element), found).bad() || found == nullptr) return CDCM_ABSENT;
  const auto position = static_cast<unsigned long>(index);
  OFCondition result = EC_IllegalCall;
  switch (found->ident()) {
    case EVR_US: {
      Uint16 number = 0;
      result = found->getUint16(number, position);
      *value = number;
      break;
    }
    case EVR_SS: {
      Sint16 number = 0;
      result = found->getSint16(number, position);
      *value = number;
      break;
    }
    case EVR_UL: {
      Uint32 number = 0;
      result = found->getUint32(number, position);
      *value = number;
      break;
    }
    case EVR_SL: {
      Sint32 number = 0;
      result = found->getSint32(number, position);
      *value = number;
      break;
    }
    default: break;
  }
  return result.good() ? CDCM_OK : CDCM_ABSENT;
} catch (...) {
  return CDCM_EXCEPTION;
}

extern "C" cdcm_status cdcm_decode(cdcm_dataset *dataset, void *pixels, size_t count) try {
  if (dataset->dataset.chooseRepresentation(EXS_LittleEndianExplicit, nullptr).bad()) return CDCM_CANNOT_DECODE;
  DcmElement *element = nullptr;
  if (dataset->dataset.findAndGetElement(DCM_PixelData, element).bad() || element == nullptr) return CDCM_CANNOT_DECODE;
  // An OW element gives 16-bit words, an OB element bytes. An odd number of bytes is padded.
  Uint16 *words = nullptr;
  Uint8 *bytes = nullptr;
  const size_t length = element->getLength(EXS_LittleEndianExplicit);
  if (length < count || length > count + 1) return CDCM_WRONG_SIZE;
  if (element->getUint16Array(words).good() && words != nullptr) {
    std::memcpy(pixels, words, count);
  } else if (element->getUint8Array(bytes).good() && bytes != nullptr) {
    std::memcpy(pixels, bytes, count);
  } else {
    return CDCM_CANNOT_DECODE;
  }
  return CDCM_OK;
} catch (...) {
  return CDCM_EXCEPTION;
}
