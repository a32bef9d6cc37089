internal import Model

/// The apparent kind of a column that is not a feature, by its name.
enum ColumnKind: String, Sendable {
  case split = "a split of the cases"
  case date = "a date"
  case name = "a name or number of a case"
  case outcome = "an outcome"
  case site = "a hospital"

  /// Words that indicate the kind anywhere in a name.
  private static let words: [(ColumnKind, Set<String>)] = [
    (
      .split,
      [
        "split", "fold", "folds", "partition", "subset", "train", "test", "training", "testing", "validation",
        "traintest", "dataset", "cohort", "分组",
      ]
    ),
    (
      .date,
      [
        "date", "datum", "dob", "birthdate", "birthday", "timestamp", "datetime", "studydate", "examdate", "scandate",
        "studytime", "日期",
      ]
    ),
    (
      .name,
      [
        "id", "mrn", "accession", "accessionnumber", "accessionno", "patientid", "subjectid", "caseid", "studyid",
        "uid",
        "barcode", "patientname", "patientno", "patientnumber", "caseno", "casenumber", "unnamed", "姓名", "病历号",
        "住院号",
      ]
    ),
    (
      .outcome,
      [
        "label", "class", "outcome", "target", "diagnosis", "ihc", "her2", "status", "response", "survival", "death",
        "recurrence", "progression", "event", "grade", "groundtruth", "truth", "y", "followup", "os", "pfs", "dfs",
        "rfs",
      ]
    ),
    (.site, ["hospital"]),
  ]

  /// Words that features have as well (`center_of_mass`, `Maximum2DDiameterRow`): they indicate the kind where the name
  /// has no other word than these and `companions`.
  private static let weakWords: [String: ColumnKind] = [
    "set": .split, "time": .date, "year": .date, "index": .name, "row": .name, "site": .site, "centre": .site,
    "center": .site,
  ]
  private static let companions: Set<String> = [
    "study", "scan", "exam", "examination", "series", "acquisition", "patient", "subject", "case", "data", "is", "cv",
    "in", "the", "of", "no", "nr", "num", "number", "code", "name", "column",
  ]

  /// A class of features in a name: PyRadiomics' classes and IBSI's families.
  private static let classes: Set<String> = [
    "shape", "shape2d", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm", "gldzm", "ngldm", "morph", "stat",
    "ih", "ivh", "cm", "rlm", "szm", "dzm", "ngt", "ngl",
  ]

  /// nil where the name does not indicate a kind.
  init?(_ column: String) {
    let key = FeatureName.key(column).split(separator: "_").map(String.init)
    let words = Self.parts(of: column)
    guard Self.classes.isDisjoint(with: key) else { return nil }
    let joined = zip(words, words.dropFirst()).map { $0 + $1 }
    let all = Set(key + words + joined)
    if let kind = Self.words.first(where: { !$0.1.isDisjoint(with: all) })?.0 {
      self = kind
      return
    }
    let telling = words.filter { !Self.companions.contains($0) && !$0.allSatisfy(\.isNumber) }
    guard let first = telling.first, telling.allSatisfy({ Self.weakWords[$0] != nil }), let kind = Self.weakWords[first]
    else { return nil }
    self = kind
  }

  /// The words of a name in lower case: split at characters other than letters and digits and before the capitals of
  /// `StudyDate`, without digits at the end (`Fold1`; not where one letter would be left, `y1`).
  private static func parts(of column: String) -> [String] {
    var parted = ""
    var last: Character?
    for character in column {
      if character.isUppercase, let last, last.isLowercase || last.isNumber { parted.append("_") }
      parted.append(character)
      last = character
    }
    return FeatureName.key(parted).split(separator: "_").map { part in
      let bare = part.prefix(part.count - part.reversed().prefix { $0.isNumber }.count)
      return String(bare.count >= 2 ? bare : part)
    }
  }
}
