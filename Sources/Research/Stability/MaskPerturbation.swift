internal import Imaging

/// A change of a region like a second reader's contour.
package enum MaskPerturbation: Sendable, Hashable, CustomStringConvertible {
  /// The unchanged region.
  case none
  /// Voxels with an outside neighbour within their slice are removed; 4 neighbours.
  case erode
  /// Voxels with an inside neighbour within their slice are added; 4 neighbours.
  case dilate
  /// Moved by whole voxels.
  case shift(x: Int, y: Int, z: Int)
  /// The outline redrawn along supervoxels of the image; the number seeds the draw (Zwanenburg et al. 2019, Scientific
  /// Reports 9:614, contour randomisation).
  case contour(Int)

  package var description: String {
    switch self {
    case .none: "original"
    case .erode: "erode"
    case .dilate: "dilate"
    case .shift(let x, let y, let z): "shift(\(x),\(y),\(z))"
    case .contour(let number): "contour\(number)"
    }
  }

  /// The unchanged region, and each change once: erosion, dilation, shifts by one voxel within the slice and, on
  /// request, across slices, and the given number of random contours.
  package static func standard(contours: Int, acrossSlices: Bool) -> [MaskPerturbation] {
    var list: [MaskPerturbation] = [.none, .erode, .dilate]
    list += [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0)].map { .shift(x: $0.0, y: $0.1, z: $0.2) }
    if acrossSlices { list += [.shift(x: 0, y: 0, z: 1), .shift(x: 0, y: 0, z: -1)] }
    return list + (0..<contours).map { .contour($0 + 1) }
  }
}

extension Mask {
  /// Each voxel decided by itself and its four neighbours in the slice.
  func morphed(_ decide: (_ own: Bool, _ neighbours: Int) -> Bool) -> Mask {
    let (nx, ny, nz) = (geometry.size.x, geometry.size.y, geometry.size.z)
    var out = self
    for z in 0..<nz {
      for y in 0..<ny {
        for x in 0..<nx {
          let at = x + nx * (y + ny * z)
          var inside = 0
          if x > 0 { inside += Int(voxels[at - 1]) }
          if x + 1 < nx { inside += Int(voxels[at + 1]) }
          if y > 0 { inside += Int(voxels[at - nx]) }
          if y + 1 < ny { inside += Int(voxels[at + nx]) }
          out.voxels[at] = decide(voxels[at] != 0, inside) ? 1 : 0
        }
      }
    }
    return out
  }

  /// Moved by whole voxels; voxels outside the grid are lost.
  func shifted(x dx: Int, y dy: Int, z dz: Int) -> Mask {
    let (nx, ny, nz) = (geometry.size.x, geometry.size.y, geometry.size.z)
    var out = self
    out.voxels = [UInt8](repeating: 0, count: voxels.count)
    for z in max(0, dz)..<max(max(0, dz), min(nz, nz + dz)) {
      for y in max(0, dy)..<max(max(0, dy), min(ny, ny + dy)) {
        for x in max(0, dx)..<max(max(0, dx), min(nx, nx + dx)) {
          out.voxels[x + nx * (y + ny * z)] = voxels[(x - dx) + nx * ((y - dy) + ny * (z - dz))]
        }
      }
    }
    return out
  }
}
