internal import Errors
internal import Glibc
internal import Imaging
internal import Radiomics

/// Computes the features of a region in an image, with PyRadiomics 3.1.0's names, order and numbers.
///
/// An extractor holds no state of an extraction: one may be used for many, also from several threads at once.
public struct Extractor: Sendable {
  public let settings: ExtractionSettings
  /// Threads that may work on one extraction. The numbers are the same for any.
  public let threads: Int
  /// Bytes of memory that an extraction may take; nil: what is available when it begins.
  public let memoryLimit: Int?

  /// - Parameters:
  ///   - settings: what is computed.
  ///   - threads: at least 1; nil takes one for each processor.
  ///   - memoryLimit: bytes; an extraction that needs more throws `E_MEMORY_ESTIMATE` before it begins.
  public init(settings: ExtractionSettings, threads: Int? = nil, memoryLimit: Int? = nil) {
    self.settings = settings
    self.threads = Swift.max(1, threads ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    self.memoryLimit = memoryLimit
  }

  /// The features of a region that lies on the image's grid.
  ///
  /// - Throws: `E_GRIDS_DIFFER`, `E_ROI_VANISHED`, `E_SHAPE_2D`, `E_MEMORY_ESTIMATE`, and others that say why no features can be
  ///   computed.
  public func extract(image: Volume, mask: Mask) throws(RadiomicsError) -> Features {
    try RadiomicsError.wrap {
      Features(try engine(settings.profile).extract(image: image.engine, mask: mask.engine))
    }
  }

  /// The features of a region, both read from files, as `radiomicsd extract` reads them: the settings `label`,
  /// `label_channel`, `correctMask` and `geometryTolerance` say how they are matched.
  ///
  /// - Parameters:
  ///   - image: path of a NIfTI, NRRD or MetaImage file.
  ///   - mask: path of a label map.
  ///   - label: the region's value in the label map; nil takes that of the settings, else the only one that is there.
  /// - Throws: as the other, and what is wrong with the files.
  public func extract(image: String, mask: String, label: Int? = nil) throws(RadiomicsError) -> Features {
    try RadiomicsError.wrap {
      let input = try ExtractionInput(
        image: image, mask: mask, label: label, profile: settings.profile, threads: threads)
      let extraction = try engine(input.profile).extract(
        on: input.geometry, mask: input.mask, uncorrected: input.uncorrected
      ) { try input.image }
      return Features(extraction)
    }
  }

  /// The version of the numbers: it changes where a feature's value changes.
  public static var engineVersion: String { EngineVersion.current }

  private func engine(_ profile: ExtractionProfile) -> Radiomics.Extractor {
    Radiomics.Extractor(profile: profile, threads: threads, memoryLimit: memoryLimit)
  }
}
