import Errors
package import Imaging

extension Volume {
  /// The image at the voxels of another grid, as `SimpleITK.ResampleImageFilter` computes it: same pixel type, an integer
  /// type truncates fractions, voxels outside the image are 0.
  ///
  /// - Parameters:
  ///   - normalization: applied to every voxel first, without an image in between; the result is then float64.
  ///   - threads: number of threads; the result is the same for any number.
  /// - Throws: `geometryInvalid` where this volume's direction matrix has no inverse.
  package func resampled(
    onto grid: Geometry, interpolator: Interpolator, normalization: Normalization? = nil, threads: Int = 1
  ) throws -> Volume {
    let positions = try SamplePositions.checked(output: grid, input: geometry)
    switch interpolator {
    case .nearestNeighbour:
      return NearestResampling.resample(self, onto: grid, at: positions, normalization: normalization)
    case .linear:
      return LinearResampling.resample(
        self, onto: grid, at: positions, normalization: normalization, threads: threads)
    case .bSpline:
      return SplineResampling.resample(
        self, onto: grid, at: positions, normalization: normalization, threads: threads)
    case .gaussian, .labelGaussian, .hammingWindowedSinc, .cosineWindowedSinc, .welchWindowedSinc,
      .lanczosWindowedSinc, .blackmanWindowedSinc:
      let input = normalization.map { self.normalized(by: $0) } ?? self
      return KernelResampling.resample(
        input, onto: grid, at: positions, interpolator: interpolator, threads: threads)
    }
  }

  /// The part of the image in a box, with the origin moved to the box's first voxel.
  package func cropped(to box: BoundingBox) -> Volume {
    let grid = geometry.cropped(to: box)
    let cut: Voxels
    switch voxels {
    case .int16(let values): cut = .int16(crop(values, geometry.size, box))
    case .int32(let values): cut = .int32(crop(values, geometry.size, box))
    case .float32(let values): cut = .float32(crop(values, geometry.size, box))
    case .float64(let values): cut = .float64(crop(values, geometry.size, box))
    }
    return Volume(geometry: grid, pixelType: pixelType, voxels: cut)
  }
}

extension Mask {
  /// The mask at the voxels of another grid: each takes the nearest voxel of this mask, half-way positions round up;
  /// voxels outside are 0.
  ///
  /// - Throws: `geometryInvalid` where this mask's direction matrix has no inverse.
  package func resampled(onto grid: Geometry) throws -> Mask {
    if grid == geometry { return self }
    return NearestResampling.resample(self, onto: grid, at: try SamplePositions.checked(output: grid, input: geometry))
  }

  /// The mask at an image's voxels, where its region lies in the image (PyRadiomics `_correctMask`).
  ///
  /// - Throws: `roiOutsideImage`, `geometryInvalid`, `roiVanished`.
  package func corrected(onto image: Geometry) throws -> Mask {
    guard let box = BoundingBox(of: self) else {
      throw StudyError(.roiVanished, "the mask is empty", hint: "check the mask and the label that is chosen")
    }
    try ResamplingGrid.check(image: image, mask: geometry, box: box)
    return try resampled(onto: image)
  }

  /// The part of the mask in a box, with the origin moved to the box's first voxel.
  package func cropped(to box: BoundingBox) -> Mask {
    Mask(geometry: geometry.cropped(to: box), voxels: crop(voxels, geometry.size, box), label: label)
  }
}

extension Geometry {
  /// The grid of a box of this one's voxels (`itk::ImageBase::TransformIndexToPhysicalPoint` gives the origin).
  package func cropped(to box: BoundingBox) -> Geometry {
    Geometry(
      size: box.size, spacing: spacing, origin: IndexMatrix(self).point(voxel: box.lower), direction: direction)
  }
}

extension BoundingBox {
  /// This box with a border of `distance` voxels, as far as the grid reaches (`imageoperations.cropToTumorMask`).
  package func padded(by distance: Int, within size: SIMD3<Int>) -> BoundingBox {
    var lower = SIMD3<Int>()
    var length = SIMD3<Int>()
    for a in 0..<3 {
      lower[a] = max(self.lower[a] - distance, 0)
      length[a] = size[a] - max(size[a] - upper[a] - distance - 1, 0) - lower[a]
    }
    return BoundingBox(lower: lower, size: length)
  }
}

extension ResamplingGrid {
  /// Brings image and mask to the grid.
  ///
  /// - Parameter normalization: applied to the image first, where it is needed.
  /// - Returns: nil where no voxel of the mask is left.
  /// - Throws: `geometryInvalid`.
  package func apply(
    to image: Volume, _ mask: Mask, interpolator: Interpolator, padDistance: Int, normalization: Normalization? = nil,
    threads: Int = 1
  ) throws -> (image: Volume, mask: Mask)? {
    guard let moved = try apply(to: mask, padDistance: padDistance) else { return nil }
    return (
      try apply(
        to: image, croppedTo: moved.crop, interpolator: interpolator, normalization: normalization, threads: threads),
      moved.mask
    )
  }

  /// Brings a mask to the grid.
  ///
  /// - Returns: the mask, and for `.crop` the box that it was cropped to; nil where no voxel of it is left.
  /// - Throws: `geometryInvalid`.
  func apply(to mask: Mask, padDistance: Int) throws -> (mask: Mask, crop: BoundingBox?)? {
    let moved = try mask.resampled(onto: geometry)
    guard let box = BoundingBox(of: moved) else { return nil }
    switch step {
    case .interpolate: return (moved, nil)
    case .crop:
      let padded = box.padded(by: padDistance, within: geometry.size)
      return (moved.cropped(to: padded), padded)
    }
  }

  /// Brings an image to the grid, or cuts it to the box that its mask was cropped to.
  ///
  /// - Throws: `geometryInvalid`.
  func apply(
    to image: Volume, croppedTo box: BoundingBox?, interpolator: Interpolator, normalization: Normalization?,
    threads: Int
  ) throws -> Volume {
    guard let box else {
      return try image.resampled(
        onto: geometry, interpolator: interpolator, normalization: normalization, threads: threads)
    }
    let cropped = image.cropped(to: box)
    return normalization.map { cropped.normalized(by: $0) } ?? cropped
  }
}

extension SamplePositions {
  fileprivate static func checked(output: Geometry, input: Geometry) throws -> SamplePositions {
    guard let positions = SamplePositions(output: output, input: input) else {
      throw StudyError(
        .geometryInvalid, "the direction matrix has no inverse", hint: "check the file's orientation")
    }
    return positions
  }
}

private func crop<T>(_ values: [T], _ size: SIMD3<Int>, _ box: BoundingBox) -> [T] {
  var result: [T] = []
  result.reserveCapacity(box.size.x * box.size.y * box.size.z)
  for z in box.lower.z...box.upper.z {
    for y in box.lower.y...box.upper.y {
      let start = box.lower.x + size.x * (y + size.y * z)
      result.append(contentsOf: values[start..<start + box.size.x])
    }
  }
  return result
}
