import Errors
import TestKit
import Testing
import Training

/// What hospital tables look like, and what is said of the ones that cannot be used.
@Suite("Cohort tables")
struct CohortFileTests {
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

  private static let features = """
    study,series,roi,label,original_shape_Elongation,original_glcm_Contrast
    c,s,r,1,0.5,3
    a,s,r,1,0.25,1
    b,s,r,1,0.75,2

    """
  private static let labels = "study,label\na,0\nb,1\nc,1\n"

  @Test("Cases are joined and sorted by name")
  func casesAreJoinedAndSortedByName() throws {
    let (cohort, notes) = try read(Self.features, Self.labels)
    #expect(cohort.ids == ["a", "b", "c"] && cohort.labels == [false, true, true] && cohort.groups == cohort.ids)
    #expect(cohort.features.names == ["original_shape_Elongation", "original_glcm_Contrast"])
    #expect(cohort.features.values == [0.25, 1, 0.75, 2, 0.5, 3])
    #expect(cohort.exclusions.isEmpty && notes.isEmpty)
  }

  @Test("Spreadsheets of other locales are read")
  func otherLocalesSpreadsheetsAreRead() throws {
    // Byte-order mark, CR LF, semicolons, decimal commas, quoted cells, blanks around names.
    let features = "\u{FEFF}study ;original_shape_Elongation\r\n\"a\";0,25\r\n b;\"1,5\"\r\n"
    let (cohort, _) = try read(features, "\u{FEFF}study;ihc;age;sex\r\na;1+;61,5;M\r\nb;2+;;F\r\n")
    #expect(cohort.features.values == [0.25, 1.5])
    #expect(cohort.labels == [false, true])
    #expect(cohort.clinical.map(\.name) == ["age", "sex"])
    guard case .numbers(let ages) = cohort.clinical[0].values, case .categories(let sexes) = cohort.clinical[1].values
    else { throw CancellationError() }
    #expect(ages[0] == 61.5 && ages[1].isNaN && sexes == ["M", "F"])
  }

  @Test("Immunohistochemistry scores are read")
  func immunohistochemistryScoresAreRead() throws {
    let (cohort, _) = try read(
      "id,original_shape_X\na,1\nb,2\nc,3\nd,4\n", "id,IHC,patient\na,0,p1\nb,1+,p1\nc,2+,p2\nd,3+,p3\n")
    #expect(cohort.labels == [false, false, true, true])
    #expect(cohort.groups == ["p1", "p1", "p2", "p3"])
    // Without the plus it is a score only where the column says so.
    #expect(try read("id,original_shape_X\na,1\nb,2\n", "id,ihc\na,1\nb,2\n").cohort.labels == [false, true])
    #expect(failure("id,original_shape_X\na,1\nb,2\n", "id,label\na,1\nb,2\n")?.code.name == "E_TRAIN_TABLE")
  }

