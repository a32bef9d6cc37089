internal import DICOM

/// A closed line on one slice, in continuous voxel indices: (i, j) is the centre of column i, row j.
struct ContourLine {
  /// A centre this close to a line, in pixels, lies on it. Far above the noise of decimal strings, far below any
  /// intended distance: no reference mask made by other programs has a centre in between that lies on the other side.
  static let tie = 1e-5

  var slice = 0
  var x: [Double]
  var y: [Double]
  /// CLOSEDPLANAR_XOR.
  var isXOR = false
  /// The line runs through the centres of the outermost voxels, and all its points are whole numbers.
  var isThroughCentres = false

  var count: Int { x.count }

  /// Index of the point after point i.
  func next(_ i: Int) -> Int { i + 1 == x.count ? 0 : i + 1 }

  /// Least and greatest column and row.
  var bounds: ContourBounds {
    ContourBounds(
      left: x.min() ?? 0, right: x.max() ?? 0, top: y.min() ?? 0, bottom: y.max() ?? 0)
  }

  /// Twice the area, positive where the line runs from columns to rows.
  var doubledArea: Double {
    var sum = 0.0
    for i in 0..<count {
      let j = next(i)
      sum += (x[i] - x[0]) * (y[j] - y[0]) - (x[j] - x[0]) * (y[i] - y[0])
    }
    return sum
  }
}

struct ContourBounds {
  var left: Double
  var right: Double
  var top: Double
  var bottom: Double

  func meets(_ other: ContourBounds) -> Bool {
    left <= other.right && other.left <= right && top <= other.bottom && other.top <= bottom
  }
}
