internal import CDeflate

/// The loaded libraries that decompress files.
package enum CompressionLibraries {
  /// zlib's version, of the loaded library and not of its header.
  package static var zlib: String { String(cString: zlibVersion()) }
  /// libdeflate's version, of its header: the library does not report it.
  package static var libdeflate: String { LIBDEFLATE_VERSION_STRING }
}
