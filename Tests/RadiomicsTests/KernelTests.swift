import CKernels
import Testing

/// Kernels for AVX2 against those for every processor: each bit must agree.
@Suite(.enabled(if: ckernels_for(CKERNELS_AVX2) != nil, "this processor has no AVX2"))
struct KernelTests {
  private let both = [
    ckernels_for(CKERNELS_BASELINE)!.pointee, (ckernels_for(CKERNELS_AVX2) ?? ckernels_best()).pointee,
  ]

  private struct Random {
    var state: UInt64 = 11

    mutating func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
  }

  /// A padded grid of levels with rows of any length, and its rows.
  private func grid(levels: Int) -> (size: SIMD3<Int>, levels: [UInt16], spans: [ckernels_span]) {
    var random = Random()
    let size = SIMD3(45, 14, 9)
    var grid = [UInt16](repeating: 0, count: size.x * size.y * size.z + 16)
    var spans: [ckernels_span] = []
    for z in 1..<size.z - 1 {
      for y in 1..<size.y - 1 {
        let first = 1 + random.next(8)
        let length = 1 + random.next(size.x - 2 - first)
        let start = first + size.x * (y + size.y * z)
        spans.append(ckernels_span(padded: start, length: length))
        for x in start..<start + length { grid[x] = UInt16(1 + random.next(levels)) }
      }
    }
    return (size, grid, spans)
  }

  @Test("Both kernels count the same runs", arguments: [2, 12, 200, 400])
  func runKernelsAgree(_ levels: Int) {
    let (size, grid, spans) = grid(levels: levels)
    let width = levels + 1
    let entries = (width + size.x + 1) * width
    for step in [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(-1, 1, 0), SIMD3(0, 0, 1), SIMD3(1, -1, 1), SIMD3(-1, -1, 1)] {
      for tables in [2, 4] {
        let counts = both.map { kernels -> [UInt32] in
          var table = [UInt32](repeating: 0, count: tables * entries)
          let plane = size.x * size.y
          var lengths = [UInt16](repeating: 0, count: 2 * (plane + 16))
          var keys = [UInt16](repeating: 0, count: size.x + 16)
          let inPlane = step.x + size.x * step.y
          kernels.count_runs(
            spans, spans.count, grid, inPlane + plane * step.z, inPlane, step.z, plane, UInt32(width), &lengths,
            plane + 16, &keys, &table, entries, tables)
          return (0..<entries).map { k in (0..<tables).reduce(0) { $0 + table[$1 * entries + k] } }
        }
        #expect(counts[0] == counts[1])
        #expect(counts[0].reduce(0, +) == UInt32(spans.reduce(0) { $0 + $1.length }))
      }
    }
  }

  @Test("Both kernels find the same equal neighbours and zones", arguments: [2, 12, 3000])
  func neighbourAndZoneKernelsAgree(_ levels: Int) {
    let (size, grid, spans) = grid(levels: levels)
    let plane = size.x * size.y
    let earlier = [-1, -size.x, 1 - size.x, -plane, -plane - 1, 1 - plane]
    let offsets = earlier + earlier.map { -$0 }
    // Every equal neighbour is joined: that is more than is needed, and the same zones.
    let needed = (0..<1 << earlier.count).map { UInt16($0) }
    let voxels = spans.reduce(0) { $0 + $1.length }
    let sizes = offsets.count + 1
    let entries = (levels + 1) * sizes
    let results = both.map { kernels -> ([UInt32], [[Int]]) in
      var table = [UInt32](repeating: 0, count: 4 * entries)
      var keys = [UInt16](repeating: 0, count: size.x + 16)
      kernels.count_equal(
        spans, spans.count, grid, offsets, offsets.count, UInt32(sizes), &keys, &table, entries, 4)
      var node = [Int32](repeating: 0, count: grid.count)
      var parent = [Int32](repeating: 0, count: voxels)
      var size = parent
      var level = [UInt16](repeating: 0, count: voxels)
      let nodes = Int(
        kernels.link_zones(
          spans, spans.count, grid, earlier, earlier.count, needed, &keys, &node, &parent, &size, &level))
      let zones = (0..<nodes).filter { parent[$0] == $0 }.map { [Int(level[$0]), Int(size[$0])] }
      return ((0..<entries).map { k in (0..<4).reduce(0) { $0 + table[$1 * entries + k] } }, zones)
    }
    #expect(results[0].0 == results[1].0)
    #expect(results[0].1 == results[1].1)
    #expect(results[0].1.reduce(0) { $0 + $1[1] } == voxels)
  }

  @Test("Both kernels read the same values and levels", arguments: [1, 7, 8, 9, 1000, 10007])
  func valueAndLevelKernelsAgree(_ count: Int) {
    var random = Random()
    let values = (0..<count).map { _ in Double(random.next(2_000_000) - 1_000_000) / 977 }
    let edges = (0...90).map { -1024 + 25 * Double($0) }
    let shorts = values.map { Int16($0) }
    let results = both.map { kernels -> ([UInt64], [UInt16], [UInt32], [Int64]) in
      var range = (0.0, 0.0)
      let odd = kernels.range(values, count, &range.0, &range.1)
      var levels = [UInt16](repeating: 0, count: count)
      var histogram = [UInt32](repeating: 0, count: 4 * (edges.count + 1))
      kernels.discretise(values, count, edges, edges.count, 1 / 25, &levels, &histogram)
      var sums: (Int64, Int64) = (0, 0)
      var ends: (Int16, Int16) = (0, 0)
      kernels.summarise(shorts, count, &sums.0, &sums.1, &ends.0, &ends.1)
      return (
        [odd.bitPattern, range.0.bitPattern, range.1.bitPattern], levels, histogram,
        [sums.0, sums.1, Int64(ends.0), Int64(ends.1)]
      )
    }
    #expect(results[0] == results[1])
    #expect(results[0].0 == [0, values.min()!.bitPattern, values.max()!.bitPattern])
    for (value, level) in zip(values, results[0].1) {
      #expect(value >= edges[Int(level) - 1] && value < edges[Int(level)])
    }
    #expect(results[0].3[0] == shorts.reduce(0) { $0 + Int64($1) })
    #expect(results[0].3[1] == shorts.reduce(0) { $0 + Int64($1) * Int64($1) })
  }

