/// Interpolates planes of constant z, one after the other, in the cheapest order: x, then y, then z.
///
/// Each input slice is brought to the output's rows and columns once; an output plane is then a sum of four of them.
struct SeparableSpline {
  private let spline: SplineInterpolation
  private let width: Int
  private let height: Int
  /// In-plane interpolated slices: slot s holds input slice `slots[s]`.
  private var planes: [UnsafeMutablePointer<Double>]
  private var slots: [Int32]
  private let rows: UnsafeMutablePointer<Double>
  private let inputRows: Int

  init(_ spline: SplineInterpolation) {
    self.spline = spline
    width = spline.x.count
    height = spline.y.count
    inputRows = spline.coefficients.size.y
    let plane = spline.x.count * spline.y.count
    planes = (0..<4).map { _ in .allocate(capacity: plane) }
    slots = [-1, -1, -1, -1]
    rows = .allocate(capacity: spline.x.count * spline.coefficients.size.y)
  }

  func deallocate() {
    for plane in planes { plane.deallocate() }
    rows.deallocate()
  }

  /// Interpolates output plane k; `body` receives each of its rows.
  mutating func plane(
    _ k: Int, _ base: UnsafePointer<Double>, row: UnsafeMutablePointer<Double>,
    _ body: (Int, UnsafeMutablePointer<Double>) -> Void
  ) {
    let taps = spline.z[k]
    for c in 0..<4 where slots[slot(of: taps.index[c])] != taps.index[c] {
      fill(slot: slot(of: taps.index[c]), slice: taps.index[c], base)
    }
    let w = taps.weight
    let p0 = planes[slot(of: taps.index[0])]
    let p1 = planes[slot(of: taps.index[1])]
    let p2 = planes[slot(of: taps.index[2])]
    let p3 = planes[slot(of: taps.index[3])]
    let (w0, w1, w2, w3) = (w[0], w[1], w[2], w[3])
    for j in 0..<height {
      let o = j &* width
      for i in 0..<width {
        row[i] = w0 * p0[o &+ i] + w1 * p1[o &+ i] + w2 * p2[o &+ i] + w3 * p3[o &+ i]
      }
      body(j, row)
    }
  }

  /// Four neighbouring slices, mirrored or not, never share a slot: their indices differ by less than four or are equal.
  private func slot(of slice: Int32) -> Int { Int(slice & 3) }

  private mutating func fill(slot: Int, slice: Int32, _ base: UnsafePointer<Double>) {
    slots[slot] = slice
    let source = base + Int(slice) &* spline.coefficients.sliceStride
    spline.x.withUnsafeBufferPointer { taps in
      for r in 0..<inputRows {
        let line = source + r &* spline.coefficients.rowStride
        let target = rows + r &* width
        for i in 0..<width {
          let t = taps[i]
          target[i] =
            t.weight[0] * line[Int(t.index[0])] + t.weight[1] * line[Int(t.index[1])]
            + t.weight[2] * line[Int(t.index[2])] + t.weight[3] * line[Int(t.index[3])]
        }
      }
    }
    let plane = planes[slot]
    for j in 0..<height {
      let t = spline.y[j]
      let (w0, w1, w2, w3) = (t.weight[0], t.weight[1], t.weight[2], t.weight[3])
      let r0 = rows + Int(t.index[0]) &* width
      let r1 = rows + Int(t.index[1]) &* width
      let r2 = rows + Int(t.index[2]) &* width
      let r3 = rows + Int(t.index[3]) &* width
      let target = plane + j &* width
      for i in 0..<width { target[i] = w0 * r0[i] + w1 * r1[i] + w2 * r2[i] + w3 * r3[i] }
    }
  }
}
