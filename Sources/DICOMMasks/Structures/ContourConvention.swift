internal import DICOM

/// How a region's contours lie relative to the centres of voxels.
///
/// Programs that make contours of voxels (rt-utils and what is built on it, all through OpenCV) trace the outline
/// through the centres of the outermost voxels, of a hole through the centres of the voxels around it. Every point of
/// such a contour is a centre, which does not happen by chance in a drawing. The region is judged as a whole: one
/// wrote it, and one small contour that happens to lie on centres is not evidence.
struct ContourConvention {
  /// In pixels: a point this close to a centre, in columns and in rows, is that centre.
  static let tolerance = 1e-3
  /// In pixels: a region whose points are all this close to centres, but not close enough to be centres, is noted.
  static let nearness = 0.05

  enum Kind {
    /// More than half of the contours run entirely through centres.
    case throughCentres
    /// More than half run entirely near centres.
    case nearCentres
    case free
  }

  let kind: Kind
  /// How many of the contours run entirely through (or near) centres.
  let count: Int

  /// - Parameter lines: all contours of a region that enclose something.
  init(_ lines: [ContourLine]) {
    func wholly(_ tolerance: Double) -> Int {
      lines.reduce(0) { $0 + (Self.liesOnCentres($1, tolerance) ? 1 : 0) }
    }
    let on = wholly(Self.tolerance)
    if 2 * on > lines.count {
      (kind, count) = (.throughCentres, on)
      return
    }
    let near = wholly(Self.nearness)
    (kind, count) = 2 * near > lines.count ? (.nearCentres, near) : (.free, 0)
  }

  /// Moves points at centres exactly onto the centres. Other points stay unchanged.
  func settle(_ line: inout ContourLine) {
    guard kind == .throughCentres else { return }
    line.isThroughCentres = Self.liesOnCentres(line, Self.tolerance)
    for i in 0..<line.count {
      let (column, row) = (line.x[i].rounded(), line.y[i].rounded())
      if abs(line.x[i] - column) <= Self.tolerance, abs(line.y[i] - row) <= Self.tolerance {
        line.x[i] = column
        line.y[i] = row
      }
    }
  }

  static func liesOnCentres(_ line: ContourLine, _ tolerance: Double) -> Bool {
    for i in 0..<line.count
    where abs(line.x[i] - line.x[i].rounded()) > tolerance || abs(line.y[i] - line.y[i].rounded()) > tolerance {
      return false
    }
    return line.count > 0
  }
}
