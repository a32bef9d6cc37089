/// One slice while it is painted: HU, columns fastest, with the mm of its pixels.
struct Canvas {
  let matrix: Int
  /// Pixel spacing, mm.
  let pixel: Double
  var values: [Float]

  init(matrix: Int, pixel: Double, fill: Float) {
    self.matrix = matrix
    self.pixel = pixel
    values = [Float](repeating: fill, count: matrix * matrix)
  }

  /// Position in mm of the centre of column or row `index`; the middle of the image is 0.
  func position(_ index: Int) -> Double { (Double(index) - 0.5 * Double(matrix - 1)) * pixel }

  /// Columns or rows whose centres lie within `reach` mm of `centre`, one more on each side.
  func span(_ centre: Double, _ reach: Double) -> Range<Int> {
    let middle = centre / pixel + 0.5 * Double(matrix - 1)
    let low = max(0, min(matrix, Int((middle - reach / pixel).rounded(.down))))
    let high = max(low, min(matrix, Int((middle + reach / pixel).rounded(.up)) + 1))
    return low..<high
  }

  /// Blends `hu` into the pixels of an ellipse; edge pixels in proportion to the part that it covers.
  mutating func paint(_ ellipse: Ellipse, _ hu: Double) {
    let reach = max(ellipse.rx, ellipse.ry) + pixel
    let columns = span(ellipse.x, reach)
    let rows = span(ellipse.y, reach)
    let smallest = min(ellipse.rx, ellipse.ry)
    guard smallest > 0 else { return }
    let matrix = matrix
    let pixel = pixel
    let half = 0.5 * Double(matrix - 1)
    values.withUnsafeMutableBufferPointer { values in
      for row in rows {
        let dy = (Double(row) - half) * pixel - ellipse.y
        for column in columns {
          let dx = (Double(column) - half) * pixel - ellipse.x
          let u = (dx * ellipse.cosine + dy * ellipse.sine) / ellipse.rx
          let v = (dy * ellipse.cosine - dx * ellipse.sine) / ellipse.ry
          let distance = ((u * u + v * v).squareRoot() - 1) * smallest
          let cover = Float(max(0, min(1, 0.5 - distance / pixel)))
          let place = row &* matrix &+ column
          values[place] += (Float(hu) - values[place]) * cover
        }
      }
    }
  }
}
