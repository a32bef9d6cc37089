import Documents
import Errors
import Foundation
import Model
import Testing

struct FeatureFileTests {
  private func file(_ text: String) throws -> FeatureFile { try FeatureFile(bytes: Array(text.utf8)) }

  @Test("Infinity is read in either form")
  func infinityIsReadInEitherForm() throws {
    let json = #"{"features": {"a": null, "b": null, "c": 2.0}, "nonFinite": {"a": "inf", "c": "-inf", "x": "inf"}}"#
    for text in [json, "study,a,b,c\nS,inf,,2.0\n"] {
      let record = try #require(try FeatureFile(bytes: Array(text.utf8)).records.first)
      let numbers = try record.numbers(for: ["a", "b", "c", "x", "nonFinite"])
      // Only what is null is named as infinite; nothing becomes a column.
      #expect(numbers["a"] == .infinity && numbers["b"]?.isNaN == true && numbers["c"] == 2)
      #expect(numbers["x"] == nil && numbers["nonFinite"] == nil)
    }
  }

  @Test("features.csv is read")
  func featuresCSVIsRead() throws {
    let records = try file(
      "\u{FEFF}study,series,roi,label,a,b,c\r\n\"P, 1\",1.2.3,\"a \"\"tumour\"\"\",1,-1.5e-3,,+2\r\n'=P2,1.2,x,1,1,nan,3\r\n"
    ).records
    #expect(records.map(\.study) == ["P, 1", "=P2"])
    #expect(records.map(\.row) == [2, 3])
    let numbers = try records[0].numbers(for: ["a", "b", "c", "d"])
    #expect(numbers["a"] == -0.0015 && numbers["c"] == 2 && numbers["b"]?.isNaN == true)
    #expect(numbers["d"] == nil)
    #expect(try records[1].numbers(for: ["b"])["b"]?.isNaN == true)
  }

  @Test("A batch table of PyRadiomics is read")
  func pyRadiomicsBatchTableIsRead() throws {
    let records = try file(
      """
      Image,Mask,diagnostics_Versions_Numpy,diagnostics_Image-interpolated_Spacing,x
      i.nii.gz,m.nii.gz,1.26.4,"(3.0, 4.0, 12.0)",7
      j.nii.gz,m.nii.gz,1.26.4,"(np.float64(1.0), np.float64(2.0), np.float64(2.0))",8
      """
    ).records
    let name = "diagnostics_Image-interpolated_Spacing"
    #expect(try records.map { try $0.numbers(for: [name])[name] } == [13, 3])
    #expect(records.map(\.study) == ["i.nii.gz", "j.nii.gz"])
  }

