internal import DICOM
import Errors
import Imaging

/// A mask that is assembled from frames at their positions. Bit 0 of a voxel: inside; bit 1: counted as overlap;
/// bit 2, until `settle`: a frame has covered it.
struct SegmentStamp {
  private(set) var voxels: [UInt8]
  private let size: SIMD3<Int>
  private var matches: [GridMatch] = []
  private var slices: Set<Int> = []
  /// The axis of the grid that the frames are stacked along.
  private var normal: Int?

  init(_ grid: Geometry) {
    size = grid.size
    voxels = [UInt8](repeating: 0, count: grid.count)
  }

  mutating func add(_ inside: [UInt8], _ match: GridMatch, _ frame: Geometry) {
    visit(inside, match, frame) { voxel, _ in voxel |= 1 }
    matches.append(match)
    if match.axes.z == 2 { slices.insert(match.start.z) }
  }

  /// Records the voxels of a frame, inside or not.
  ///
  /// - Returns: false where an earlier frame of the same plane differs.
  mutating func agrees(_ inside: [UInt8], _ match: GridMatch, _ frame: Geometry) -> Bool {
    if normal == nil { normal = match.axes.z }
    guard match.axes.z == normal else { return true }
    var agrees = true
    visit(nil, match, frame) { voxel, offset in
      let value = inside[offset]
      if voxel & 4 != 0, voxel & 1 != value { agrees = false }
      voxel |= 4 | value
    }
    return agrees
  }

  /// Clears which voxels were covered, when all frames of the segment have been read.
  mutating func settle() {
    for i in voxels.indices { voxels[i] &= 1 }
  }

  /// Whether a frame of another segment can overlap the mask.
  func mayHold(_ match: GridMatch) -> Bool { match.axes.z != 2 || slices.contains(match.start.z) }

  /// Voxels of the mask that a frame contains too and that were not counted before.
  mutating func overlap(_ inside: [UInt8], _ match: GridMatch, _ frame: Geometry) -> Int {
    var count = 0
    visit(inside, match, frame) { voxel, _ in
      if voxel == 1 {
        voxel = 3
        count &+= 1
      }
    }
    return count
  }

  /// Calls `body` with the voxel and the offset of each pixel of a frame that is inside, or of all where `inside` is
  /// nil.
  private mutating func visit(
    _ inside: [UInt8]?, _ match: GridMatch, _ frame: Geometry, _ body: (inout UInt8, Int) -> Void
  ) {
    let strides = SIMD3(1, size.x, size.x * size.y)
    let start = (0..<3).reduce(0) { $0 + match.start[$1] * strides[$1] }
    let stepX = match.steps.x * strides[match.axes.x]
    let stepY = match.steps.y * strides[match.axes.y]
    // GridMatch has checked that all corners of the frame lie within the grid.
    voxels.withUnsafeMutableBufferPointer { voxels in
      for y in 0..<frame.size.y {
        for x in 0..<frame.size.x {
          let offset = y * frame.size.x + x
          if let inside, inside[offset] == 0 { continue }
          body(&voxels[start + y * stepY + x * stepX], offset)
        }
      }
    }
  }

  /// The worst of the frames' geometry, once, and omitted slices.
  var notes: [Note] {
    var notes: [Note] = []
    let worst = matches.max { $0.distance < $1.distance }
    let odd = matches.first { $0.notes.contains { $0.code == "GEOM_REORDERED" } }
    // A frame always has fewer slices than the image: that is not a sub-grid.
    notes += (worst?.notes ?? []).filter { $0.code == "GEOM_ROUNDED" }
    notes += (odd?.notes ?? []).filter { $0.code == "GEOM_REORDERED" }
    if let low = slices.min(), let high = slices.max(), slices.count < high - low + 1 {
      notes.append(
        Note(
          code: "SEGMENT_GAP",
          message:
            "\(high - low + 1 - slices.count) slice(s) between the first and the last hold nothing of the segment"))
    }
    return notes
  }
}
