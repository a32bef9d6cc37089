import DICOM
import Foundation
import Imaging
import Phantom
import TestKit

/// A study as hospitals drop it: several series on one grid, and masks of other kinds than NIfTI.
final class PhaseStudy {
  let folder: TemporaryFolder
  let path: String
  let image = PhantomImage(PhantomRecipe(seed: 5, matrix: 64, slices: 12))

  init() throws {
    folder = try TemporaryFolder()
    path = try folder.folder("study")
  }

  private var slices: [CTSlice] { image.slices(name: "P1") }

  var origin: DraftOrigin {
    var origin = DraftOrigin()
    origin.patientID = "P1"
    origin.study = text(slices[0], 0x0020_000D)
    origin.frame = text(slices[0], 0x0020_0052)
    origin.series = Self.uid(1)
    origin.instances = slices.indices.map { "\(Self.uid(1)).\($0)" }
    return origin
  }

  static func uid(_ series: Int) -> String { "1.2.826.0.\(series)" }

  private func text(_ slice: CTSlice, _ tag: UInt32) -> String {
    guard case .text(let bytes)? = slice.attributes[tag] else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes the phantom again as a separate series.
  func add(series: Int, _ description: String, _ change: (inout CTSlice) -> Void = { _ in }) throws {
    let below = try folder.folder("study/series \(series)")
    for (index, slice) in slices.enumerated() {
      var slice = slice
      slice.set(0x0008_0005, "ISO_IR 192")
      slice.set(0x0020_000E, Self.uid(series))
      slice.set(0x0008_0018, "\(Self.uid(series)).\(index)")
      slice.set(0x0020_0011, "\(series)")
      slice.set(0x0008_103E, description)
      change(&slice)
      try slice.write(to: "\(below)/\(index)")
    }
  }

  /// The phantom's tumour in slices, as voxels.
  var tumour: Mask { image.mask }

  /// The tumour as contours: a square around each of its voxels' rows.
  func contours(of mask: Mask) -> [(type: String, points: [SIMD3<Double>])] {
    let grid = mask.geometry
    var contours: [(type: String, points: [SIMD3<Double>])] = []
    for z in 0..<grid.size.z {
      for y in 0..<grid.size.y {
        let inside = (0..<grid.size.x).filter { mask.voxels[grid.offset($0, y, z)] == 1 }
        for x in inside {
          let corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
          contours.append(
            ("CLOSED_PLANAR", corners.map { grid.point(at: Vector3(Double(x) + $0.0, Double(y) + $0.1, Double(z))) }))
        }
      }
    }
    return contours
  }

  func structureSet(_ name: String = "rs", _ change: (inout StructureSetDraft) -> Void = { _ in }) throws {
    var draft = StructureSetDraft([.init(1, "Tumour", contours(of: tumour))])
    draft.origin = origin
    change(&draft)
    try put(draft.bytes, name)
  }

  func segmentation(_ change: (inout SegmentationDraft) -> Void = { _ in }) throws {
    let mask = tumour
    let grid = mask.geometry
    let area = grid.size.x * grid.size.y
    let frames: [SegmentationDraft.Frame] = (0..<grid.size.z).reversed().compactMap { z in
      let values = Array(mask.voxels[z * area..<(z + 1) * area])
      return values.contains(1) ? .init(2, at: grid.point(at: Vector3(0, 0, Double(z))), values) : nil
    }
    let other = SegmentationDraft.Frame(1, at: frames[0].position, [UInt8](repeating: 1, count: area))
    var draft = SegmentationDraft(
      rows: grid.size.y, columns: grid.size.x, segments: [(1, "Body", "38266002"), (2, "Lesion", "108369006")],
      frames: [other] + frames)
    draft.origin = origin
    draft.spacing = (grid.spacing.y, grid.spacing.x)
    change(&draft)
    try put(draft.bytes, "seg")
  }

  func nifti(_ name: String = "mask.nii.gz") throws { try NIfTIWriter.write(tumour, to: path + "/" + name) }

  func put(_ bytes: [UInt8], _ name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
  }
}