  @Test("A batch table of PyRadiomics is read")
  func pyradiomicsBatchTableIsRead() throws {
    let features = """
      ID,Image,Mask,diagnostics_Versions_Python,diagnostics_Image-interpolated_Spacing,original_glcm_Id,wavelet-HHL_glszm_ZoneEntropy
      7,i.nii,m.nii,3.9.2,"(3.0, 4.0, 0.0)",0.5,1e-3
      8,i.nii,m.nii,3.9.2,"(6.0, 8.0, 0.0)",0.25,2

      """
    let (cohort, _) = try read(features, "ID,label\n7,0\n8,1\n")
    #expect(
      cohort.features.names == [
        "diagnostics_Image-interpolated_Spacing", "original_glcm_Id", "wavelet-HHL_glszm_ZoneEntropy",
      ])
    #expect(cohort.features.values == [5, 0.5, 0.001, 10, 0.25, 2])
  }

  @Test("Failed extractions and missing partners are counted")
  func failedExtractionsAndMissingPartnersAreCounted() throws {
    let features = """
      study,radiomicsd_code,original_glcm_Id
      a,,1
      b,,2
      c,E_NO_SERIES,
      d,,4
      e,,5

      """
    let labels = "study,label\na,0\nb,1\nd,\nz,1\n"
    #expect(failure(features, labels)?.code.name == "E_TRAIN_UNMATCHED")
    let (cohort, notes) = try read(features, labels) { $0.allowsUnmatched = true }
    #expect(cohort.ids == ["a", "b"])
    #expect(
      cohort.exclusions == [
        .init(reason: "extraction failed", count: 1), .init(reason: "no features", count: 1),
        .init(reason: "not in the table of labels", count: 1), .init(reason: "label is empty", count: 1),
      ])
    #expect(notes.contains { $0.contains("no features: z") })
  }

  @Test("Several tables of features are joined")
  func severalFeatureTablesAreJoined() throws {
    try folder.write("g.csv", "study,original_glcm_Id\nb,2\n")
    let (cohort, _) = try read("study,original_glcm_Id\na,1\n", "study,label\na,0\nb,1\n") {
      $0.features.append(folder("g.csv"))
    }
    #expect(cohort.features.values == [1, 2])
    try folder.write("g.csv", "study,original_glcm_Contrast\nb,2\n")
    let fault = failure("study,original_glcm_Id\na,1\n", "study,label\na,0\nb,1\n") {
      $0.features.append(folder("g.csv"))
    }
    #expect(fault?.message.contains("original_glcm_Id") == true)
  }

  @Test("Chosen columns are used")
  func chosenColumnsAreUsed() throws {
    let (cohort, _) = try read(Self.features, Self.labels) { $0.schema = ["original_glcm_Contrast"] }
    #expect(cohort.features.values == [1, 2, 3])
    let (kept, _) = try read(Self.features, Self.labels) { $0.kept = ["original_shape_Elongation"] }
    #expect(kept.features.values == [0.25, 0.75, 0.5])
    #expect(failure(Self.features, Self.labels) { $0.kept = ["nothing"] }?.message.contains("nothing") == true)
    #expect(failure(Self.features, Self.labels) { $0.schema = ["nothing"] }?.message.contains("nothing") == true)
    #expect(failure(Self.features, Self.labels) { $0.labelColumn = "outcome" }?.message.contains("outcome") == true)
  }

  @Test("Missing values are accepted only where they are allowed")
  func missingValuesNeedPermission() throws {
    let features = "study,original_glcm_Id\na,1\nb,\nc,nan\n"
    let fault = failure(features, Self.labels)
    #expect(fault?.code.name == "E_TRAIN_MISSING")
    #expect(fault?.message.contains("line 3") == true && fault?.message.contains("original_glcm_Id") == true)
    // Two cases with nothing in the only column look like copies of each other.
    let holed = "study,original_glcm_Id,original_glcm_Contrast\na,1,1\nb,,2\nc,3,3\n"
    #expect(try read(holed, Self.labels) { $0.allowsMissing = true }.cohort.features.values[2].isNaN)
  }

  @Test(
    "Refusals name the row and the column",
    arguments: [
      ("", "study,label\na,0\n", "empty"),
      ("study,original_glcm_Id\n", "study,label\na,0\n", "no row"),
      ("study,original_glcm_Id\na,1\n", "study,label\na,0\n", "both classes"),
      ("study,original_glcm_Id\na,1\nb,2\n", "study,label\na,0\nb,0\n", "both classes"),
      ("study,original_glcm_Id\na,1\nb,2\n", "study,label\nx,0\ny,1\n", "no case has both"),
      ("study,original_glcm_Id\na,1\na,2\n", "study,label\na,0\nb,1\n", "line 3 repeats case a"),
      ("study,original_glcm_Id\na,1\nb,2\n", "study,label\na,0\nb,1\na,0\n", "line 4 repeats case a"),
      ("study,original_glcm_Id\na,1\nb,1\n", "study,label\na,0\nb,1\n", "the same number in every feature"),
      ("study,original_glcm_Id\na,1\nb,x\n", "study,label\na,0\nb,1\n", "line 3, column original_glcm_Id"),
      ("study,original_glcm_Id\na,1\nb,\"1,5\"\n", "study,label\na,0\nb,1\n", "1,5"),
      ("study,original_glcm_Id\na,1\nb,inf\n", "study,label\na,0\nb,1\n", "not a finite number"),
      ("study,original_glcm_Id\na,1\nb\n", "study,label\na,0\nb,1\n", "line 3 of the table has 1 cells"),
      ("study,original_glcm_Id,original_glcm_Id\na,1,1\n", "study,label\na,0\n", "second column"),
      ("study,original_glcm_Id\na,1\n,2\n", "study,label\na,0\nb,1\n", "no name"),
      ("what,original_glcm_Id\na,1\nb,2\n", "study,label\na,0\nb,1\n", "names its cases"),
      ("study,original_glcm_Id\na,1\nb,2\n", "study,label\na,0\nb,maybe\n", "line 3 (case b), column label"),
      ("study,original_glcm_Id\na,1\nb,2\n", "study,truth\na,0\nb,1\n", "holds the label"),
      ("study,series\na,1\nb,2\n", "study,label\na,0\nb,1\n", "could be a feature"),
    ])
  func refusalsNameThePlace(_ features: String, _ labels: String, _ part: String) {
    let fault = failure(features, labels)
    #expect(fault?.description.contains(part) == true, "\(fault.map(\.description) ?? "accepted")")
  }

  @Test("The name of a case is never used as a path")
  func caseNameIsNeverAPath() throws {
    let (cohort, _) = try read(
      "study,original_glcm_Id\n../../etc/passwd,1\n\"'=cmd\",2\n", "study,label\n../../etc/passwd,0\n=cmd,1\n")
    #expect(cohort.ids == ["../../etc/passwd", "=cmd"])
  }

  @Test("Lists of features are read")
  func featureListsAreRead() throws {
    try folder.write("a.txt", "# stable\noriginal_glcm_Id\n\noriginal_glcm_Contrast\n")
    #expect(try FeatureList.names(in: folder("a.txt")) == ["original_glcm_Id", "original_glcm_Contrast"])
    try folder.write("b.csv", "feature,icc,stable\na,0.9,true\nb,0.2,false\n")
    #expect(try FeatureList.names(in: folder("b.csv")) == ["a"])
    try folder.write("c.txt", "a\na\n")
    #expect(throws: StudyError.self) { try FeatureList.names(in: folder("c.txt")) }
  }
}
