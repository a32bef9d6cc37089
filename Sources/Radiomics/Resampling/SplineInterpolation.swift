internal import Imaging

/// Evaluates a cubic B-spline at the voxels of a grid whose axes are those of the coefficients.
///
/// ITK adds 64 products a voxel, x fastest. `exactRow` does the same sums in the same order. `separableRows` interpolates
/// along z, y and x in turn, a tenth of the work, which differs in the last bits.
struct SplineInterpolation: @unchecked Sendable {
  let coefficients: SplineCoefficients
  /// Taps along x, y and z; indices count from the first coefficient held. Those of positions outside are meaningless.
  let x: [CubicBSpline.Taps]
  let y: [CubicBSpline.Taps]
  let z: [CubicBSpline.Taps]

  /// The sum of 64 products at one voxel, in ITK's order.
  func exact(_ base: UnsafePointer<Double>, _ i: Int, _ j: Int, _ k: Int) -> Double {
    Self.exact(base, coefficients.rowStride, coefficients.sliceStride, x[i], y[j], z[k])
  }

  @inline(__always)
  static func exact(
    _ base: UnsafePointer<Double>, _ rowStride: Int, _ sliceStride: Int, _ tx: CubicBSpline.Taps,
    _ ty: CubicBSpline.Taps, _ tz: CubicBSpline.Taps
  ) -> Double {
    var sum = 0.0
    for c in 0..<4 {
      let slice = base + Int(tz.index[c]) &* sliceStride
      for b in 0..<4 {
        let row = slice + Int(ty.index[b]) &* rowStride
        for a in 0..<4 {
          sum += tx.weight[a] * ty.weight[b] * tz.weight[c] * row[Int(tx.index[a])]
        }
      }
    }
    return sum
  }
}

/// Interpolates planes of constant z, one after the other, in the order of cheap steps: x, then y, then z.
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

  /// Interpolates output plane k; `body` gets each of its rows.
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

/// Interpolates planes of constant z with ITK's sums: for each voxel 64 products added one by one, x fastest. Voxels of
/// a row are computed side by side.
struct ExactSpline {
  private let spline: SplineInterpolation
  private let width: Int
  private let height: Int
  /// Products of the weights along x and y: `[4 b + a][i]` for the current row.
  private let weights: UnsafeMutablePointer<Double>
  /// Coefficients of 16 rows under the taps along x: `[16 c + 4 b + a][i]`.
  private let gathered: UnsafeMutablePointer<Double>
  private var gatheredRows: SIMD4<Int32> = .init(repeating: -1)
  private var gatheredSlices: SIMD4<Int32> = .init(repeating: -1)

  init(_ spline: SplineInterpolation) {
    self.spline = spline
    width = spline.x.count
    height = spline.y.count
    weights = .allocate(capacity: 16 * spline.x.count)
    gathered = .allocate(capacity: 64 * spline.x.count)
  }

  func deallocate() {
    weights.deallocate()
    gathered.deallocate()
  }

  /// Interpolates output row (j, k) into `row`.
  mutating func row(_ j: Int, _ k: Int, _ base: UnsafePointer<Double>, _ row: UnsafeMutablePointer<Double>) {
    let ty = spline.y[j]
    let tz = spline.z[k]
    gather(ty.index, tz.index, base)
    spline.x.withUnsafeBufferPointer { taps in
      for b in 0..<4 {
        let wy = ty.weight[b]
        for a in 0..<4 {
          let target = weights + (4 &* b &+ a) &* width
          for i in 0..<width { target[i] = taps[i].weight[a] * wy }
        }
      }
    }
    row.update(repeating: 0, count: width)
    for c in 0..<4 {
      let wz = tz.weight[c]
      for b in 0..<4 {
        let w = weights + 4 &* b &* width
        let g = gathered + (16 &* c &+ 4 &* b) &* width
        let (wa, wb, wc, wd) = (w, w + width, w + 2 &* width, w + 3 &* width)
        let (ga, gb, gc, gd) = (g, g + width, g + 2 &* width, g + 3 &* width)
        for i in 0..<width {
          var sum = row[i]
          sum += wa[i] * wz * ga[i]
          sum += wb[i] * wz * gb[i]
          sum += wc[i] * wz * gc[i]
          sum += wd[i] * wz * gd[i]
          row[i] = sum
        }
      }
    }
  }

  private mutating func gather(_ rows: SIMD4<Int32>, _ slices: SIMD4<Int32>, _ base: UnsafePointer<Double>) {
    guard rows != gatheredRows || slices != gatheredSlices else { return }
    gatheredRows = rows
    gatheredSlices = slices
    spline.x.withUnsafeBufferPointer { taps in
      for c in 0..<4 {
        for b in 0..<4 {
          let line =
            base + Int(slices[c]) &* spline.coefficients.sliceStride + Int(rows[b]) &* spline.coefficients.rowStride
          for a in 0..<4 {
            let target = gathered + (16 &* c &+ 4 &* b &+ a) &* width
            for i in 0..<width { target[i] = line[Int(taps[i].index[a])] }
          }
        }
      }
    }
  }
}
