// A narrow C door to DCMTK: flat datasets in memory, decoding of compressed pixels, text to UTF-8, and writing.
//
// No C++ exception leaves it. The caller has walked the bytes before (see DICOM/Layout), so that what comes here is a
// flat list of elements of checked lengths: DCMTK never recurses over a stranger's nesting.
#ifndef CDCMTK_H
#define CDCMTK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

typedef enum : int32_t {
  CDCM_OK = 0,
  /// The transfer syntax is not known to this DCMTK.
  CDCM_UNKNOWN_SYNTAX = 1,
  /// DCMTK cannot parse the bytes.
  CDCM_MALFORMED = 2,
  /// The attribute is absent, or has no value of the kind asked for at that index.
  CDCM_ABSENT = 3,
  /// The compressed pixels cannot be decoded.
  CDCM_CANNOT_DECODE = 4,
  /// The decoded pixels have another size than the caller's buffer.
  CDCM_WRONG_SIZE = 5,
  /// A file cannot be written.
  CDCM_CANNOT_WRITE = 6,
  /// An exception was stopped at this door (out of memory, a fault in DCMTK).
  CDCM_EXCEPTION = 7,
} cdcm_status;

/// Version of the DCMTK that is linked, for example "3.6.7".
const char *cdcm_version(void);

/// From now on this process ends with this status where C++ is refused memory: DCMTK would take the file for damaged.
void cdcm_end_without_memory(int status);

/// OpenJPEG's version, of the library that is loaded.
const char *cdcm_openjpeg_version(void);

// MARK: Reading

/// A dataset in memory. Not thread-safe by itself; different datasets may be used by different threads.
typedef struct cdcm_dataset cdcm_dataset;

/// Parses a dataset (without preamble and file meta information) in the given transfer syntax. Copies what it keeps.
cdcm_status cdcm_dataset_read(const uint8_t *bytes, size_t count, const char *transfer_syntax,
                              cdcm_dataset *_Nullable *_Nonnull dataset);

void cdcm_dataset_free(cdcm_dataset *_Nullable dataset);

/// The whole value of a text attribute (with its backslashes), as bytes of the file. The pointer lives as long as the dataset.
cdcm_status cdcm_string(cdcm_dataset *dataset, uint16_t group, uint16_t element,
                        const char *_Nullable *_Nonnull bytes, size_t *count);

/// One number of a binary attribute (US, SS, UL, SL), as it is declared in the file.
cdcm_status cdcm_integer(cdcm_dataset *dataset, uint16_t group, uint16_t element, size_t index, int64_t *value);

/// Decodes the only frame of a dataset with encapsulated pixel data into `count` bytes, little endian on every machine
/// we build for. Afterwards the dataset's pixel description (bits stored, ...) is that of the decoded pixels.
cdcm_status cdcm_decode(cdcm_dataset *dataset, void *pixels, size_t count);

// MARK: JPEG 2000 (OpenJPEG: Debian's DCMTK is built without it)

typedef struct {
  /// Bits of a sample, 1 to 38, and whether it is signed, as the codestream says (SIZ).
  uint32_t precision;
  int32_t is_signed;
  /// The reversible wavelet was used: without it the pixels were changed.
  int32_t is_reversible;
} cdcm_jpeg2000_info;

/// Decodes a codestream (or JP2 file) of one component into exactly width x height values.
cdcm_status cdcm_jpeg2000_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, int32_t *values,
                                 cdcm_jpeg2000_info *info);

// MARK: Text

typedef enum : int32_t {
  /// As the specific character set declares.
  CDCM_TEXT_DECLARED = 0,
  /// The declared character set does not fit the bytes; another was guessed (UTF-8 or GBK).
  CDCM_TEXT_GUESSED = 1,
  /// Nothing fits; bytes were taken as Latin-1.
  CDCM_TEXT_REPLACED = 2,
} cdcm_text_origin;

/// Converts text to UTF-8. `*utf8` is freed with `cdcm_free`.
cdcm_status cdcm_text(const char *bytes, size_t count, const char *character_set, char *_Nullable *_Nonnull utf8,
                      size_t *utf8_count, cdcm_text_origin *origin);

void cdcm_free(void *_Nullable memory);

// MARK: Writing

/// A file under construction.
typedef struct cdcm_writer cdcm_writer;

cdcm_writer *_Nullable cdcm_writer_create(void);
void cdcm_writer_free(cdcm_writer *_Nullable writer);

/// Sets a text attribute (also numbers of VR DS and IS).
cdcm_status cdcm_writer_string(cdcm_writer *writer, uint16_t group, uint16_t element, const char *value);
/// Sets a US attribute.
cdcm_status cdcm_writer_uint16(cdcm_writer *writer, uint16_t group, uint16_t element, uint16_t value);
/// Sets a UL attribute.
cdcm_status cdcm_writer_uint32(cdcm_writer *writer, uint16_t group, uint16_t element, uint32_t value);
/// Appends an item to a sequence; what is set until `cdcm_writer_end_item` goes into it.
cdcm_status cdcm_writer_begin_item(cdcm_writer *writer, uint16_t group, uint16_t element);
void cdcm_writer_end_item(cdcm_writer *writer);
/// Sets the pixel data: `count` samples of 16 bits.
cdcm_status cdcm_writer_pixels(cdcm_writer *writer, const uint16_t *samples, size_t count);
/// Adds a sequence with one item of coded entry: value, scheme, meaning.
cdcm_status cdcm_writer_code(cdcm_writer *writer, uint16_t group, uint16_t element, const char *value,
                             const char *scheme, const char *meaning);
/// Writes the file in the given transfer syntax (an uncompressed or lossless one). Equal content gives equal bytes.
cdcm_status cdcm_writer_save(cdcm_writer *writer, const char *path, const char *transfer_syntax);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
