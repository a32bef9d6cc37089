package import Imaging

extension Volume {
  /// Calls `body` with PyRadiomics' wavelet images one after the other, in its order and with its names
  /// (`imageoperations.getWaveletImage`): the details of every level, then the last approximation. At most two images
  /// exist at once.
  ///
  /// - Parameters:
  ///   - levels: PyRadiomics' `level`, the number of levels that give images.
  ///   - startLevel: PyRadiomics' `start_level`, the number of levels skipped before the first.
  ///   - skipping: axis (0 x, 1 y, 2 z) that is not transformed, for extraction in two dimensions.
  ///   - box: the requested part of each image.
  ///   - threads: number of threads; the result is the same for any number.
  ///   - body: receives the image type's name, for example `wavelet-LLH` or `wavelet2-LLH`, and the image of the box.
  package func forEachSubband(
    of wavelet: Wavelet = .coif1, levels: Int = 1, startLevel: Int = 0, skipping: Int? = nil, box: BoundingBox? = nil,
    threads: Int = 1, _ body: (_ name: String, _ image: Volume) throws -> Void
  ) rethrows {
    let box = box ?? BoundingBox(lower: SIMD3(0, 0, 0), size: geometry.size)
    let bands = Subband.all(skipping: skipping)
    var image = self
    for _ in 0..<startLevel { image = image.waveletApproximation(of: wavelet, skipping: skipping, threads: threads) }
    for level in 1...max(levels, 1) {
      let prefix = level == 1 ? "wavelet-" : "wavelet\(level)-"
      var done = 0
      while done < bands.count {
        let first = bands[done]
        let isLast = done == bands.count - 1
        if isLast && level < levels { break }
        // Adjacent sub-bands in the order that differ only along z share the work along x and y.
        let pair =
          !isLast && first.x == bands[done + 1].x && first.y == bands[done + 1].y && first.z != bands[done + 1].z
        let group = pair ? [first, bands[done + 1]] : [first]
        for (band, result) in zip(group, image.subbands(group, of: wavelet, box: box, threads: threads)) {
          try body(prefix + band.description, result)
        }
        done += group.count
      }
      if level < levels {
        image = image.waveletApproximation(of: wavelet, skipping: skipping, threads: threads)
      }
    }
  }
}
