/// A computation: image types, features and settings of a PyRadiomics parameter file.
package struct ExtractionProfile: Sendable {
  /// A built-in profile's name, or the file's name without its extension.
  package let name: String
  /// The parameter file's bytes as they were read: their SHA-256 identifies the profile in every result.
  package let text: String
  /// In the file's order.
  package let imageTypes: [ImageTypeRequest]
  /// In the file's order.
  package let featureClasses: [FeatureClassRequest]
  package let settings: ExtractionSettings
}

/// One image type and the settings that hold for it.
package struct ImageTypeRequest: Sendable {
  package let type: ImageType
  /// The profile's settings, overridden by this image type's own.
  package let settings: ExtractionSettings
}

/// One class and its requested features.
package struct FeatureClassRequest: Sendable {
  package let featureClass: FeatureClass
  /// In the order in which they are written; never empty.
  package let features: [String]
}

/// An image derived from the one that is measured, by PyRadiomics' name.
package enum ImageType: String, Sendable, CaseIterable {
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
