/// A computation: image types, features and settings of a PyRadiomics parameter file.
public struct ExtractionProfile: Sendable {
  /// A built-in profile's name, or the file's name without its extension.
  public let name: String
  /// The parameter file's bytes as they were read: their SHA-256 identifies the profile in every result.
  public let text: String
  /// In the file's order.
  public let imageTypes: [ImageTypeRequest]
  /// In the file's order.
  public let featureClasses: [FeatureClassRequest]
  public let settings: ExtractionSettings
}

/// One image type and the settings that hold for it.
public struct ImageTypeRequest: Sendable {
  public let type: ImageType
  /// The profile's settings, overridden by this image type's own.
  public let settings: ExtractionSettings
}

/// One class and its requested features.
public struct FeatureClassRequest: Sendable {
  public let featureClass: FeatureClass
  /// In the order in which they are written; never empty.
  public let features: [String]
}

/// An image derived from the one that is measured, by PyRadiomics' name.
public enum ImageType: String, Sendable, CaseIterable {
  case original = "Original"
  case laplacianOfGaussian = "LoG"
  case wavelet = "Wavelet"
  case square = "Square"
  case squareRoot = "SquareRoot"
  case logarithm = "Logarithm"
  case exponential = "Exponential"
  case gradient = "Gradient"
  case localBinaryPattern2D = "LBP2D"
  case localBinaryPattern3D = "LBP3D"
}
