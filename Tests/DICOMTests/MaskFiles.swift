import DICOM
import DICOMMasks
import Errors
import Files
import Imaging
import TestKit

/// Reads drafts of masks as files.
enum MaskFiles {
  static func structureSet(_ bytes: [UInt8]) throws -> StructureSet {
    let folder = try StudyFolder()
    try folder.put(bytes, "m.dcm")
    let object = try openObject(StudyFile(folder: Array(folder.path.utf8), name: RelativePath("m.dcm")))
    guard let object, object.kind == .rtStructureSet else { throw StudyError(.usage, "no structure set") }
    return try readStructureSet(object)
  }

  /// Gives the segmentation while its file is there: frames are read when they are wanted.
  static func withSegmentation<Result>(_ bytes: [UInt8], _ body: (Segmentation) throws -> Result) throws -> Result {
    let folder = try StudyFolder()
    try folder.put(bytes, "m.dcm")
    return try body(try segmentation(folder.path, "m.dcm"))
  }

  static func segmentation(_ folder: String, _ name: String) throws -> Segmentation {
    let object = try openObject(StudyFile(folder: Array(folder.utf8), name: RelativePath(name)))
    guard let object, object.kind == .segmentation else { throw StudyError(.usage, "no segmentation") }
    return try readSegmentation(object)
  }
}

/// 10 x 10 x 6 voxels of 2 x 1 x 5 mm, away from the origin.
let smallGrid = Geometry(size: SIMD3(10, 10, 6), spacing: Vector3(2, 1, 5), origin: Vector3(-40, 7, 100))

extension Geometry {
  /// A closed line of voxel indices (x, y) on a slice, in mm.
  func line(_ points: [(Double, Double)], slice: Double, type: String = "CLOSED_PLANAR") -> (
    type: String, points: [SIMD3<Double>]
  ) { (type, points.map { point(at: Vector3($0.0, $0.1, slice)) }) }

  func square(_ low: Double, _ high: Double, slice: Double, type: String = "CLOSED_PLANAR") -> (
    type: String, points: [SIMD3<Double>]
  ) { line([(low, low), (high, low), (high, high), (low, high)], slice: slice, type: type) }
}
