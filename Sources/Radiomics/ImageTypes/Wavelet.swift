/// The two analysis filters of a discrete wavelet, in PyWavelets' order (`dec_lo`, `dec_hi`).
public struct Wavelet: Sendable, Equatable {
  /// PyWavelets' name, for example `coif1`.
  public let name: String
  /// Approximation (L) filter; an even number of taps.
  public let low: [Double]
  /// Detail (H) filter, as long as `low`.
  public let high: [Double]

  /// An orthogonal wavelet, whose detail filter is the approximation filter reversed with alternating signs.
  init(orthogonal name: String, _ low: [Double]) {
    self.name = name
    self.low = low
    high = low.indices.map { k in k % 2 == 0 ? -low[low.count - 1 - k] : low[low.count - 1 - k] }
  }

  init(_ name: String, low: [Double], high: [Double]) {
    self.name = name
    self.low = low
    self.high = high
  }

  /// PyRadiomics' default.
  public static let coif1 = Wavelet(
    orthogonal: "coif1",
    [
      -0.015655728135791993, -0.07273261951252645, 0.3848648468648578, 0.8525720202116004, 0.3378976624574818,
      -0.07273261951252645,
    ])
}

/// One sub-band of a wavelet decomposition: the filter applied along each axis, nil where the axis is left as it is.
public struct Subband: Sendable, Hashable, CustomStringConvertible {
  public enum Filter: Character, Sendable, CaseIterable {
    case low = "L"
    case high = "H"
  }

  public var x: Filter?
  public var y: Filter?
  public var z: Filter?

  public init(x: Filter?, y: Filter?, z: Filter?) {
    self.x = x
    self.y = y
    self.z = z
  }

  /// PyRadiomics' name: the letters along x, y, z, for example `LLH`.
  public var description: String { String([x, y, z].compactMap { $0?.rawValue }) }

  /// The sub-bands of one level in PyRadiomics' order: all details, then the approximation.
  ///
  /// - Parameter skipping: axis (0 x, 1 y, 2 z) that is not transformed, for extraction in two dimensions.
  public static func all(skipping: Int? = nil) -> [Subband] {
    func choices(_ axis: Int) -> [Filter?] { axis == skipping ? [nil] : [.low, .high] }
    var bands: [Subband] = []
    for x in choices(0) {
      for y in choices(1) {
        for z in choices(2) { bands.append(Subband(x: x, y: y, z: z)) }
      }
    }
    return Array(bands.dropFirst()) + [bands[0]]
  }
}
