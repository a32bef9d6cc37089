package import Errors
package import Imaging

extension ErrorCode {
  /// Image and mask differ by more than the profile's `geometryTolerance`.
  package static let geometryTolerance = ErrorCode("E_GEOMETRY_TOLERANCE", .badInput)
}

/// An image and a region read from two files, matched as the profile requires.
package struct ExtractionInput: Sendable {
  /// The image's grid.
  package let geometry: Geometry
  package let mask: Mask
  /// The region on the mask's own grid, where `correctMask` brought it to the image's.
  package let uncorrected: Mask?
  /// Notes on the match for the reader of the result.
  package let notes: [Note]
  /// The profile to extract with: as given, or adapted to an image of two dimensions.
  package let profile: ExtractionProfile
  /// Image and mask are of two dimensions.
  package let isPlane: Bool
  private let pending: Pending<Volume>

  /// The image; waits where it is still being read.
  ///
  /// - Throws: the errors of its reader.
  package var image: Volume { get throws { try pending.get() } }

  /// Reads a pair of NIfTI, NRRD or MetaImage files, recognised by content.
  ///
  /// - Parameters:
  ///   - label: the region's label; nil uses the profile's, or the only label if the profile has none.
  ///   - channel: of a mask with several, from 0; nil uses the profile's (`label_channel`).
  ///   - threads: with more than one, the image is read on another thread, and this may return before it is read:
  ///     `image` then throws its error.
  ///   - ahead: an image that is being read already; used where it is this one.
  /// - Throws: the errors of the readers and of `placeMask`, the image's error where both files have one;
  ///   `E_GEOMETRY_TOLERANCE`, `E_PROFILE` for requests that an image of two dimensions does not support.
  package init(
    image imagePath: String, mask maskPath: String, label: Int?, channel: Int? = nil, profile: ExtractionProfile,
    threads: Int = 1, ahead: ImageAhead? = nil
  ) throws {
    let pending =
      ahead.flatMap { $0.path == imagePath ? $0.pending : nil }
      ?? Pending(beside: threads > 1) { try Self.read(imagePath) }
    if threads <= 1 { _ = try pending.get() }
    do {
      isPlane = isPlaneImage(imagePath)
      self.profile = isPlane ? try profile.ofPlane() : profile
      let geometry = threads > 1 ? try Self.readGeometry(imagePath) : try pending.get().geometry
      guard !isPlane || isPlaneImage(maskPath) else {
        throw StudyError(
          .geometryMismatch, "the image has two dimensions, and the mask has three", file: maskPath,
          hint: "save both as images of two dimensions, or both as volumes of one slice")
      }
      let placed = try Self.place(
        maskPath, on: geometry, label: label, channel: channel, isPlane: isPlane, profile.settings)
      self.geometry = geometry
      mask = placed.mask
      uncorrected = placed.uncorrected
      notes = placed.notes
      self.pending = pending
    } catch {
      _ = try pending.get()
      throw error
    }
  }

  /// Reads the mask and brings it to the image's grid as far as the profile requires.
  private static func place(
    _ maskPath: String, on image: Geometry, label: Int?, channel: Int?, isPlane: Bool, _ settings: ExtractionSettings
  ) throws -> (mask: Mask, uncorrected: Mask?, notes: [Note]) {
    let number = channel ?? settings.labelChannel
    let (labels, channels) = try readMaskChannel(maskPath, number, allowsPlane: isPlane)
    let channel =
      channels == 1
      ? []
      : [
        Note(
          code: "MASK_CHANNEL",
          message: "channel \(number) of the mask's \(channels) is taken (label_channel)")
      ]
    // The profile's label is used if stated: PyRadiomics' default of 1 applies to every file that omits it.
    let choice = label.map(LabelChoice.label) ?? (settings.label == 1 ? .single : .label(settings.label))
    guard settings.correctMask || settings.geometryTolerance != nil else {
      let placed = try placeMask(labelVolume: labels, choice: choice, on: image, file: maskPath)
      return (placed.mask, nil, channel + placed.notes)
    }
    var own = try placeMask(labelVolume: labels, choice: choice, on: labels.geometry, file: maskPath)
    let tolerance = settings.geometryTolerance ?? Self.defaultTolerance
    if own.mask.geometry.size == image.size, own.mask.geometry.agrees(with: image, within: tolerance) {
      // Within the tolerance voxels correspond by their indices. Resampling starts from the mask's own grid.
      if settings.resampledPixelSpacing == nil { own.mask.geometry = image }
      return (own.mask, nil, channel + own.notes)
    } else if settings.resampledPixelSpacing != nil {
      // Both are brought to one new grid: PyRadiomics only requires that the region lies in the image.
      return (own.mask, nil, channel + own.notes)
    } else if settings.correctMask {
      let note = Note(
        code: "MASK_CORRECTED", message: "the mask was resampled to the image's grid (correctMask)")
      return (try own.mask.corrected(onto: image), own.mask, channel + own.notes + [note])
    } else {
      throw StudyError(
        .geometryTolerance, "the mask's grid differs from the image's by more than geometryTolerance \(tolerance)",
        file: maskPath, hint: "raise geometryTolerance, or set correctMask: true to resample the mask")
    }
  }

  /// SimpleITK's own.
  static let defaultTolerance = 1e-6

  /// A volume from a NIfTI, NRRD or MetaImage file; an image of two dimensions is one slice.
  package static func read(_ path: String) throws -> Volume {
    if NRRDReader.isNRRD(path) { return try NRRDReader.read(path, allowsPlane: true) }
    return MetaImageReader.isMetaImage(path)
      ? try MetaImageReader.read(path, allowsPlane: true) : try NIfTIReader.read(path, allowsPlane: true)
  }

  /// The grid of a NIfTI, NRRD or MetaImage file, from its header.
  package static func readGeometry(_ path: String) throws -> Geometry {
    if NRRDReader.isNRRD(path) { return try NRRDReader.readGeometry(path, allowsPlane: true) }
    return MetaImageReader.isMetaImage(path)
      ? try MetaImageReader.readGeometry(path, allowsPlane: true)
      : try NIfTIReader.readGeometry(path, allowsPlane: true)
  }
}

extension Geometry {
  /// SimpleITK's test that two images have the same position (`itk::ImageToImageFilter::VerifyInputInformation`).
  fileprivate func agrees(with image: Geometry, within tolerance: Double) -> Bool {
    let length = tolerance * abs(image.spacing.x)
    return (0..<3).allSatisfy { a in
      abs(origin[a] - image.origin[a]) <= length && abs(spacing[a] - image.spacing[a]) <= length
        && (0..<3).allSatisfy { abs(direction[a][$0] - image.direction[a][$0]) <= tolerance }
    }
  }
}
