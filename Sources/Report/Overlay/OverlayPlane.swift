internal import Imaging

/// One plane through a volume in radiological orientation: the patient's right on the left of the picture,
/// front at the top or on the left, head at the top.
struct OverlayPlane: Sendable {
  /// Grid axes across, down and through the picture.
  let across: Int
  let down: Int
  let through: Int
  /// 1 where the grid axis runs to the right, or downwards; otherwise -1.
  let acrossSign: Double
  let downSign: Double
  /// Letters at the left, right and top edge.
  let letters: (left: String, right: String, top: String)
  /// Index along `through`: the slice with the largest area of the mask, the middle one of equals.
  let slice: Int
  /// The coordinate of the patient (LPS) that gives the plane's position: 0, 1, 2, and its name.
  let patientAxis: Int
  let coordinate: String

  enum Orientation: CaseIterable {
    case axial, coronal, sagittal
  }

  init(_ orientation: Orientation, mask: Mask) {
    let axes = PatientAxes(mask.geometry)
    let (l, p, s) = (axes.axis[0], axes.axis[1], axes.axis[2])
    switch orientation {
    case .axial:
      (across, down, through) = (l, p, s)
      (acrossSign, downSign) = (axes.sign[0], axes.sign[1])
      letters = ("R", "L", "A")
      (patientAxis, coordinate) = (2, "z")
    case .coronal:
      (across, down, through) = (l, s, p)
      (acrossSign, downSign) = (axes.sign[0], -axes.sign[2])
      letters = ("R", "L", "H")
      (patientAxis, coordinate) = (1, "y")
    case .sagittal:
      (across, down, through) = (p, s, l)
      (acrossSign, downSign) = (axes.sign[1], -axes.sign[2])
      letters = ("A", "P", "H")
      (patientAxis, coordinate) = (0, "x")
    }
    let areas = Self.areas(of: mask, along: through)
    let largest = areas.max() ?? 0
    let equals = areas.indices.filter { areas[$0] == largest }
    slice = equals[equals.count / 2]
  }

  /// The voxel in the middle of the region's box, on this plane.
  func voxel(at extent: RegionExtent) -> SIMD3<Int> {
    var voxel = (extent.lower &+ extent.upper) / 2
    voxel[through] = slice
    return voxel
  }

  /// Continuous index, across and down, of the middle of a square field of view in mm: the grid's own middle where it
  /// fits, otherwise the region's, moved so that the field of view does not leave the grid.
  func centre(_ extent: RegionExtent, _ grid: Geometry, fieldOfView: Double) -> (across: Double, down: Double) {
    func along(_ axis: Int) -> Double {
      let half = fieldOfView / grid.spacing[axis] / 2
      let middle = Double(grid.size[axis] - 1) / 2
      guard Double(grid.size[axis]) > 2 * half else { return middle }
      return min(max(extent.middle(axis), half - 0.5), Double(grid.size[axis]) - 0.5 - half)
    }
    return (along(across), along(down))
  }

  /// Voxels of the mask in each slice across an axis.
  private static func areas(of mask: Mask, along axis: Int) -> [Int] {
    let size = mask.geometry.size
    var areas = [Int](repeating: 0, count: size[axis])
    mask.voxels.withUnsafeBufferPointer { voxels in
      var offset = 0
      for z in 0..<size.z {
        for y in 0..<size.y {
          for x in 0..<size.x {
            if voxels[offset] != 0 { areas[axis == 0 ? x : axis == 1 ? y : z] += 1 }
            offset += 1
          }
        }
      }
    }
    return areas
  }
}
