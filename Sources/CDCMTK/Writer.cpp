#include <memory>
#include <vector>

#include "CDCMTK.h"
#include "Setup.hpp"
#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcdatset.h"
#include "dcmtk/dcmdata/dcdeftag.h"
#include "dcmtk/dcmdata/dcfilefo.h"
#include "dcmtk/dcmdata/dcpixel.h"
#include "dcmtk/dcmdata/dcxfer.h"

struct cdcm_writer {
  DcmFileFormat file;
  /// Open sequence items, innermost last; owned by the dataset.
  std::vector<DcmItem *> items;

  DcmItem *target() { return items.empty() ? file.getDataset() : items.back(); }
};

extern "C" cdcm_writer *cdcm_writer_create(void) try {
  cdcm::setUp();
  return new cdcm_writer();
} catch (...) {
  return nullptr;
}

extern "C" void cdcm_writer_free(cdcm_writer *writer) try {
  delete writer;
} catch (...) {
}

extern "C" cdcm_status cdcm_writer_string(cdcm_writer *writer, uint16_t group, uint16_t element, const char *value) try {
  return writer->target()->putAndInsertString(DcmTag(group, element), value).good() ? CDCM_OK : CDCM_MALFORMED;
} catch (...) {
  return CDCM_EXCEPTION;
}

extern "C" cdcm_status cdcm_writer_uint16(cdcm_writer *writer, uint16_t group, uint16_t element, uint16_t value) try {
  return writer->target()->putAndInsertUint16(DcmTag(group, element), value).good() ? CDCM_OK : CDCM_MALFORMED;
} catch (...) {
  return CDCM_EXCEPTION;
}

extern "C" cdcm_status cdcm_writer_uint32(cdcm_writer *writer, uint16_t group, uint16_t element, uint32_t value) try {
  return writer->target()->putAndInsertUint32(DcmTag(group, element), value).good() ? CDCM_OK : CDCM_MALFORMED;
} catch (...) {
  return CDCM_EXCEPTION;
}

extern "C" cdcm_status cdcm_writer_begin_item(cdcm_writer *writer, uint16_t group, uint16_t element) try {
  DcmItem *item = nullptr;
  if (writer->target()->findOrCreateSequenceItem(DcmTag(group, element), item, -2).bad() || item == nullptr)
    return CDCM_MALFORMED;
  writer->items.push_back(item);
  return CDCM_OK;
} catch (...) {
  return CDCM_EXCEPTION;
}

extern "C" void cdcm_writer_end_item(cdcm_writer *writer) {
  if (!writer->items.empty()) writer->items.pop_back();
}

extern "C" cdcm_status cdcm_writer_pixels(cdcm_writer *writer, const uint16_t *samples, size_t count) try {
  // Pixel Data has a class of its own in DCMTK; only that can be compressed.
  auto element = std::make_unique<DcmPixelData>(DcmTag(DCM_PixelData, EVR_OW));
  if (element->putUint16Array(samples, static_cast<unsigned long>(count)).bad()) return CDCM_MALFORMED;
  if (writer->file.getDataset()->insert(element.get(), OFTrue).bad()) return CDCM_MALFORMED;
  element.release();  // the dataset owns it now
  return CDCM_OK;
} catch (...) {
  return CDCM_EXCEPTION;
}

extern "C" cdcm_status cdcm_writer_code(cdcm_writer *writer, uint16_t group, uint16_t element, const char *value,
                                        const char *scheme, const char *meaning) try {
  DcmItem *item = nullptr;
  const DcmTag tag(group, element);
  if (writer->target()->findOrCreateSequenceItem(tag, item, -2).bad() || item == nullptr) return CDCM_MALFORMED;
  const bool good = item->putAndInsertString(DCM_CodeValue, value).good() &&
                    item->putAndInsertString(DCM_CodingSchemeDesignator, scheme).good() &&
                    item->putAndInsertString(DCM_CodeMeaning, meaning).good();
  return good ? CDCM_OK : CDCM_MALFORMED;
} catch (...) {
  return CDCM_EXCEPTION;
}

extern "C" cdcm_status cdcm_writer_save(cdcm_writer *writer, const char *path, const char *transfer_syntax) try {
  const E_TransferSyntax syntax = DcmXfer(transfer_syntax).getXfer();
  if (syntax == EXS_Unknown) return CDCM_UNKNOWN_SYNTAX;
  if (writer->file.getDataset()->chooseRepresentation(syntax, nullptr).bad()) return CDCM_CANNOT_DECODE;
  return writer->file.saveFile(path, syntax, EET_ExplicitLength, EGL_withoutGL).good() ? CDCM_OK : CDCM_CANNOT_WRITE;
} catch (...) {
  return CDCM_EXCEPTION;
}
