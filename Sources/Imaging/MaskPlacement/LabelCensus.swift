/// The number of voxels of each value except 0, and how the values lie: labels in runs, the values of an image mixed.
struct LabelCensus {
  private(set) var counts: [Int: Int] = [:]
  /// Whether every value was counted; false where there were too many.
  private(set) var isWhole = true
  /// Pairs of neighbours along x, both not 0, that differ and that are equal.
  private var differing = 0
  private var same = 0

  /// Many values, where most voxels differ from their neighbour.
  var looksLikeImage: Bool { !isWhole || counts.count > LabelMap.fewLabels && differing > same }

  init<T: FixedWidthInteger>(_ voxels: [T]) {
    voxels.withUnsafeBufferPointer { buffer in
      var start = 0
      var before: T = 0
      while start < buffer.count {
        // Labels come in runs.
        let value = buffer[start]
        var end = start + 1
        // Whole blocks at a time, which the compiler vectorises: most of a mask is outside.
        while end + 64 <= buffer.count {
          var differ: T = 0
          for i in end..<end &+ 64 { differ |= buffer[i] ^ value }
          if differ != 0 { break }
          end &+= 64
        }
        while end < buffer.count, buffer[end] == value { end &+= 1 }
        if value != 0 {
          counts[Int(value), default: 0] += end - start
          same &+= end - start - 1
          if before != 0 { differing &+= 1 }
          if counts.count > LabelMap.mostLabels {
            isWhole = false
            return
          }
        }
        before = value
        start = end
      }
    }
  }
}
