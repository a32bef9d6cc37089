internal import Dispatch
public import Errors
public import Imaging
public import Radiomics
internal import Synchronization

extension ErrorCode {
  /// Image and mask differ by more than the profile's `geometryTolerance`.
  public static let geometryTolerance = ErrorCode("E_GEOMETRY_TOLERANCE", .badInput)
}

/// An image and a region read from two files, as a profile wants them matched.
public struct ExtractionInput: Sendable {
  public let image: Volume
  public let mask: Mask
  /// The region on the mask's own grid, where `correctMask` brought it to the image's.
  public let uncorrected: Mask?
  /// What a reader of the result should know about the match.
  public let notes: [Note]

  /// Reads a pair of NIfTI, NRRD or MetaImage files; content decides which they are.
  ///
  /// - Parameters:
  ///   - label: the region's label; nil takes the profile's, and where that says nothing the only one there is.
  ///   - threads: with more than one, both files are read at once.
  /// - Throws: what the readers and `placeMask` throw; `E_GEOMETRY_TOLERANCE`.
  public init(
    image imagePath: String, mask maskPath: String, label: Int?, profile: ExtractionProfile, threads: Int = 1
  ) throws {
    let settings = profile.settings
    let (image, labels, channels) = try Self.read(
      imagePath, maskPath, channel: settings.labelChannel, threads: threads)
    let channel =
      channels == 1
      ? []
      : [
        Note(
          code: "MASK_CHANNEL",
          message: "channel \(settings.labelChannel) of the mask's \(channels) is taken (label_channel)")
      ]
    // The profile's label counts where it says something: PyRadiomics' default of 1 is what every file has left unsaid.
    let choice = label.map(LabelChoice.label) ?? (settings.label == 1 ? .single : .label(settings.label))
    self.image = image
    guard settings.correctMask || settings.geometryTolerance != nil else {
      let placed = try placeMask(labelVolume: labels, choice: choice, on: image.geometry, file: maskPath)
      mask = placed.mask
      uncorrected = nil
      notes = channel + placed.notes
      return
    }
    var own = try placeMask(labelVolume: labels, choice: choice, on: labels.geometry, file: maskPath)
    let tolerance = settings.geometryTolerance ?? Self.defaultTolerance
    if own.mask.geometry.size == image.geometry.size, own.mask.geometry.agrees(with: image.geometry, within: tolerance)
    {
      // Within the tolerance voxels belong together by their indices. Resampling starts from the mask's own grid.
      if settings.resampledPixelSpacing == nil { own.mask.geometry = image.geometry }
      mask = own.mask
      uncorrected = nil
      notes = channel + own.notes
    } else if settings.resampledPixelSpacing != nil {
      // Both are brought to one new grid: PyRadiomics asks no more than that the region lies in the image.
      mask = own.mask
      uncorrected = nil
      notes = channel + own.notes
    } else if settings.correctMask {
      mask = try own.mask.corrected(onto: image.geometry)
      uncorrected = own.mask
      notes =
        channel + own.notes + [
          Note(code: "MASK_CORRECTED", message: "the mask was resampled to the image's grid (correctMask)")
        ]
    } else {
      throw StudyError(
        .geometryTolerance, "the mask's grid differs from the image's by more than geometryTolerance \(tolerance)",
        file: maskPath, hint: "raise geometryTolerance, or set correctMask: true to resample the mask")
    }
  }

  /// SimpleITK's own.
  static let defaultTolerance = 1e-6

  /// A volume from a NIfTI, NRRD or MetaImage file.
  public static func read(_ path: String) throws -> Volume {
    if NRRDReader.isNRRD(path) { return try NRRDReader.read(path) }
    return MetaImageReader.isMetaImage(path) ? try MetaImageReader.read(path) : try NIfTIReader.read(path)
  }

  /// Both files; where both fail, the error is the image's.
  private static func read(
    _ image: String, _ mask: String, channel: Int, threads: Int
  ) throws -> (image: Volume, mask: Volume, channels: Int) {
    let results = Mutex<[Result<(volume: Volume, channels: Int), any Error>?]>([nil, nil])
    @Sendable func read(_ file: Int) {
      let result = Result { () throws -> (volume: Volume, channels: Int) in
        if file == 0 { return (volume: try Self.read(image), channels: 1) }
        return try readMaskChannel(mask, channel)
      }
      results.withLock { $0[file] = result }
    }
    if threads > 1 {
      DispatchQueue.concurrentPerform(iterations: 2, execute: read)
    } else {
      read(0)
      read(1)
    }
    let both = results.withLock { $0.compactMap { $0 } }
    let first = try both[0].get()
    let second = try both[1].get()
    return (first.volume, second.volume, second.channels)
  }

  /// The grid of a NIfTI, NRRD or MetaImage file, from its header.
  public static func readGeometry(_ path: String) throws -> Geometry {
    if NRRDReader.isNRRD(path) { return try NRRDReader.readGeometry(path) }
    return MetaImageReader.isMetaImage(path)
      ? try MetaImageReader.readGeometry(path) : try NIfTIReader.readGeometry(path)
  }
}

extension Geometry {
  /// SimpleITK's test that two images lie in one place (`itk::ImageToImageFilter::VerifyInputInformation`).
  fileprivate func agrees(with image: Geometry, within tolerance: Double) -> Bool {
    let length = tolerance * abs(image.spacing.x)
    return (0..<3).allSatisfy { a in
      abs(origin[a] - image.origin[a]) <= length && abs(spacing[a] - image.spacing[a]) <= length
        && (0..<3).allSatisfy { abs(direction[a][$0] - image.direction[a][$0]) <= tolerance }
    }
  }
}
