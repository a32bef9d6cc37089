internal import Imaging

/// A volume that is being resampled: rows of doubles are cast to the pixel type as in `itk::ResampleImageFilter`,
/// clamped to the type's range, the fraction of an integer type truncated (not rounded). Voxels not written are 0.
final class VoxelSink: @unchecked Sendable {
  let geometry: Geometry
  private let pixelType: PixelType
  private let low: Double
  private let high: Double
  private let storage: Storage

  private enum Storage {
    case int16(UnsafeMutablePointer<Int16>)
    case int32(UnsafeMutablePointer<Int32>)
    case float32(UnsafeMutablePointer<Float>)
    case float64(UnsafeMutablePointer<Double>)
  }

  init(_ geometry: Geometry, _ pixelType: PixelType) {
    self.geometry = geometry
    self.pixelType = pixelType
    let range = pixelType.integerRange ?? 0...0
    low = range.lowerBound
    high = range.upperBound
    switch pixelType {
    case .uint8, .int8, .int16: storage = .int16(Self.zeros(geometry.count))
    case .uint16, .int32: storage = .int32(Self.zeros(geometry.count))
    case .float32: storage = .float32(Self.zeros(geometry.count))
    case .uint32, .float64: storage = .float64(Self.zeros(geometry.count))
    }
  }

  deinit {
    switch storage {
    case .int16(let p): p.deallocate()
    case .int32(let p): p.deallocate()
    case .float32(let p): p.deallocate()
    case .float64(let p): p.deallocate()
    }
  }

  private static func zeros<T: Numeric>(_ count: Int) -> UnsafeMutablePointer<T> {
    let pointer = UnsafeMutablePointer<T>.allocate(capacity: count)
    pointer.initialize(repeating: 0, count: count)
    return pointer
  }

  /// A volume of zeros: no position lay in the image.
  static func empty(_ geometry: Geometry, _ pixelType: PixelType) -> Volume { VoxelSink(geometry, pixelType).volume() }

  /// Writes elements `range` of a row whose first voxel is at `offset`. Several threads may write rows concurrently.
  func write(_ row: UnsafePointer<Double>, _ range: Range<Int>, at offset: Int) {
    switch storage {
    case .int16(let target):
      for i in range { target[offset &+ i] = Int16(clamped(row[i])) }
    case .int32(let target):
      for i in range { target[offset &+ i] = Int32(clamped(row[i])) }
    case .float32(let target):
      for i in range { target[offset &+ i] = Self.single(row[i]) }
    case .float64(let target):
      if pixelType.isInteger {
        for i in range { target[offset &+ i] = clamped(row[i]).rounded(.towardZero) }
      } else {
        for i in range { target[offset &+ i] = row[i] }
      }
    }
  }

  @inline(__always)
  private func clamped(_ value: Double) -> Double {
    // NaN (from a damaged float image) becomes the smallest value.
    value >= high ? high : value > low ? value : low
  }

  @inline(__always)
  private static func single(_ value: Double) -> Float {
    let limit = Float.greatestFiniteMagnitude
    return value <= -Double(limit) ? -limit : value >= Double(limit) ? limit : Float(value)
  }

  func volume() -> Volume {
    let count = geometry.count
    let voxels: Voxels
    switch storage {
    case .int16(let p): voxels = .int16(Array(UnsafeBufferPointer(start: p, count: count)))
    case .int32(let p): voxels = .int32(Array(UnsafeBufferPointer(start: p, count: count)))
    case .float32(let p): voxels = .float32(Array(UnsafeBufferPointer(start: p, count: count)))
    case .float64(let p): voxels = .float64(Array(UnsafeBufferPointer(start: p, count: count)))
    }
    return Volume(geometry: geometry, pixelType: pixelType, voxels: voxels)
  }
}
