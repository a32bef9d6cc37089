package import Errors
internal import Yams

extension ErrorCode {
  /// A parameter file violates PyRadiomics' schema, or requests something that is not supported.
  package static let profile = ErrorCode("E_PROFILE", .configuration)
}

extension ExtractionProfile {
  /// Reads a PyRadiomics 3.1.0 parameter file.
  ///
  /// - Parameters:
  ///   - text: YAML (JSON is YAML too).
  ///   - name: the profile's name in results.
  ///   - file: the file's path for messages, if there is one.
  /// - Throws: `E_PROFILE` naming the key and its line. Nothing in the file is ignored: an unknown or unsupported key
  ///   is an error.
  package init(parsing text: String, name: String, file: String? = nil) throws {
    let file = file ?? name
    guard text.utf8.count <= 1 << 20 else {
      throw StudyError(.profile, "the profile is larger than 1 MiB", file: file)
    }
    let root: Node?
    do {
      // The basic resolver: the meaning of a plain text is decided where it is read, not by seven regular expressions.
      root = try Yams.compose(yaml: text, .basic)
    } catch {
      let reason = "\(error)".split(separator: "\n").first ?? ""
      throw StudyError(.profile, "not YAML: \(reason)", file: file, hint: "check the file's indentation and colons")
    }
    var parser = ProfileParser(file: file)
    try parser.parse(root)
    self.init(
      name: name, text: text, imageTypes: parser.imageTypes, featureClasses: parser.featureClasses,
      settings: parser.settings)
  }
}

/// Walks a parameter file's nodes.
private struct ProfileParser {
  let file: String
  var settings = ExtractionSettings()
  var imageTypes: [ImageTypeRequest] = []
  var featureClasses: [FeatureClassRequest] = []

  init(file: String) { self.file = file }

  mutating func parse(_ root: Node?) throws {
    let reader = SettingReader(file: file)
    var sections: [String: Node] = [:]
    if let root, root.null == nil {
      guard let mapping = root.mapping else { throw reader.failure("the file is not a mapping", root) }
      for (key, value) in mapping {
        guard let name = key.string, ["imageType", "featureClass", "setting", "voxelSetting"].contains(name) else {
          throw reader.failure(
            "unknown section '\(key.string ?? "?")'", key,
            hint: "sections are imageType, featureClass, setting, voxelSetting")
        }
        guard sections.updateValue(value, forKey: name) == nil else {
          throw reader.failure("section '\(name)' is there twice", key)
        }
      }
    }
    if let node = sections["setting"] { try reader.read(node, into: &settings) }
    if let node = sections["voxelSetting"] { try reader.read(node, into: &settings.voxel) }
    try parseImageTypes(sections["imageType"], reader)
    try parseFeatureClasses(sections["featureClass"], reader)
  }

  private mutating func parseImageTypes(_ node: Node?, _ reader: SettingReader) throws {
    guard let node, let mapping = try reader.mapping(node), !mapping.isEmpty else {
      imageTypes = [ImageTypeRequest(type: .original, settings: settings)]
      return
    }
    for (key, value) in mapping {
      guard let type = ImageType(rawValue: key.string ?? "") else {
        throw reader.failure(
          "image type '\(key.string ?? "?")' is not supported", key,
          hint: "supported are \(ImageType.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      guard !imageTypes.contains(where: { $0.type == type }) else {
        throw reader.failure("image type '\(type.rawValue)' is there twice", key)
      }
      var own = settings
      try reader.read(value, into: &own)
      if type == .laplacianOfGaussian, own.sigma.isEmpty {
        throw reader.failure("LoG needs 'sigma', a list of standard deviations in mm", key)
      }
      if type == .localBinaryPattern2D, [.plain, .rotationInvariant].contains(own.lbp2DMethod),
        own.lbp2DSamples > PlanarPattern.mostSamplesAsBits
      {
        throw reader.failure(
          "lbp2DMethod '\(own.lbp2DMethod.rawValue)' takes at most \(PlanarPattern.mostSamplesAsBits) lbp2DSamples", key
        )
      }
      imageTypes.append(ImageTypeRequest(type: type, settings: own))
    }
  }

  private mutating func parseFeatureClasses(_ node: Node?, _ reader: SettingReader) throws {
    guard let node, let mapping = try reader.mapping(node), !mapping.isEmpty else {
      // PyRadiomics' order: its modules by name. In a parameter file shape2D is among them, which requires force2D.
      let all = [FeatureClass.firstorder, .glcm, .gldm, .glrlm, .glszm, .ngtdm, .shape]
      featureClasses = (all + (settings.force2D ? [.shape2D] : [])).map {
        FeatureClassRequest(featureClass: $0, features: $0.names)
      }
      return
    }
    for (key, value) in mapping {
      guard let featureClass = FeatureClass(rawValue: key.string ?? "") else {
        throw reader.failure(
          "feature class '\(key.string ?? "?")' is not supported", key,
          hint: "supported are \(FeatureClass.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      guard !featureClasses.contains(where: { $0.featureClass == featureClass }) else {
        throw reader.failure("feature class '\(featureClass.rawValue)' is there twice", key)
      }
      featureClasses.append(
        FeatureClassRequest(featureClass: featureClass, features: try features(of: featureClass, value, reader)))
    }
  }

  private func features(of featureClass: FeatureClass, _ node: Node, _ reader: SettingReader) throws -> [String] {
    if node.null != nil { return featureClass.names }
    guard let list = node.sequence else {
      throw reader.failure("'\(featureClass.rawValue)' takes a list of feature names or nothing", node)
    }
    if list.isEmpty { return featureClass.names }
    var features: [String] = []
    for item in list {
      let name = item.scalar?.string ?? "?"
      // As in PyRadiomics: a feature that it no longer computes is skipped.
      if featureClass.removedNames.contains(name) { continue }
      guard (featureClass.names + featureClass.namesByRequest).contains(name) else {
        throw reader.failure("class '\(featureClass.rawValue)' has no feature '\(name)'", item)
      }
      if !features.contains(name) { features.append(name) }
    }
    guard !features.isEmpty else {
      throw reader.failure("none of the features named for '\(featureClass.rawValue)' exists any more", node)
    }
    return features
  }
}
