package import Model

/// Cases with their features and their true class, for training and evaluation.
///
/// All arrays have one entry per case, in the same order: the cases sorted by name, so that the order of rows in the
/// files changes nothing. (`Cohort` of module Model is different: the statistics of a frozen model's training cases.)
package struct LabelledCohort: Sendable, Equatable {
  /// Names of the studies, each once. They are never written into a bundle.
  package let ids: [String]
  /// The patient of each case: cases of one patient are never on both sides of a split. Equal to `ids` where the table
  /// of labels has no such column.
  package let groups: [String]
  /// True for the positive class.
  package var labels: [Bool]
  package let features: FeatureMatrix
  package let clinical: [ClinicalColumn]
  /// How the cases of the files became these cases, for the flow diagram; reasons in the order in which they applied.
  package let exclusions: [Exclusion]

  /// Cases that a file names and that are not in the cohort.
  package struct Exclusion: Sendable, Equatable, Codable {
    /// For example `no label`, `no features`, `extraction failed`.
    package var reason: String
    package var count: Int

    package init(reason: String, count: Int) {
      self.reason = reason
      self.count = count
    }
  }

  /// - Precondition: one entry per case in every array.
  package init(
    ids: [String], groups: [String]? = nil, labels: [Bool], features: FeatureMatrix, clinical: [ClinicalColumn] = [],
    exclusions: [Exclusion] = []
  ) {
    precondition(ids.count == features.rowCount && labels.count == ids.count, "one label and one row per case")
    precondition(groups.map { $0.count == ids.count } ?? true, "one group a case")
    self.ids = ids
    self.groups = groups ?? ids
    self.labels = labels
    self.features = features
    self.clinical = clinical
    self.exclusions = exclusions
  }

  package var count: Int { ids.count }
  package var positives: Int { labels.count { $0 } }

  /// The cases with the given indices, in that order.
  package func rows(_ indices: [Int]) -> LabelledCohort {
    LabelledCohort(
      ids: indices.map { ids[$0] }, groups: indices.map { groups[$0] }, labels: indices.map { labels[$0] },
      features: features.rows(indices), clinical: clinical.map { $0.rows(indices) }, exclusions: exclusions)
  }

  /// The same cases with other labels: for permutation tests.
  package func with(labels: [Bool]) -> LabelledCohort {
    var copy = self
    precondition(labels.count == count, "one label a case")
    copy.labels = labels
    return copy
  }
}

extension LabelledCohort {
  /// How a case was scanned, as far as the tables have columns for it.
  package func acquisition(_ index: Int) -> AcquisitionFacts {
    var facts = AcquisitionFacts()
    for column in clinical {
      guard let name = AcquisitionFacts.Column(rawValue: column.name) else { continue }
      switch column.values {
      case .numbers(let numbers): facts[name] = numbers[index].isNaN ? .missing : .number(numbers[index])
      case .categories(let texts): facts[name] = texts[index].map(FeatureCell.text) ?? .missing
      }
    }
    return facts
  }
}
