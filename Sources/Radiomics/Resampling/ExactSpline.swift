internal import CKernels
internal import Imaging

/// Interpolates rows along x with ITK's sums: for each voxel 64 products added one by one, x fastest. Voxels of a row are
/// computed side by side. Rows of the same y should follow one another: they share coefficients.
struct ExactSpline {
  private let spline: SplineInterpolation
  private let width: Int
  /// Elements of a row: whole blocks of 16, zeros after the voxels.
  let pitch: Int
  /// Weights along x: `[a][i]`.
  private let alongX: UnsafeMutablePointer<Double>
  /// Products of the weights along x and y: `[4 b + a][i]` for the current row.
  private let weights: UnsafeMutablePointer<Double>
  private var weightsRow = -1
  /// Coefficients of 4 slices under the taps along x: `[16 slot + 4 b + a][i]`.
  private let gathered: UnsafeMutablePointer<Double>
  /// The slice that each slot holds, of rows `gatheredRows`.
  private var slots = SIMD4<Int32>(repeating: -1)
  private var gatheredRows = SIMD4<Int32>(repeating: -1)

  init(_ spline: SplineInterpolation) {
    self.spline = spline
    width = spline.x.count
    pitch = (width + 15) & ~15
    alongX = .allocate(capacity: 4 * pitch)
    weights = .allocate(capacity: 16 * pitch)
    gathered = .allocate(capacity: 64 * pitch)
    alongX.initialize(repeating: 0, count: 4 * pitch)
    weights.initialize(repeating: 0, count: 16 * pitch)
    gathered.initialize(repeating: 0, count: 64 * pitch)
    for a in 0..<4 {
      for i in 0..<width { alongX[a * pitch + i] = spline.x[i].weight[a] }
    }
  }

  func deallocate() {
    alongX.deallocate()
    weights.deallocate()
    gathered.deallocate()
  }

  /// Interpolates output row (j, k) into `row`, which has `pitch` elements.
  mutating func row(_ j: Int, _ k: Int, _ base: UnsafePointer<Double>, _ row: UnsafeMutablePointer<Double>) {
    let tz = spline.z[k]
    prepare(j)
    gather(spline.y[j].index, tz.index, base)
    withUnsafeTemporaryAllocation(of: UnsafePointer<Double>.self, capacity: 4) { slices in
      for c in 0..<4 { slices[c] = UnsafePointer(gathered + 16 &* Int(tz.index[c] & 3) &* pitch) }
      withUnsafeBytes(of: tz.weight) { weightZ in
        Kernels.current.spline_row(
          weights, slices.baseAddress!, weightZ.baseAddress!.assumingMemoryBound(to: Double.self), pitch, row)
      }
    }
  }

  private mutating func prepare(_ j: Int) {
    guard j != weightsRow else { return }
    weightsRow = j
    for b in 0..<4 {
      let wy = spline.y[j].weight[b]
      for a in 0..<4 {
        let target = weights + (4 &* b &+ a) &* pitch
        let source = alongX + a &* pitch
        for i in 0..<width { target[i] = source[i] * wy }
      }
    }
  }

  private mutating func gather(_ rows: SIMD4<Int32>, _ slices: SIMD4<Int32>, _ base: UnsafePointer<Double>) {
    if rows != gatheredRows {
      slots = SIMD4(repeating: -1)
      gatheredRows = rows
    }
    for c in 0..<4 {
      // Neighbouring slices, mirrored or not, never share a slot.
      let slot = Int(slices[c] & 3)
      guard slots[slot] != slices[c] else { continue }
      slots[slot] = slices[c]
      spline.x.withUnsafeBufferPointer { taps in
        for b in 0..<4 {
          let line =
            base + Int(slices[c]) &* spline.coefficients.sliceStride + Int(rows[b]) &* spline.coefficients.rowStride
          let target = gathered + (16 &* slot &+ 4 &* b) &* pitch
          for i in 0..<width {
            let index = taps[i].index
            target[i] = line[Int(index[0])]
            target[i &+ pitch] = line[Int(index[1])]
            target[i &+ 2 &* pitch] = line[Int(index[2])]
            target[i &+ 3 &* pitch] = line[Int(index[3])]
          }
        }
      }
    }
  }
}
