internal import Errors
internal import Foundation
internal import Imaging
internal import Phantom
internal import Radiomics
internal import TestKit

/// The files that workloads read: phantoms, the same bytes each time.
struct GuardInputs {
  let folder: String
  let root: String

  var series: String { folder + "/phantom-0001/ct" }
  var image: String { folder + "/image.nii.gz" }
  var mask: String { folder + "/mask.nii.gz" }
  var structures: String { folder + "/rtstruct.dcm" }
  var model: String { root + "/etc/models/demonstration" }

  static let recipe = PhantomRecipe(seed: 2, matrix: 128, slices: 24)

  func write() throws {
    try Phantom.makeStudy(Self.recipe, name: "phantom-0001", in: folder)
    let phantom = PhantomImage(Self.recipe)
    try NIfTIWriter.write(phantom.volume, to: image, threads: 1)
    try NIfTIWriter.write(phantom.mask, to: mask, threads: 1)
    try Data(Self.drawing(on: phantom.volume.geometry).bytes).write(to: URL(fileURLWithPath: structures))
  }

  /// A lumpy outline of 200 points on each slice.
  private static func drawing(on grid: Geometry) -> StructureSetDraft {
    let middle = Double(grid.size.x) / 2
    let contours = (0..<grid.size.z).map { slice in
      (
        type: "CLOSED_PLANAR",
        points: (0..<200).map { step in
          let angle = Double(step) * .pi / 100
          let radius = middle * (0.6 + 0.1 * sin(7 * angle + Double(slice)))
          return grid.point(at: Vector3(middle + radius * cos(angle), middle + radius * sin(angle), Double(slice)))
        }
      )
    }
    return StructureSetDraft([.init(1, "GTV", contours)])
  }

  func volume() throws -> Volume { try NIfTIReader.read(image) }

  func region() throws -> Mask {
    let image = try NIfTIReader.readGeometry(image)
    return try placeMask(labelVolume: NIfTIReader.readLabels(mask), on: image, file: mask).mask
  }
}
