internal import CDCMTK

/// The libraries that decode pixel data, as they are loaded.
public enum DICOMLibraries {
  public static var dcmtk: String { String(cString: cdcm_version()) }
  /// Ends this process with a status where a library is refused memory: it would take the file for damaged.
  public static func endWithoutMemory(_ status: Int32) { cdcm_end_without_memory(status) }
  public static var openjpeg: String { String(cString: cdcm_openjpeg_version()) }
}
