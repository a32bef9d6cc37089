internal import CDeflate

/// The loaded libraries that decompress files.
public enum CompressionLibraries {
  /// zlib's version, of the loaded library and not of its header.
  public static var zlib: String { String(cString: zlibVersion()) }
  /// libdeflate's version, of its header: the library does not report it.
  public static var libdeflate: String { LIBDEFLATE_VERSION_STRING }
}