  @Test("JSON is read as `extract` prints it")
  func extractJSONIsRead() throws {
    let record = try #require(
      try file(
        #"{"features":{"a":1.25,"b":null,"c":NaN},"diagnostics":{"size":[2,3,6],"hash":"ab"}}"#
      ).records.first)
    let numbers = try record.numbers(for: ["a", "b", "c", "size"])
    #expect(numbers["a"] == 1.25 && numbers["size"] == 7)
    #expect(numbers["b"]?.isNaN == true && numbers["c"]?.isNaN == true)
    #expect(throws: StudyError.self) { try record.numbers(for: ["hash"]) }
  }

  @Test("Flat JSON and arrays are read")
  func flatJSONAndArraysAreRead() throws {
    #expect(try file(#" {"a": 1e-300, "study": "S"} "#).records[0].numbers(for: ["a"]) == ["a": 1e-300])
    let records = try file(#"[{"study":"A","a":1},{"study":"B","features":{"a":2}}]"#).records
    #expect(records.map(\.study) == ["A", "B"])
    #expect(try records.map { try $0.numbers(for: ["a"])["a"] } == [1, 2])
  }

  @Test(
    "A cell that is not a number is named with its row and column",
    arguments: [
      ("study,a\nS,1;5\n", "row 2, column a"),
      ("study,a\nS,1\nT,\"1,5\"\n", "row 3, column a"),
      ("study,a\nS,0x10\n", "row 2, column a"),
      ("study,a\nS,true\n", "row 2, column a"),
    ])
  func nonNumericCellNamesRowAndColumn(text: String, place: String) throws {
    let records = try file(text).records
    let error = #expect(throws: StudyError.self) { for record in records { _ = try record.numbers(for: ["a"]) } }
    #expect(error?.code == .featureTable && error?.code.exit == .badInput)
    #expect(error?.message.contains(place) == true, "\(String(describing: error))")
  }

  @Test(
    "Malformed tables are refused",
    arguments: [
      ("", "empty"), ("study,a\n", "no row"), ("study,a\nS\n", "row 2"), ("study,a\nS,1,2\n", "row 2"),
      ("study,a,a\nS,1,2\n", "second column a"), ("study,a\n\"S,1\n", "line 2"),
      ("study,a\n\"S\"x,1\n", "closing quote"), ("study,a\nS\"x,1\n", "line 2"), ("{\"a\":", "JSON"),
      ("[]", "empty array"),
      ("[1]", "element 0"),
    ])
  func malformedTablesAreRefused(text: String, reason: String) {
    let error = #expect(throws: StudyError.self) { try file(text) }
    #expect(error?.code == .featureTable)
    #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
  }

  @Test(
    "A case keeps its name as it is written",
    arguments: [
      "12345678901234567890", "007", "1E5", "0042.0", "nan", "(1,2)", "inf", "-0",
    ])
  func caseNamesStayAsWritten(name: String) throws {
    for column in ["study", "case", "ID", "Patient", "PatientID", "patient_id", "Patient ID", "STUDY"] {
      #expect(try file("a,\(column)\n1,\"\(name)\"\n").records[0].study == name, "\(column)")
      #expect(try file("[{\"a\": 1, \"\(column)\": \"\(name)\"}]").records[0].study == name, "\(column)")
    }
    #expect(try file("a;study\n1,5;\(name)\n").records[0].study == name)
  }

  @Test("A number that names a case in JSON keeps all its digits")
  func numericCaseNamesKeepAllDigits() throws {
    for name in ["12345678901234567890", "1234567890123456789", "7"] {
      #expect(try file(#"{"study": \#(name), "a": 1}"#).records[0].study == name)
    }
  }

  @Test(
    "The separators that spreadsheets write are read",
    arguments: [
      "study;a;b\nS;1,5;2.5\n", "study\ta\tb\nS\t1,5\t2.5\n", "sep=;\nstudy;a;b\nS;1,5;2.5\n",
      "sep=,\r\nstudy,a,b\r\nS,1.5,2.5\r\n", "\u{FEFF}\"sep=,\"\nstudy,a,b\nS,1.5,2.5\n",
    ])
  func spreadsheetSeparatorsAreRead(text: String) throws {
    let records = try file(text).records
    #expect(records.map(\.study) == ["S"])
    #expect(try records[0].numbers(for: ["a", "b"]) == ["a": 1.5, "b": 2.5])
  }

  @Test("A column that is absent is named in the error")
  func absentColumnIsNamed() throws {
    let table = try file("study,original_glcm_Contrst,b\nS,1,\n")
    let error = #expect(throws: StudyError.self) { try table.requireColumns(["original_glcm_Contrast", "b", "c"]) }
    #expect(error?.code == .featureTable && error?.message.contains("original_glcm_Contrast and 1 more") == true)
    #expect(error?.hint.contains("did you mean original_glcm_Contrst?") == true)
    try table.requireColumns(["b"])
  }

  @Test("Features of another profile are refused")
  func otherProfileIsRefused() throws {
    for text in ["study,profile_sha256,a\nS,1111e5,1\n", #"{"profile": {"sha256": "1111e5"}, "a": 1}"#] {
      let record = try file(text).records[0]
      try record.requireProfile("1111e5", code: .featureTable)
      let error = #expect(throws: StudyError.self) { try record.requireProfile("22", code: .featureTable) }
      #expect(error?.message.contains("was measured with the profile 1111e5, the model is of profile 22") == true)
    }
    try file("study,profile_sha256,a\nS,,1\n").records[0].requireProfile("22", code: .featureTable)
  }

  @Test("A missing file is reported by name")
  func missingFileIsNamed() {
    let error = #expect(throws: StudyError.self) { try FeatureFile(contentsOf: "/nonexistent/features.csv") }
    #expect(error?.code.exit == .inputMissing)
  }

  /// Nested JSON is refused by depth, not by a stack that overflows.
  @Test("Deeply nested JSON is refused")
  func deepJSONIsRefused() {
    #expect(throws: StudyError.self) {
      try file(String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000))
    }
  }

  @Test("The norm of a tuple is Euclidean")
  func tupleNormIsEuclidean() {
    #expect(norm(of: [3, 4]) == 5)
    #expect(norm(of: []) == 0)
  }
}
