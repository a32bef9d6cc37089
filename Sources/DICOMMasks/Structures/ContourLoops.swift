internal import DICOM

/// Splits a line that returns to earlier points into lines that do not: a keyhole into outline and hole,
/// a contour that is traced twice into two.
struct ContourLoops {
  private(set) var loops: [ContourLine] = []
  /// Whether the line runs out and back the same way somewhere: the bridge of a keyhole.
  private(set) var hasBridge = false

  private struct Point: Hashable {
    let x: Double
    let y: Double
  }

  init(_ line: ContourLine) {
    // Equal points are written with the same digits, or differ by rounding.
    func point(_ i: Int) -> Point { Point(x: (line.x[i] * 1e4).rounded(), y: (line.y[i] * 1e4).rounded()) }
    var path: [Int] = []
    var places: [Point: Int] = [:]
    for i in 0..<line.count {
      let place = point(i)
      if let k = places[place] {
        add(path[k...], of: line)
        for dropped in path[(k + 1)...] { places[point(dropped)] = nil }
        path.removeSubrange((k + 1)...)
      } else {
        places[place] = path.count
        path.append(i)
      }
    }
    add(path[...], of: line)
  }

  private mutating func add(_ path: ArraySlice<Int>, of line: ContourLine) {
    switch path.count {
    case 0, 1: break
    case 2: hasBridge = true
    default:
      var loop = line
      loop.x = path.map { line.x[$0] }
      loop.y = path.map { line.y[$0] }
      loops.append(loop)
    }
  }
}
