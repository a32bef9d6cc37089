import Errors
import Foundation
import TestKit
import Testing
import Training

/// Tables that would train a model with a green light and must not.
@Suite("Wrong tables")
struct WrongTableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(
    _ features: String, _ labels: String, _ change: (inout LabelledCohort.Source) -> Void = { _ in }
  ) throws -> (cohort: LabelledCohort, notes: [String]) {
    try folder.write("f.csv", features)
    try folder.write("l.csv", labels)
    var source = LabelledCohort.Source(features: [folder("f.csv")], labels: folder("l.csv"))
    change(&source)
    return try LabelledCohort.read(source)
  }

  private func failure(
    _ features: String, _ labels: String, _ change: (inout LabelledCohort.Source) -> Void = { _ in }
  ) -> StudyError? {
    do {
      _ = try read(features, labels, change)
      return nil
    } catch { return error as? StudyError }
  }

  // MARK: a feature that is the label

  private static let labels = (0..<97).map { ($0 * 61) % 97 < 42 }

  private static func noise(_ i: Int) -> Double { Double((i * 7919 + 104729) % 1009) / 1009 }

  private static func leaks(_ value: (Int, Bool) -> Double) -> [LabelLeak] {
    let values = labels.enumerated().flatMap { [noise($0), value($0, $1), noise($0 + 500)] }
    let matrix = FeatureMatrix(names: ["a", "leak", "b"], rowCount: labels.count, values: values)
    return LabelLeak.all(matrix, labels)
  }

  @Test(
    "A copy of the label among the features is found",
    arguments: [
      "equal", "inverted", "scaled", "noisy", "score", "codes", "enclosed", "two wrong", "shifted", "heavy tail",
    ])
  func copiedLabelIsFound(kind: String) {
    let found = Self.leaks { i, positive in
      let noise = Self.noise(i * 3)
      return switch kind {
      case "equal": positive ? 1 : 0
      case "inverted": positive ? 0 : 1
      case "scaled": positive ? -3.5 : 1e6
      case "noisy": (positive ? 1 : 0) + noise * 0.5
      case "score": positive ? (noise < 0.5 ? 2 : 3) : (noise < 0.5 ? 0 : 1)
      case "codes": positive ? (noise < 0.5 ? 0 : 3) : (noise < 0.5 ? 1 : 2)
      case "enclosed": positive ? 0.4 + noise * 0.2 : (noise < 0.5 ? noise * 0.5 : 0.7 + noise * 0.2)
      case "two wrong": positive != (i == 5 || i == 50) ? 1 : 0
      case "shifted": (positive ? 1 : 0) * 10 + noise * 10
      default: positive ? 1 / (noise + 1e-6) + 1 : noise
      }
    }
    #expect(found.map(\.feature) == ["leak"], "\(kind)")
  }

  @Test("A strong feature of the image is not taken for a leak")
  func strongImageFeatureIsNoLeak() {
    // A strong feature (an AUC of about 0.9), a constant one, one of few values, and pure noise.
    #expect(Self.leaks { i, positive in (positive ? 0.6 : 0) + Self.noise(i * 3) }.isEmpty)
    #expect(Self.leaks { _, _ in 4 }.isEmpty)
    #expect(Self.leaks { i, positive in Double(i % 3) + (positive && i % 2 == 0 ? 1 : 0) }.isEmpty)
    #expect(Self.leaks { i, _ in Self.noise(i * 5) }.isEmpty)
    // Few cases: chance separates them in one of a thousand features.
    let few = FeatureMatrix(names: ["a"], rowCount: 10, values: (0..<10).map { Double($0) })
    #expect(LabelLeak.all(few, (0..<10).map { $0 < 5 }).isEmpty)
  }

  /// A value that a few cases of one class have, among many that both classes have, tells nothing.
  @Test("A rare value is not taken for a leak")
  func rareValueIsNoLeak() {
    for rare in [1, 2, 3, 5] {
      let negatives = Self.labels.indices.filter { !Self.labels[$0] }
      let positives = Self.labels.indices.filter { Self.labels[$0] }
      for rows in [negatives, positives].map({ Set($0.prefix(rare)) }) {
        #expect(Self.leaks { i, _ in rows.contains(i) ? 2 : 1 }.isEmpty, "\(rare) of one value")
        #expect(Self.leaks { i, _ in rows.contains(i) ? -2 : 1 }.isEmpty, "\(rare) of one value, below")
        #expect(Self.leaks { i, _ in rows.contains(i) ? Self.noise(i) + 0.1 : 0 }.isEmpty, "\(rare) above zero")
      }
    }
    #expect(Self.leaks { i, positive in positive ? 0 : Double(i % 2) }.isEmpty)
  }

  @Test("A leak is refused unless it is allowed by name")
  func leakIsRefusedUnlessAllowedByName() throws {
    let values = Self.labels.map { $0 ? 1.0 : 0 }
    let matrix = FeatureMatrix(names: ["leak"], rowCount: values.count, values: values)
    let cohort = LabelledCohort(ids: values.indices.map { "\($0)" }, labels: Self.labels, features: matrix)
    let error = #expect(throws: StudyError.self) { try cohort.requireNoLeak(allowed: []) }
    #expect(error?.code == .trainLeak && error?.message.contains("leak is the label itself") == true)
    #expect(error?.hint.contains("allow_label_like: [leak]") == true)
    #expect(try cohort.requireNoLeak(allowed: ["leak"]).map(\.feature) == ["leak"])
    #expect(
      try TrainingConfiguration(yaml: "allow_label_like: [leak]\nyates: true\n", file: "t").allowedLeaks == ["leak"])
  }

  // MARK: names of cases

  private static func table(_ ids: [String]) -> String {
    "study,original_glcm_Id\n" + ids.enumerated().map { "\($1),\($0)\n" }.joined()
  }

  private static func labelled(_ ids: [String]) -> String {
    "study,label\n" + ids.enumerated().map { "\($1),\($0 % 2)\n" }.joined()
  }

  @Test(
    "Changed names of cases are joined only where the user asks for it",
    arguments: [
      (["007", "008", "9", "10"], ["7", "8", "9", "10"]), (["1", "2", "3"], ["1.0", "2.0", "3.0"]),
      (["P-001", "P-002", "P-3"], ["P-1", "P-2", "P-3"]), (["ab c1", "D2"], ["AB C1", "d2"]),
    ])
  func changedNamesAreJoinedOnlyOnRequest(own: [String], changed: [String]) throws {
    for (f, l) in [(own, changed), (changed, own)] {
      let fault = failure(Self.table(f), Self.labelled(l))
      #expect(fault?.code == .trainUnmatched && fault?.hint.contains("--match-names") == true)
      let message = fault?.message ?? ""
      #expect(zip(f, l).contains { $0 != $1 && message.contains($0) && message.contains($1) })
      let (cohort, notes) = try read(Self.table(f), Self.labelled(l)) { $0.matchesNames = true }
      #expect(cohort.count == own.count && cohort.ids == f.sorted())
      let truth = Dictionary(uniqueKeysWithValues: f.enumerated().map { ($1, $0 % 2 == 1) })
      #expect(zip(cohort.ids, cohort.labels).allSatisfy { truth[$0] == $1 })
      #expect(notes.contains { $0.contains("joined although their names differ") })
    }
  }

  @Test("Two cases of one key are not joined")
  func twoCasesOfOneKeyAreNotJoined() throws {
    let fault = failure(Self.table(["07", "7", "a", "b"]), Self.labelled(["007", "a", "b", "c"])) {
      $0.matchesNames = true
    }
    #expect(fault?.code == .trainUnmatched && fault?.hint.contains("--allow-unmatched") == true)
  }

  @Test("Tables with hardly a case in common stop the run")
  func barelyOverlappingTablesAreRefused() throws {
    let all = (0..<20).map { "case\($0)" }
    let fault = failure(Self.table(Array(all.dropLast(5))), Self.labelled(all))
    #expect(fault?.code == .trainUnmatched && fault?.message.contains("5 of 20 cases") == true)
    #expect(fault?.message.contains("case15") == true && fault?.hint.contains("--allow-unmatched") == true)
    #expect(try read(Self.table(Array(all.dropLast(2))), Self.labelled(all)).cohort.count == 18)
    let allowed = try read(Self.table(Array(all.dropLast(5))), Self.labelled(all)) { $0.allowsUnmatched = true }
    #expect(allowed.cohort.count == 15)
    let rounded = failure(Self.table(["1.23457E+11", "b", "c"]), Self.labelled(["123456789012", "b", "c"]))
    #expect(rounded?.code == .trainUnmatched && rounded?.message.contains("rounded") == true)
  }

  // MARK: headers

  @Test(
    "A feature in another spelling is used, and the spelling is reported",
    arguments: ["ORIGINAL_GLCM_CONTRAST", "original.glcm.Contrast", "Original GLCM contrast"])
  func otherSpellingIsReportedAsTheFeature(header: String) throws {
    let (cohort, notes) = try read("STUDY,\(header)\na,1\nb,2\n", "Study,LABEL\na,0\nb,1\n")
    #expect(cohort.features.names == ["original_glcm_Contrast"])
    #expect(notes.contains { $0.contains("\(header) for original_glcm_Contrast") })
    let (frozen, _) = try read("study,\(header)\na,1\nb,2\n", "study,label\na,0\nb,1\n") {
      $0.schema = ["original_glcm_Contrast"]
    }
    #expect(frozen.features.names == ["original_glcm_Contrast"])
  }

  @Test("A misspelt feature is named in the error")
  func misspeltFeatureIsNamed() {
    let fault = failure("study,original_glcm_Contrst\na,1\nb,2\n", "study,label\na,0\nb,1\n") {
      $0.schema = ["original_glcm_Contrast"]
    }
    #expect(fault?.hint.contains("did you mean original_glcm_Contrst?") == true)
    let twice = failure(
      "study,original_glcm_Id,ORIGINAL_GLCM_ID\na,1,2\nb,2,3\n", "study,label\na,0\nb,1\n")
    #expect(twice?.message.contains("one feature in two spellings") == true)
  }

  @Test("Columns that are not features are named")
  func nonFeatureColumnsAreNamed() throws {
    let (_, notes) = try read("study,original_glcm_Id,weight,split\na,1,70,x\nb,2,80,y\n", "study,label\na,0\nb,1\n")
    #expect(notes.contains { $0.contains("2 columns are no feature and not used: weight, split") })
    let (_, plain) = try read("study,f1,f2\na,1,2\nb,2,3\n", "study,label,Split\na,0,train\nb,1,test\n")
    #expect(plain.contains { $0.contains("2 are taken as they are") })
    #expect(plain.contains { $0.contains("Split in the table of labels looks like a split") })
  }

  @Test(
    "A column that holds more than the image can tell (split, date, outcome) is never a feature",
    arguments: [
      ("fold", "a split"), ("Split", "a split"), ("patient_id", ""), ("case_id", "a name"), ("scan date", "a date"),
      ("HER2.status", "an outcome"), ("true label", "an outcome"), ("cv_fold", "a split"), ("set", "a split"),
      ("is_train", "a split"), ("Dataset", "a split"), ("cohort", "a split"), ("TrainTest", "a split"),
      ("Fold1", "a split"), ("StudyDate", "a date"), ("acquisition_time", "a date"), ("year", "a date"),
      ("examdate", "a date"), ("日期", "a date"), ("patient_no", "a name"), ("PatientID2", "a name"),
      ("AccessionNumber", "a name"), ("MRN", "a name"), ("Unnamed: 0", "a name"), ("index", "a name"),
      ("row", "a name"),
      ("case_no", "a name"), ("SubjectID", "a name"), ("病历号", "a name"), ("survival_months", "an outcome"),
      ("follow_up", "an outcome"), ("os", "an outcome"), ("PFS", "an outcome"), ("hospital", "a hospital"),
      ("site", "a hospital"), ("Centre2", "a hospital"), ("age", ""), ("Sex", ""), ("size", ""), ("tumor_size", ""),
      ("y1", ""), ("Maximum2DDiameterRow", ""), ("center_of_mass_shift", ""), ("heterogeneity_index", ""),
      ("glcm_Id", ""), ("time_to_peak", ""), ("T1_mean", ""), ("MeshVolume", ""), ("SUVmax", ""),
    ])
  func outcomeColumnIsNeverAFeature(column: String, kind: String) {
    let fault = failure("study,f1,\(column)\na,1,2\nb,2,3\n", "study,label\na,0\nb,1\n")
    #expect(kind.isEmpty ? fault == nil : fault?.message.contains("\(column) looks like \(kind)") == true)
  }

  // MARK: labels and encodings

  @Test("The user chooses which value is positive")
  func positiveValueIsChosenByTheUser() throws {
    let labels = "study,label\na,阴性\nb,阳性\n"
    #expect(failure(Self.table(["a", "b"]), labels)?.hint.contains("--positive") == true)
    #expect(try read(Self.table(["a", "b"]), labels) { $0.positive = "阳性" }.cohort.labels == [false, true])
    #expect(
      try read(Self.table(["a", "b"]), Self.labelled(["a", "b"])) { $0.positive = "0" }.cohort.labels == [true, false])
    let three = failure(Self.table(["a", "b", "c"]), "study,label\na,x\nb,y\nc,z\n") { $0.positive = "x" }
    #expect(three?.message.contains("3 values") == true)
  }

  @Test("The encoding of a table is reported")
  func encodingIsReported() throws {
    let units: [UInt16] = [0xFEFF] + Array("study,label\na,0\nb,1\n".utf16)
    try folder.write("f.csv", Self.table(["a", "b"]))
    let bytes = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    try Data(bytes).write(to: URL(fileURLWithPath: folder("l.csv")))
    let (cohort, notes) = try LabelledCohort.read(.init(features: [folder("f.csv")], labels: folder("l.csv")))
    #expect(cohort.count == 2 && notes.contains { $0.contains("UTF-16") })
  }
}
