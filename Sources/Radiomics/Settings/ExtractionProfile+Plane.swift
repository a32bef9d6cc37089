internal import Errors
internal import Imaging

extension ExtractionProfile {
  /// The profile as PyRadiomics follows it for an image of two dimensions: without the class of shapes in space.
  ///
  /// - Throws: `E_PROFILE` for requests that such an image does not support here: filters over three axes, and
  ///   resampling.
  package func ofPlane() throws -> ExtractionProfile {
    func refused(_ what: String) -> StudyError {
      StudyError(
        .profile, "\(what) of an image of two dimensions is not supported", file: name,
        hint: "leave it out of the profile, or save the image as a volume of one slice")
    }
    var types: [ImageTypeRequest] = []
    for request in imageTypes {
      guard ![.wavelet, .laplacianOfGaussian, .localBinaryPattern3D].contains(request.type) else {
        throw refused("image type \(request.type.rawValue)")
      }
      types.append(ImageTypeRequest(type: request.type, settings: try Self.plane(request.settings, refused)))
    }
    return ExtractionProfile(
      name: name, text: text, imageTypes: types, featureClasses: featureClasses.filter { $0.featureClass != .shape },
      settings: try Self.plane(settings, refused))
  }

  private static func plane(
    _ settings: ExtractionSettings, _ refused: (String) -> StudyError
  ) throws -> ExtractionSettings {
    guard settings.resampledPixelSpacing == nil else { throw refused("resampledPixelSpacing") }
    var settings = settings
    settings.isPlane = true
    return settings
  }
}
