internal import Errors
internal import Yams

/// Reads the keys of a parameter file's `setting` section, or of an image type, into settings.
struct SettingReader {
  let file: String

  func failure(_ message: String, _ node: Node, hint: String = "") -> StudyError {
    let line = node.mark.map { "line \($0.line): " } ?? ""
    return StudyError(.profile, line + message, file: file, hint: hint)
  }

  /// The node's mapping; nil where it is empty.
  func mapping(_ node: Node) throws -> Node.Mapping? {
    if node.null != nil { return nil }
    guard let mapping = node.mapping else { throw failure("a mapping is expected here", node) }
    return mapping
  }

  func read(_ node: Node, into settings: inout ExtractionSettings) throws {
    guard let mapping = try mapping(node) else { return }
    var seen: Set<String> = []
    for (key, value) in mapping {
      let name = key.string ?? "?"
      guard seen.insert(name).inserted else { throw failure("'\(name)' is there twice", key) }
      if value.null != nil { continue }
      try read(name, key, value, into: &settings)
    }
  }

  private func read(_ name: String, _ key: Node, _ node: Node, into s: inout ExtractionSettings) throws {
    switch name {
    case "binWidth":
      // A bin count, if present, overrides the width, as in PyRadiomics.
      let width = try number(name, node, above: 0)
      if case .count = s.binning { break }
      s.binning = .width(width)
    case "binCount": s.binning = .count(try integer(name, node, from: 1))
    case "normalize": s.normalize = try bool(name, node)
    case "normalizeScale": s.normalizeScale = try number(name, node, above: 0)
    case "removeOutliers": s.removeOutliers = try number(name, node, above: 0)
    case "resampledPixelSpacing":
      let spacing = try list(name, node).map { try number(name, $0, from: 0) }
      guard spacing.count == 3 else { throw failure("'\(name)' takes three numbers (x, y, z in mm)", node) }
      s.resampledPixelSpacing = spacing
    case "interpolator": s.interpolator = try interpolator(node)
    case "padDistance": s.padDistance = try integer(name, node, from: 0, through: 1000)
    case "preCrop": s.preCrop = try bool(name, node)
    case "distances": s.distances = try list(name, node).map { try integer(name, $0, from: 1, through: 32) }
    case "force2D": s.force2D = try bool(name, node)
    case "force2Ddimension": s.force2Ddimension = try integer(name, node, from: 0, through: 2)
    case "resegmentRange":
      let range = try list(name, node).map { try number(name, $0) }
      guard (1...2).contains(range.count) else { throw failure("'\(name)' takes one or two numbers", node) }
      s.resegmentRange = range
    case "resegmentMode": s.resegmentMode = try choice(name, node)
    case "resegmentShape": s.resegmentShape = try bool(name, node)
    case "label": s.label = try integer(name, node, from: 1)
    case "minimumROIDimensions": s.minimumROIDimensions = try integer(name, node, from: 1, through: 3)
    case "minimumROISize": s.minimumROISize = try integer(name, node, from: 1)
    case "symmetricalGLCM": s.symmetricalGLCM = try bool(name, node)
    case "weightingNorm": s.weightingNorm = try choice(name, node)
    case "gldm_a": s.gldmAlpha = try integer(name, node, from: 0)
    case "voxelArrayShift": s.voxelArrayShift = Double(try integer(name, node))
    case "additionalInfo": s.additionalInfo = try bool(name, node)
    case "sigma":
      s.sigma = try list(name, node).map { item in
        // Features are named after the number as it is written: 3 is not 3.0.
        let value = try number(name, item, above: 0)
        return LaplacianWidth(value: value, name: item.int.map(String.init) ?? "\(value)")
      }
    case "wavelet":
      guard let wavelet = node.string else { throw failure("'\(name)' takes a name", node) }
      guard Wavelet.names.contains(wavelet) else {
        throw failure(
          "wavelet '\(wavelet)' is not supported", node,
          hint: "supported are \(Wavelet.names.joined(separator: ", "))")
      }
      s.wavelet = wavelet
    case "level": s.level = try integer(name, node, from: 1, through: 16)
    case "start_level": s.startLevel = try integer(name, node, from: 0, through: 16)
    case "gradientUseSpacing": s.gradientUseSpacing = try bool(name, node)
    case "lbp2DRadius": s.lbp2DRadius = try number(name, node, above: 0, through: 1000)
    case "lbp2DSamples": s.lbp2DSamples = try integer(name, node, from: 1, through: 1000)
    case "lbp2DMethod": s.lbp2DMethod = try choice(name, node)
    case "lbp3DLevels": s.lbp3DLevels = try integer(name, node, from: 1, through: 16)
    case "lbp3DIcosphereRadius": s.lbp3DIcosphereRadius = try number(name, node, above: 0, through: 1000)
    case "lbp3DIcosphereSubdivision": s.lbp3DIcosphereSubdivision = try integer(name, node, from: 0, through: 5)
    case "geometryTolerance": s.geometryTolerance = try number(name, node, above: 0)
    case "correctMask": s.correctMask = try bool(name, node)
    case "label_channel": s.labelChannel = try integer(name, node, from: 0)
    case "kernelRadius", "maskedKernel", "initValue", "voxelBatch":
      throw failure(
        "'\(name)' belongs to the section voxelSetting", key, hint: "move it there, as PyRadiomics' schema has it")
    default:
      throw failure(
        "setting '\(name)' is not supported", key, hint: "remove it: a setting is never passed over without a word")
    }
  }

