/// What is computed: image types, features and settings, as a PyRadiomics parameter file says.
public struct ExtractionProfile: Sendable {
  /// A built-in profile's name, or the file's without its ending.
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
  /// The profile's settings with this image type's own laid over them.
  public let settings: ExtractionSettings
}

/// One class and the features wanted of it.
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
