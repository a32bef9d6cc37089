/// Spellings of a feature's name. R writes `wavelet.HHL_glcm_Contrast`, databases write upper or lower case.
package enum FeatureName {
  /// The common form of the spellings of one name: lower case, and one underscore for every other character than a
  /// letter or digit. A code in brackets at the end (`extract --names ibsi`) is ignored.
  package static func key(_ name: String) -> String {
    var name = Substring(name)
    if name.last == "]", let open = name.lastIndex(of: "[") { name = name[..<open] }
    var out: [UInt8] = []
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: out.append(byte)
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): out.append(byte + 32)
      default: if out.last != UInt8(ascii: "_"), !out.isEmpty { out.append(UInt8(ascii: "_")) }
      }
    }
    if out.last == UInt8(ascii: "_") { out.removeLast() }
    return String(decoding: out, as: UTF8.self)
  }

  /// The name as PyRadiomics writes it; nil where it is not one of its features in any spelling.
  package static func exact(_ name: String) -> String? {
    let parts = key(name).split(separator: "_").map(String.init)
    guard let at = parts.indices.dropFirst().last(where: { classes[parts[$0]] != nil }), at == parts.count - 2,
      let names = classes[parts[at]], let feature = names.features[parts[at + 1]],
      let image = image(parts[..<at])
    else { return nil }
    return "\(image)_\(names.name)_\(feature)"
  }

  /// Column names in the spelling that a model knows.
  ///
  /// - Returns: for each name without a column of its own the one column that differs only in spelling.
  /// - Parameter columns: as the table has them.
  package static func otherSpellings(of names: [String], in columns: [String]) -> [String: String] {
    let present = Set(columns)
    let byKey = Dictionary(grouping: columns.filter { !$0.isEmpty }, by: key)
    let wanted = Set(names)
    let wantedKeys = Dictionary(grouping: names, by: key)
    var out: [String: String] = [:]
    for name in names where !present.contains(name) {
      let key = key(name)
      if let found = byKey[key], found.count == 1, !wanted.contains(found[0]), wantedKeys[key]?.count == 1 {
        out[name] = found[0]
      }
    }
    return out
  }

  /// The name in a list that is most similar to another: at most a third of its letters differ.
  package static func nearest(to name: String, in list: [String]) -> String? {
    let wanted = Array(key(name).utf8)
    let near = list.prefix(5000).map { ($0, distance(wanted, Array(key($0).utf8))) }.min { $0.1 < $1.1 }
    return near.flatMap { $0.1 * 3 <= wanted.count ? $0.0 : nil }
  }

  /// Levenshtein's distance.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    guard a.count <= 200, b.count <= 200 else { return .max / 8 }
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var corner = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let next = min(row[j] + 1, row[j + 1] + 1, corner + (x == y ? 0 : 1))
        corner = row[j + 1]
        row[j + 1] = next
      }
    }
    return row[b.count]
  }

  private static func image(_ parts: ArraySlice<String>) -> String? {
    let parts = Array(parts)
    switch parts.first {
    case "original" where parts.count == 1, "square" where parts.count == 1, "squareroot" where parts.count == 1,
      "logarithm" where parts.count == 1, "exponential" where parts.count == 1, "gradient" where parts.count == 1:
      return parts[0]
    case "wavelet" where parts.count == 2 && parts[1].allSatisfy({ "lh".contains($0) }):
      return "wavelet-" + parts[1].uppercased()
    case "wavelet2" where parts.count == 2: return "wavelet2-" + parts[1].uppercased()
    case "log" where parts.count >= 5 && parts[1] == "sigma" && parts[parts.count - 2] == "mm":
      return "log-sigma-" + parts[2..<(parts.count - 2)].joined(separator: "-") + "-mm-"
        + (parts.last ?? "").uppercased()
    case "lbp" where parts.count == 2 && parts[1] == "2d": return "lbp-2D"
    case "lbp" where parts.count == 3 && parts[1] == "3d": return "lbp-3D-" + parts[2]
    default: return nil
    }
  }

  private static let classes: [String: (name: String, features: [String: String])] = {
    let lists = [
      "shape": """
      Elongation Flatness LeastAxisLength MajorAxisLength Maximum2DDiameterColumn Maximum2DDiameterRow \
      Maximum2DDiameterSlice Maximum3DDiameter MeshVolume MinorAxisLength Sphericity SurfaceArea SurfaceVolumeRatio \
      VoxelVolume Compactness1 Compactness2 SphericalDisproportion
      """,
      "shape2D": """
      Elongation MajorAxisLength MaximumDiameter MeshSurface MinorAxisLength Perimeter PerimeterSurfaceRatio \
      PixelSurface Sphericity SphericalDisproportion
      """,
      "firstorder": """
      10Percentile 90Percentile Energy Entropy InterquartileRange Kurtosis Maximum Mean MeanAbsoluteDeviation Median \
      Minimum Range RobustMeanAbsoluteDeviation RootMeanSquared Skewness TotalEnergy Uniformity Variance \
      StandardDeviation
      """,
      "glcm": """
      Autocorrelation ClusterProminence ClusterShade ClusterTendency Contrast Correlation DifferenceAverage \
      DifferenceEntropy DifferenceVariance Id Idm Idmn Idn Imc1 Imc2 InverseVariance JointAverage JointEnergy \
      JointEntropy MCC MaximumProbability SumAverage SumEntropy SumSquares Dissimilarity Homogeneity1 Homogeneity2 \
      SumVariance
      """,
      "glrlm": """
      GrayLevelNonUniformity GrayLevelNonUniformityNormalized GrayLevelVariance HighGrayLevelRunEmphasis \
      LongRunEmphasis LongRunHighGrayLevelEmphasis LongRunLowGrayLevelEmphasis LowGrayLevelRunEmphasis RunEntropy \
      RunLengthNonUniformity RunLengthNonUniformityNormalized RunPercentage RunVariance ShortRunEmphasis \
      ShortRunHighGrayLevelEmphasis ShortRunLowGrayLevelEmphasis
      """,
      "glszm": """
      GrayLevelNonUniformity GrayLevelNonUniformityNormalized GrayLevelVariance HighGrayLevelZoneEmphasis \
      LargeAreaEmphasis LargeAreaHighGrayLevelEmphasis LargeAreaLowGrayLevelEmphasis LowGrayLevelZoneEmphasis \
      SizeZoneNonUniformity SizeZoneNonUniformityNormalized SmallAreaEmphasis SmallAreaHighGrayLevelEmphasis \
      SmallAreaLowGrayLevelEmphasis ZoneEntropy ZonePercentage ZoneVariance
      """,
      "gldm": """
      DependenceEntropy DependenceNonUniformity DependenceNonUniformityNormalized DependencePercentage \
      DependenceVariance GrayLevelNonUniformity GrayLevelNonUniformityNormalized GrayLevelVariance \
      HighGrayLevelEmphasis LargeDependenceEmphasis LargeDependenceHighGrayLevelEmphasis \
      LargeDependenceLowGrayLevelEmphasis LowGrayLevelEmphasis SmallDependenceEmphasis \
      SmallDependenceHighGrayLevelEmphasis SmallDependenceLowGrayLevelEmphasis
      """,
      "ngtdm": "Busyness Coarseness Complexity Contrast Strength",
    ]
    return Dictionary(
      uniqueKeysWithValues: lists.map { name, list in
        let features = list.split(separator: " ").map { ($0.lowercased(), String($0)) }
        return (name.lowercased(), (name, Dictionary(uniqueKeysWithValues: features)))
      })
  }()
}
