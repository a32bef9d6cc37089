import Foundation
import Imaging
import Phantom
import TestKit

/// Small synthetic studies for tests: 64 x 64 pixels, 12 slices of 5 mm.
enum PhantomStudy {
  static let name = "case 1"

  /// Writes a study below `folder` and gives its path.
  static func make(in folder: TemporaryFolder, seed: UInt64 = 5) throws -> String {
    let parent = try folder.folder("studies")
    try Phantom.makeStudy(PhantomRecipe(seed: seed, matrix: 64, slices: 12), name: name, in: parent)
    return parent + "/" + name
  }

  /// The DICOM files of a study, sorted.
  static func slices(_ study: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: study + "/ct").sorted().map { study + "/ct/" + $0 }
  }

  /// Writes a mask as another, with one voxel more.
  static func putOther(than mask: String, at path: String) throws {
    var volume = try NIfTIReader.read(mask)
    guard case .int16(var voxels) = volume.voxels, let inside = voxels.firstIndex(where: { $0 != 0 }) else { return }
    voxels[inside - 1] = voxels[inside]
    volume.voxels = .int16(voxels)
    try NIfTIWriter.write(volume, to: path)
  }

  /// Writes another label map in place of the study's mask.
  static func replaceMask(_ study: String, _ change: (inout Volume) -> Void) throws {
    let path = study + "/mask.nii.gz"
    var volume = try NIfTIReader.read(path)
    change(&volume)
    try NIfTIWriter.write(volume, to: path)
  }
}
