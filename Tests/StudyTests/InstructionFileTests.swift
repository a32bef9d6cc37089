import Configuration
import DICOM
import Documents
import Errors
import Foundation
import Imaging
import Study
import TestKit
import Testing

/// A user's instructions are read in every saved form, or refused by name.
@Suite struct InstructionFileTests {
  private let study: PhaseStudy

  init() throws {
    study = try PhaseStudy()
    try study.add(series: 1, "excretory")
    try study.nifti()
  }

  private func inspect() throws -> StudyInspection {
    try StudyInspection(
      folder: study.path, region: RegionRequest(), phase: Configuration.excretoryPhase, threads: 2)
  }

  private func code() throws -> String? { try inspect().refusal?.code.name }

  private func unused() throws -> [String] {
    (try ParsedJSON(inspect().json)["unused"]?["files"]?.array ?? []).compactMap { $0["file"]?.string }
  }

  @Test(
    "Every spelling of study.yaml is read",
    arguments: [
      "study.yaml", "study.yml", "Study.yaml", "STUDY.YAML", "study.yaml.txt", "study.yml.TXT", "study.txt",
    ]) func everySpellingIsRead(name: String) throws
  {
    try study.put(Array("label: 2\r\n".utf8), name)
    #expect(try code() == "E_LABEL_MISSING")
  }

  @Test("Every encoding that editors write is read", arguments: [true, false], [true, false])
  func everyEditorEncodingIsRead(isLittle: Bool, hasMark: Bool) throws {
    let units = ((hasMark ? "\u{FEFF}" : "") + "label: 2\r\n# 肿瘤\r\n").utf16
    try study.put(
      units.flatMap { isLittle ? [UInt8($0 & 255), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 255)] },
      "study.yaml")
    #expect(try code() == "E_LABEL_MISSING")
    try study.put([0xEF, 0xBB, 0xBF] + Array("label: 2\n".utf8), "study.yaml")
    #expect(try code() == "E_LABEL_MISSING")
  }

  @Test(
    "Instructions that cannot be understood are refused by name",
    arguments: [
      ("study.yaml", "lable: 1", "did you mean 'label'"), ("study.yaml", "series: 1.2", "did you mean 'image'"),
      ("study.yaml", "label: 1\nroi: x", "exclude each other"), ("study.yaml", "label: 0", "from 1"),
      ("study.yaml", "label: 4294967296", "from 1"), ("study (1).yaml", "label: 2", "nearly"),
      ("study - Copy.yml", "label: 2", "nearly"), ("series 1/study.yaml", "label: 2", "do not count"),
      ("study.yaml", "- label", "not a mapping"), ("Copy of study.yaml", "label: 2", "nearly"),
      ("study.json", "{}", "nearly"), ("study", "label: 2", "nearly"), (".study.yaml", "label: 2", "hidden"),
      ("study.txt", "roi = 2\nlabel 2", "has a key"), ("study.txt", "Please use:\n  label: 2\n", "has a key"),
    ]) func unreadableInstructionsAreNamed(name: String, text: String, said: String) throws
  {
    try study.put(Array(text.utf8), name)
    let error = try #require(try inspect().refusal)
    #expect(error.code.name == "E_STUDY_YAML" && error.file == name && error.message.contains(said), "\(error)")
    #expect(error.needsReview)
  }

  @Test("Similar names in a subfolder, or beside instructions that are read, give no reason for a refusal")
  func similarNamesElsewhereAreNotRefused() throws {
    try study.put(Array("label: 2".utf8), "series 1/study.json")
    #expect(try code() == nil)
    try study.put(Array("label: 1".utf8), "study.yaml")
    try study.put(Array("label: 2".utf8), "study")
    #expect(try code() == nil)
    #expect(try unused() == ["series 1/study.json", "study"])
  }

  @Test("Two instruction files that contradict each other are refused")
  func contradictingInstructionsAreRefused() throws {
    try study.put(Array("label: 1".utf8), "study.yaml")
    try study.put(Array("label: 2".utf8), "Study.yml")
    let error = try #require(try inspect().refusal)
    #expect(error.code.name == "E_STUDY_YAML" && error.message.contains("Study.yml, study.yaml"))
    try study.put(Array("label: 1".utf8), "Study.yml")
    #expect(try code() == nil)
    #expect(try unused() == ["study.yaml"])
  }

  @Test("Files that were not used are listed")
  func unusedFilesAreListed() throws {
    try study.put(Array("Patient was seen.".utf8), "study.txt")
    try study.put(Array("%PDF".utf8), "报告.pdf")
    for name in ["Thumbs.db", "Icon\r", "viewer.exe", "READY", "VERSION", ".DS_Store"] { try study.put([], name) }
    #expect(try unused() == ["study.txt", "报告.pdf"])
    try study.add(series: 2, "portal") { $0.set(0x0020_0052, "1.2.3.77") }
    for number in 0..<120 { try study.put([1], "x\(number).txt") }
    try study.put(Array("image: \(PhaseStudy.uid(1))\n".utf8), "study.yaml")
    let listed = try ParsedJSON(inspect().json)["unused"]
    #expect(listed?["count"]?.number == 2 + 12 + 120 && listed?["files"]?.array?.count == 100)
  }
}
