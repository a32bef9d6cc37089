#include <algorithm>
#include <cstring>
#include <memory>

#include <openjpeg-2.5/openjpeg.h>

#include "CDCMTK.h"

namespace {

/// Compressed bytes in memory, as OpenJPEG reads them.
struct Bytes {
  const uint8_t *start;
  size_t count;
  size_t position;
};

OPJ_SIZE_T readBytes(void *buffer, OPJ_SIZE_T count, void *context) {
  auto *bytes = static_cast<Bytes *>(context);
  const size_t got = std::min<size_t>(count, bytes->count - bytes->position);
  if (got == 0) return static_cast<OPJ_SIZE_T>(-1);
  std::memcpy(buffer, bytes->start + bytes->position, got);
  bytes->position += got;
  return got;
}

OPJ_OFF_T skipBytes(OPJ_OFF_T count, void *context) {
  auto *bytes = static_cast<Bytes *>(context);
  if (count < 0) return -1;
  const size_t step = std::min<size_t>(static_cast<size_t>(count), bytes->count - bytes->position);
  bytes->position += step;
  return static_cast<OPJ_OFF_T>(step);
}

OPJ_BOOL seekBytes(OPJ_OFF_T position, void *context) {
  auto *bytes = static_cast<Bytes *>(context);
  if (position < 0 || static_cast<size_t>(position) > bytes->count) return OPJ_FALSE;
  bytes->position = static_cast<size_t>(position);
  return OPJ_TRUE;
}

struct StreamDeleter {
  void operator()(opj_stream_t *stream) const { opj_stream_destroy(stream); }
};
struct CodecDeleter {
  void operator()(opj_codec_t *codec) const { opj_destroy_codec(codec); }
};
struct ImageDeleter {
  void operator()(opj_image_t *image) const { opj_image_destroy(image); }
};

bool isOneFrame(const opj_image_t &image, uint32_t width, uint32_t height) {
  return image.numcomps == 1 && image.comps[0].dx == 1 && image.comps[0].dy == 1 && image.x1 - image.x0 == width &&
         image.y1 - image.y0 == height && image.comps[0].prec >= 1 && image.comps[0].prec <= 31;
}

bool isReversible(opj_codec_t *codec) {
  opj_codestream_info_v2_t *info = opj_get_cstr_info(codec);
  if (info == nullptr) return false;
  const bool reversible = info->m_default_tile_info.tccp_info != nullptr && info->m_default_tile_info.tccp_info[0].qmfbid == 1;
  opj_destroy_cstr_info(&info);
  return reversible;
}

}  // namespace

extern "C" cdcm_status cdcm_jpeg2000_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                                            int32_t *values, cdcm_jpeg2000_info *info) try {
  static const uint8_t codestreamStart[] = {0xFF, 0x4F, 0xFF, 0x51};
  const bool isCodestream = count >= 4 && std::memcmp(bytes, codestreamStart, 4) == 0;

  Bytes source{bytes, count, 0};
  std::unique_ptr<opj_stream_t, StreamDeleter> stream(opj_stream_default_create(OPJ_TRUE));
  std::unique_ptr<opj_codec_t, CodecDeleter> codec(opj_create_decompress(isCodestream ? OPJ_CODEC_J2K : OPJ_CODEC_JP2));
  if (!stream || !codec) return CDCM_EXCEPTION;
  opj_stream_set_user_data(stream.get(), &source, nullptr);
  opj_stream_set_user_data_length(stream.get(), count);
  opj_stream_set_read_function(stream.get(), readBytes);
  opj_stream_set_skip_function(stream.get(), skipBytes);
  opj_stream_set_seek_function(stream.get(), seekBytes);

  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  if (!opj_setup_decoder(codec.get(), &parameters)) return CDCM_CANNOT_DECODE;
  // A slice cut short is refused, not filled up.
  if (!opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE)) return CDCM_CANNOT_DECODE;

  opj_image_t *header = nullptr;
  if (!opj_read_header(stream.get(), codec.get(), &header)) {
    if (header != nullptr) opj_image_destroy(header);
    return CDCM_CANNOT_DECODE;
  }
  std::unique_ptr<opj_image_t, ImageDeleter> image(header);
  // Before decoding: the header decides what is allocated.
  if (!isOneFrame(*image, width, height)) return CDCM_WRONG_SIZE;
  if (!opj_decode(codec.get(), stream.get(), image.get()) || !opj_end_decompress(codec.get(), stream.get()))
    return CDCM_CANNOT_DECODE;
  const opj_image_comp_t &component = image->comps[0];
  if (component.w != width || component.h != height || component.data == nullptr) return CDCM_WRONG_SIZE;
  std::memcpy(values, component.data, static_cast<size_t>(width) * height * sizeof(int32_t));
  info->precision = component.prec;
  info->is_signed = component.sgnd != 0;
  info->is_reversible = isReversible(codec.get());
  return CDCM_OK;
} catch (...) {
  return CDCM_EXCEPTION;
}

extern "C" const char *cdcm_openjpeg_version(void) { return opj_version(); }
