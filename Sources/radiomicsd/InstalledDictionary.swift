import Foundation
import Glibc

/// DCMTK's data dictionary in the program's own tree, as in the archive that brings its libraries along.
enum InstalledDictionary {
  /// Passes `../share/radiomicsd/dicom.dic` to DCMTK, unless the environment names one. Otherwise DCMTK finds its own.
  static func use() {
    guard getenv("DCMDICTPATH") == nil,
      let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else { return }
    let tree = URL(fileURLWithPath: program).deletingLastPathComponent().deletingLastPathComponent()
    let path = tree.appendingPathComponent("share/radiomicsd/dicom.dic").path
    if access(path, R_OK) == 0 { setenv("DCMDICTPATH", path, 1) }
  }
}
