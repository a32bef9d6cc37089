/// One sub-band of a wavelet decomposition: the filter applied along each axis, nil where the axis is not transformed.
package struct Subband: Sendable, Hashable, CustomStringConvertible {
  package enum Filter: Character, Sendable, CaseIterable {
    /// Approximation.
    case low = "L"
    /// Detail.
    case high = "H"
  }

  package var x: Filter?
  package var y: Filter?
  package var z: Filter?

  package init(x: Filter?, y: Filter?, z: Filter?) {
    self.x = x
    self.y = y
    self.z = z
  }

  /// PyRadiomics' name: the letters along x, y, z, for example `LLH`.
  package var description: String { String([x, y, z].compactMap { $0?.rawValue }) }

  /// The sub-bands of one level in PyRadiomics' order: all details, then the approximation.
  ///
  /// - Parameter skipping: axis (0 x, 1 y, 2 z) that is not transformed, for extraction in two dimensions.
  package static func all(skipping: Int? = nil) -> [Subband] {
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
