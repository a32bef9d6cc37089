internal import CDCMTK

/// The loaded libraries that decode pixel data.
package enum DICOMLibraries {
  package static var dcmtk: String { String(cString: cdcm_version()) }
  /// Ends this process with a status where a library is refused memory; otherwise it would report the file as damaged.
  package static func endWithoutMemory(_ status: Int32) { cdcm_end_without_memory(status) }
  package static var openjpeg: String { String(cString: cdcm_openjpeg_version()) }
}
