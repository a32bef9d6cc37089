internal import Archive
internal import DICOM
internal import Imaging

/// The libraries that a result was computed with, for the record.
enum LibraryVersions {
  static var all: [(name: String, version: String)] {
    [
      ("zlib", CompressionLibraries.zlib), ("libdeflate", CompressionLibraries.libdeflate),
      ("dcmtk", DICOMLibraries.dcmtk), ("openjpeg", DICOMLibraries.openjpeg),
      ("libarchive", String(ArchiveLibrary.version.drop { !$0.isNumber })),
    ]
  }
}
