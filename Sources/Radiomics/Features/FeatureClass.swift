/// A family of features, by PyRadiomics' name.
package enum FeatureClass: String, Sendable, CaseIterable {
  case shape, shape2D, firstorder, glcm, glrlm, glszm, gldm, ngtdm

  /// Whether it describes only the region, not the image's values.
  var isShape: Bool { self == .shape || self == .shape2D }

  /// The features that are computed when none is named, in PyRadiomics' order.
  package var names: [String] {
    switch self {
    case .shape: ShapeFeatures.names
    case .shape2D: PlaneShapeFeatures.names
    case .firstorder: FirstOrderFeatures.names
    case .glcm: GLCMFeatures.names
    case .glrlm: GLRLMFeatures.names
    case .glszm: GLSZMFeatures.names
    case .gldm: GLDMFeatures.names
    case .ngtdm: NGTDMFeatures.names
    }
  }

  /// Features that are computed only where a profile names them: other features hold the same information.
  package var namesByRequest: [String] {
    switch self {
    case .shape: ShapeFeatures.namesByRequest
    case .shape2D: PlaneShapeFeatures.namesByRequest
    case .firstorder: FirstOrderFeatures.namesByRequest
    default: []
    }
  }

  /// Features that PyRadiomics lists but no longer computes.
  package var removedNames: [String] {
    switch self {
    case .glcm: ["Dissimilarity", "Homogeneity1", "Homogeneity2", "SumVariance"]
    case .gldm: ["DependencePercentage", "GrayLevelNonUniformityNormalized"]
    default: []
    }
  }
}
