internal import Model

/// What a column that is no feature seems to be, by its name.
enum ColumnKind: String, Sendable {
  case split = "a split of the cases"
  case date = "a date"
  case name = "a name or number of a case"
  case outcome = "an outcome"

  private static let words: [(ColumnKind, Set<String>)] = [
    (.split, ["split", "fold", "folds", "partition", "subset", "train", "test", "training", "testing", "validation"]),
    (.date, ["date", "datum", "dob", "birthdate", "birthday", "timestamp", "datetime"]),
    (.name, ["id", "mrn", "accession", "patientid", "caseid", "studyid", "uid", "barcode", "patientname"]),
    (
      .outcome,
      [
        "label", "class", "outcome", "target", "diagnosis", "ihc", "her2", "status", "response", "survival", "death",
        "recurrence", "progression", "event", "grade", "groundtruth", "truth", "y",
      ]
    ),
  ]

  /// nil where the name says nothing of the kind.
  init?(_ column: String) {
    let parts = Set(FeatureName.key(column).split(separator: "_").map(String.init))
    guard let kind = Self.words.first(where: { !$0.1.isDisjoint(with: parts) })?.0 else { return nil }
    self = kind
  }
}
