internal import CDeflate

/// The libraries that unpack files, as they are loaded.
public enum CompressionLibraries {
  /// zlib's version, of the library at hand and not of its header.
  public static var zlib: String { String(cString: zlibVersion()) }
  /// libdeflate's version, of its header: the library does not tell.
  public static var libdeflate: String { LIBDEFLATE_VERSION_STRING }
}