  @Test("Both kernels detect values that are not finite")
  func kernelsDetectNonFiniteValues() {
    for bad in [Double.nan, .infinity, -.infinity] {
      for place in [0, 5, 16] {
        var values = [Double](repeating: 1, count: 17)
        values[place] = bad
        for kernels in both {
          var range = (0.0, 0.0)
          #expect(kernels.range(values, values.count, &range.0, &range.1) != 0)
        }
      }
    }
  }

  /// Lines of any number, across and along memory, whole and in part.
  @Test("Both kernels of the recursive filters give the same bits", arguments: [1, 4, 8, 13, 16, 37])
  func recursiveFilterKernelsAgree(_ width: Int) {
    var random = Random()
    let count = 29
    let shorts = (0..<width * count).map { _ in Int16(random.next(3000) - 1000) }
    let doubles = shorts.map { Double($0) * 0.37 }
    let recursion = ckernels_recursion(
      n: (0.2, -0.1, 0.05, -0.02), d: (-1.3, 0.7, -0.2, 0.03), m: (0.16, -0.24, 0.09, -0.006),
      causal_border: (0.1, -0.2, 0.3, 0.05), anticausal_border: (0.05, -0.1, 0.02, 0.01))
    for keep in [0..<count, 3..<20, 28..<29, 0..<1] {
      let results = both.map { kernels -> [UInt32] in
        var recursion = recursion
        let lanes = kernels.lanes
        let room = ckernels_lines(
          data: .allocate(capacity: lanes * count), causal: .allocate(capacity: lanes * count),
          result: .allocate(capacity: lanes * count))
        defer {
          room.data.deallocate()
          room.causal.deallocate()
          room.result.deallocate()
        }
        var across = [Float](repeating: 0.5, count: width * keep.count)
        var along = across
        for (sink, first) in [(CKERNELS_SCALE, true), (CKERNELS_ADD_SCALED, false)] {
          for x in stride(from: 0, to: width, by: lanes) {
            let used = min(lanes, width - x)
            across.withUnsafeMutableBufferPointer { target in
              shorts.withUnsafeBufferPointer { shorts in
                doubles.withUnsafeBufferPointer { doubles in
                  kernels.filter_across(
                    first ? UnsafeRawPointer(shorts.baseAddress! + x) : UnsafeRawPointer(doubles.baseAddress! + x),
                    first ? CKERNELS_INT16 : CKERNELS_FLOAT64, width, count, used, keep.lowerBound, keep.upperBound,
                    &recursion, room, target.baseAddress! + x, width, sink, 0.731, nil, 0)
                }
              }
            }
          }
        }
        for y in stride(from: 0, to: width, by: lanes) {
          along.withUnsafeMutableBufferPointer { target in
            shorts.withUnsafeBufferPointer { shorts in
              kernels.filter_along(
                shorts.baseAddress! + y * count, CKERNELS_INT16, count, count, min(lanes, width - y), keep.lowerBound,
                keep.upperBound, &recursion, room, target.baseAddress! + y * keep.count, keep.count)
            }
          }
        }
        return (across + along).map(\.bitPattern)
      }
      #expect(results[0] == results[1])
    }
  }

  @Test("Both kernels of the spline recursions give the same bits", arguments: [8, 37, 64, 200])
  func splineKernelsAgree(_ width: Int) {
    var random = Random()
    let count = 21
    let samples = (0..<width * count).map { _ in Double(random.next(4000)) - 1024 }
    let (gain, pole) = (6.0, -0.2679491924311228)
    // Line by line, as itk::BSplineDecompositionImageFilter has it.
    let lines = (0..<width).map { i -> [Double] in
      var line = (0..<count).map { samples[$0 * width + i] * ($0 > 0 ? gain : 1) }
      for n in 1..<count { line[n] += pole * line[n - 1] }
      line[count - 1] = pole / (pole * pole - 1) * (pole * line[count - 2] + line[count - 1])
      for n in stride(from: count - 2, through: 0, by: -1) { line[n] = pole * (line[n + 1] - line[n]) }
      return line
    }
    let results = both.map { kernels -> [UInt64] in
      var values = samples
      kernels.spline_recursions(&values, count, width, width, gain, pole)
      for i in 0..<width { #expect((0..<count).map { values[$0 * width + i] } == lines[i]) }
      var columns = [Double](repeating: 0, count: 11 * 19)
      var rows = [Double](repeating: 0, count: 8 * 19)
      kernels.interleave(values, 20, 19, &columns, 11)
      kernels.deinterleave(columns, 11, 19, 7, &rows, 19)
      for i in 0..<7 {
        for n in 0..<19 { #expect(rows[i * 19 + n] == values[i * 20 + n]) }
      }
      return values.map(\.bitPattern)
    }
    #expect(results[0] == results[1])
  }
}
