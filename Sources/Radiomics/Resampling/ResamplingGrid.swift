package import Errors
package import Imaging

extension ErrorCode {
  /// Part of the region lies outside the image.
  package static let roiOutsideImage = ErrorCode("E_ROI_OUTSIDE_IMAGE", .badInput)
  /// The resampled grid would be larger than the supported size.
  package static let gridTooLarge = ErrorCode("E_GRID_TOO_LARGE", .badInput)
  /// A direction matrix has no inverse, or a spacing is not a positive number.
  package static let geometryInvalid = ErrorCode("E_GEOMETRY_INVALID", .badInput)
}

/// The grid that image and mask are brought to before features are computed: PyRadiomics'
/// `imageoperations.resampleImage`, with the order of its floating point operations.
///
/// The grid is aligned to the corner of the mask's first voxel and covers the region's bounding box and a border.
package struct ResamplingGrid: Sendable, Equatable {
  package enum Step: Sendable, Equatable {
    /// Interpolate image and mask at the voxels of `geometry`.
    case interpolate
    /// The spacing equals the image's: bring the mask to the image's grid (nearest neighbour), then crop both to the
    /// box of the mask found there and `padDistance` voxels around it.
    case crop
  }

  package let step: Step
  /// `.interpolate`: the new grid. `.crop`: the image's grid, to which the mask is brought before cropping.
  package let geometry: Geometry

  /// Maximum number of voxels of a resampled grid: the doubles of one image then take 16 GiB.
  package static let largestCount = 1 << 31

  /// - Parameters:
  ///   - image: grid of the image.
  ///   - mask: grid of the mask; the new grid takes its direction.
  ///   - box: the region's bounding box in the mask.
  ///   - spacing: wanted spacing in mm; 0 keeps the mask's along that axis, and so does an axis along which the box is
  ///     one voxel long.
  ///   - padDistance: border around the box, in new voxels.
  /// - Throws: `roiOutsideImage`, `gridTooLarge`, `geometryInvalid`.
  package init(image: Geometry, mask: Geometry, box: BoundingBox, spacing: Vector3, padDistance: Int) throws {
    try Self.check(image: image, mask: mask, box: box)
    var wanted = Vector3()
    for a in 0..<3 { wanted[a] = spacing[a] == 0 || box.size[a] == 1 ? mask.spacing[a] : spacing[a] }
    guard (0..<3).allSatisfy({ wanted[$0].isFinite && wanted[$0] > 0 }) else {
      throw StudyError(
        .geometryInvalid, "the resampled spacing \(wanted.x), \(wanted.y), \(wanted.z) mm is not positive",
        hint: "give resampledPixelSpacing as numbers of mm, or 0 to keep an axis as it is")
    }

    // numpy.allclose: absolute tolerance 1e-8, relative to the second argument 1e-5.
    if (0..<3).allSatisfy({ abs(image.spacing[$0] - wanted[$0]) <= 1e-8 + 1e-5 * abs(wanted[$0]) }) {
      step = .crop
      geometry = image
      return
    }

    let ratio = mask.spacing / wanted
    let pad = Double(padDistance)
    var lower = Vector3()
    var size = SIMD3<Int>()
    var count = 1.0
    for a in 0..<3 {
      let first = Double(box.lower[a])
      let last = ((Double(box.lower[a] + box.size[a]) - 0.5) * ratio[a] + pad).rounded(.up)
      let limit = (Double(mask.size[a]) * ratio[a]).rounded(.up) - 1
      lower[a] = max(((first - 0.5) * ratio[a] - pad).rounded(.down), 0)
      let length = min(last, limit) - lower[a] + 1
      count *= max(length, 1)
      guard length >= 1, count <= Double(Self.largestCount) else {
        throw StudyError(
          .gridTooLarge,
          "resampling \(mask.spacing[a]) mm to \(wanted[a]) mm along axis \(a) gives a grid of \(length) voxels",
          hint: "choose a larger resampledPixelSpacing")
      }
      size[a] = Int(length)
    }
    let shift = 0.5 * (wanted - mask.spacing) / mask.spacing
    let corner = shift + lower / ratio
    step = .interpolate
    geometry = Geometry(
      size: size, spacing: wanted, origin: IndexMatrix(mask).point(continuous: corner), direction: mask.direction)
  }

  /// PyRadiomics' `_checkROI`: the region's corners lie in the image, 1e-3 voxel allowed.
  static func check(image: Geometry, mask: Geometry, box: BoundingBox) throws {
    let maskMatrix = IndexMatrix(mask)
    let low = Vector3(index: box.lower) - 0.5
    let high = Vector3(index: box.lower &+ box.size) - 0.5
    let imageMatrix = IndexMatrix(image)
    guard let a = imageMatrix.continuousIndex(of: maskMatrix.point(continuous: low)),
      let b = imageMatrix.continuousIndex(of: maskMatrix.point(continuous: high))
    else {
      throw StudyError(
        .geometryInvalid, "the image's direction matrix has no inverse", hint: "check the file's orientation")
    }
    for axis in 0..<3 {
      let inside =
        min(a[axis], b[axis]) >= -0.5 - 1e-3 && max(a[axis], b[axis]) <= Double(image.size[axis]) - 0.5 + 1e-3
      guard inside else {
        throw StudyError(
          .roiOutsideImage,
          "the region spans voxels \(min(a[axis], b[axis])) to \(max(a[axis], b[axis])) along axis \(axis), "
            + "the image has \(image.size[axis])",
          hint: "check that mask and image belong together")
      }
    }
  }
}