  /// The section `voxelSetting`.
  func read(_ node: Node, into settings: inout VoxelSettings) throws {
    guard let mapping = try mapping(node) else { return }
    var seen: Set<String> = []
    for (key, value) in mapping {
      let name = key.string ?? "?"
      guard seen.insert(name).inserted else { throw failure("'\(name)' is there twice", key) }
      if value.null != nil { continue }
      switch name {
      case "kernelRadius": settings.kernelRadius = try integer(name, value, from: 1, through: 1000)
      case "maskedKernel": settings.maskedKernel = try bool(name, value)
      case "initValue": settings.initValue = try initValue(value)
      case "voxelBatch": settings.voxelBatch = try integer(name, value, from: 1)
      default: throw failure("voxelSetting '\(name)' is not supported", key)
      }
    }
  }

  /// Any number: NaN and infinities are good marks for the outside.
  private func initValue(_ node: Node) throws -> Double {
    guard let value = node.float else { throw failure("'initValue' takes a number", node) }
    return value
  }

  private func bool(_ name: String, _ node: Node) throws -> Bool {
    guard let value = node.bool else { throw failure("'\(name)' takes true or false", node) }
    return value
  }

  private func integer(_ name: String, _ node: Node, from: Int = .min, through: Int = .max) throws -> Int {
    guard let value = node.int, value >= from, value <= through, abs(value) < 1 << 31 else {
      throw failure("'\(name)' takes a whole number" + (from > .min ? " of at least \(from)" : ""), node)
    }
    return value
  }

  private func number(
    _ name: String, _ node: Node, from: Double = -.infinity, above: Double = -.infinity,
    through: Double = .infinity
  ) throws -> Double {
    guard let value = node.float, value.isFinite, value >= from, value > above, value <= through else {
      throw failure("'\(name)' takes a number" + (above == 0 ? " above 0" : from == 0 ? " of at least 0" : ""), node)
    }
    return value
  }

  private func list(_ name: String, _ node: Node) throws -> [Node] {
    guard let list = node.sequence, !list.isEmpty else { throw failure("'\(name)' takes a list", node) }
    return Array(list)
  }

  private func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _ node: Node
  ) throws -> Choice where Choice.RawValue == String {
    guard let choice = Choice(rawValue: node.string ?? "") else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw failure("'\(name)' takes one of \(known)", node)
    }
    return choice
  }

  private func interpolator(_ node: Node) throws -> Interpolator {
    if let known = Interpolator(rawValue: node.string ?? "") { return known }
    if let known = node.int.flatMap(Interpolator.init(number:)) { return known }
    throw failure(
      "interpolator '\(node.string ?? "?")' is not supported", node,
      hint: "supported are \(Interpolator.allCases.map(\.rawValue).joined(separator: ", "))")
  }
}
