extension Extraction {
  /// The 15 columns on the resampled image and mask, in PyRadiomics' order, tuples as their Euclidean norm.
  package var interpolatedColumns: [Feature] {
    diagnostics.compactMap { column in
      guard column.name.contains("-interpolated_"), let value = column.value.scalar else { return nil }
      return Feature(name: column.name, value: value)
    }
  }

  /// The columns that a table of features has for this extraction.
  ///
  /// For `jiao2024` these are the 975 columns of the paper as reconstructed: the interpolated diagnostics, then the
  /// features. Other profiles give their features alone: the position of the region is not a property of a tumour.
  package func columns(of profile: ExtractionProfile) -> [Feature] {
    (profile.text == BuiltInProfiles.texts["jiao2024"] ? interpolatedColumns : []) + features
  }

  /// Every number by its name, for a model that selects its own.
  package var numbers: [String: Double] {
    var numbers: [String: Double] = [:]
    for column in diagnostics { if let value = column.value.scalar { numbers[column.name] = value } }
    for feature in features { numbers[feature.name] = feature.value }
    return numbers
  }
}
