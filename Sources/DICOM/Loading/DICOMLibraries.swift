internal import CDCMTK

/// The loaded libraries that decode pixel data.
public enum DICOMLibraries {
  public static var dcmtk: String { String(cString: cdcm_version()) }
  /// Ends this process with a status where a library is refused memory; otherwise it would report the file as damaged.
  public static func endWithoutMemory(_ status: Int32) { cdcm_end_without_memory(status) }
  public static var openjpeg: String { String(cString: cdcm_openjpeg_version()) }
}
