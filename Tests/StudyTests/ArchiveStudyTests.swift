import Archive
import Configuration
import Errors
import Foundation
import Hashing
import Study
import TestKit
import Testing

/// Studies in archives, and archives in studies.
@Suite struct ArchiveStudyTests {
  typealias Entry = ArchiveDraft.Entry

  private let folder: TemporaryFolder
  private let study: String
  private let scratch: String

  init() throws {
    folder = try TemporaryFolder()
    study = try PhantomStudy.make(in: folder)
    scratch = try folder.folder("scratch")
  }

  private func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

  private func put(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: folder(name)))
    return folder(name)
  }

  /// The study's slices, and its mask, below a folder of the archive.
  private func entries(_ prefix: String = "case 1/", mask: Bool = true) throws -> [Entry] {
    let slices = try PhantomStudy.slices(study).map { path in
      Entry(prefix + "ct/" + (path.split(separator: "/").last ?? ""), try bytes(path))
    }
    return slices + (mask ? [Entry(prefix + "mask.nii.gz", try bytes(study + "/mask.nii.gz"))] : [])
  }

  private func verdict(_ path: String, _ limits: ArchiveLimits = ArchiveLimits()) throws -> String {
    let readiness = try probeStudy(folder: path, archives: limits, scratch: scratch, threads: 2)
    // Whatever was unpacked is gone.
    #expect(try folder.list("scratch") == [])
    switch readiness {
    case .complete: return "complete"
    case .urgent: return "urgent"
    case .incomplete(let error): return "incomplete \(error.code) \(error.file ?? "")"
    case .needsReview(let error): return "needs-review \(error.code) \(error.file ?? "")"
    case .rejected(let error): return "rejected \(error.code) \(error.file ?? "")"
    }
  }

  @Test("An archive that contains only archives is not a study")
  func archiveOfArchivesIsRefused() throws {
    let inner = ArchiveDraft(try entries(mask: false)).zip()
    let outer = try put(ArchiveDraft([Entry("case/ct.zip", inner)]).zip(), "outer.zip")
    let request = StudyRequest(
      study: "s", input: outer, output: try folder.folder("out"), profile: "jiao2024", scratch: scratch, threads: 2)
    let error = #expect(throws: StudyError.self) { try computeStudy(request) }
    #expect(error?.code.name == "E_ARCHIVE_NESTED" && error?.message.contains("ct.zip") == true)
    #expect(try folder.list("scratch") == [])
  }

  @Test("An archive gives the same result as its folder")
  func archiveGivesItsFoldersResult() throws {
    func compute(_ input: String, _ output: String) throws -> [String: Any] {
      try computeStudy(
        StudyRequest(
          study: "s", input: input, output: try folder.folder(output), profile: "jiao2024", scratch: scratch, threads: 2
        ))
      return try folder.json(output + "/result.json")
    }
    let plain = try compute(study, "plain")
    #expect(plain["choices"] is NSNull)
    let archive = ArchiveDraft(try entries()).zip()
    let packed = try compute(try put(archive, "case 1.zip"), "packed")
    #expect(try folder.data("plain/features.json") == folder.data("packed/features.json"))
    #expect(try folder.data("plain/image.nii.gz") == folder.data("packed/image.nii.gz"))
    #expect(try folder.list("scratch") == [])
    let inputs = try #require(packed["inputs"] as? [[String: Any]])
    #expect(inputs.count == 14)
    #expect(
      inputs.contains {
        $0["role"] as? String == "archive" && $0["sha256"] as? String == sha256(archive)
          && $0["bytes"] as? Int == archive.count
      })
  }

  @Test("An archive inside a study folder is read")
  func archiveInsideAStudyIsRead() throws {
    let mixed = try folder.folder("mixed")
    _ = try put(ArchiveDraft.gzip(ArchiveDraft(try entries("", mask: false)).tar()), "mixed/ct.tar.gz")
    #expect(try verdict(mixed) == "incomplete E_MASK_MISSING ")
    _ = try put(try bytes(study + "/mask.nii.gz"), "mixed/mask.nii.gz")
    #expect(try verdict(mixed) == "complete")
  }

  @Test("Archives from macOS and Windows are read")
  func macAndWindowsArchivesAreRead() throws {
    var all = try entries()
    // Every file once more as macOS packs its own, and names in GBK, two of which look alike when decoded as nothing.
    all += all.map { Entry(bytes: Array("__MACOSX/._".utf8) + $0.name, [0, 5, 0x16, 7]) }
    all.append(Entry("case 1/.DS_Store", [0, 0, 0, 1]))
    for index in all.indices where all[index].name.starts(with: Array("case 1/ct".utf8)) {
      all[index].name = [0xC5, 0xC5, 0xD0, 0xB9, 0x2F] + all[index].name.suffix(6)
    }
    #expect(try verdict(try put(ArchiveDraft(all).zip(), "Archive.ZIP")) == "complete")
  }

  @Test("study.yaml in an archive is used")
  func studyYAMLInAnArchiveIsUsed() throws {
    try PhantomStudy.putOther(than: study + "/mask.nii.gz", at: folder("other.nii.gz"))
    let mask = try bytes(folder("other.nii.gz"))
    let two = try entries() + [Entry("case 1/other.nii.gz", mask)]
    let ambiguous = try put(ArchiveDraft(two).zip(), "two.zip")
    #expect(try verdict(ambiguous) == "needs-review E_MASK_AMBIGUOUS ")
    let error = #expect(throws: StudyError.self) {
      try computeStudy(
        StudyRequest(study: "s", input: ambiguous, output: try folder.folder("o"), scratch: scratch, threads: 1))
    }
    #expect(error?.needsReview == true)
    #expect(
      error?.details.keys.filter { $0.hasPrefix("mask ") }.sorted()
        == ["mask two.zip/case 1/mask.nii.gz", "mask two.zip/case 1/other.nii.gz"])

    let choice = Array("mask: other.nii.gz\n".utf8)
    #expect(try verdict(try put(ArchiveDraft(two + [Entry("case 1/study.yaml", choice)]).zip(), "a.zip")) == "complete")
    #expect(
      try verdict(try put(ArchiveDraft(two + [Entry("case 1/deep/er/study.yaml", choice)]).zip(), "b.zip"))
        .hasPrefix("needs-review"))
    // Beside the archive it stands above.
    let beside = try folder.folder("beside")
    _ = try put(ArchiveDraft(two + [Entry("case 1/study.yaml", Array("mask: none\n".utf8))]).zip(), "beside/x.zip")
    _ = try put(Array("mask: x.zip/case 1/mask.nii.gz\n".utf8), "beside/study.yaml")
    #expect(try verdict(beside) == "complete")
  }

  @Test("The choices for a study are recorded with their source")
  func choicesAreRecordedWithTheirSource() throws {
    _ = try put(try bytes(study + "/mask.nii.gz"), "studies/case 1/other.nii.gz")
    _ = try put(Array("mask: other.nii.gz\n".utf8), "studies/case 1/study.yaml")
    let output = try folder.folder("o")
    try computeStudy(
      StudyRequest(
        study: "s", input: study, output: output, profile: "jiao2024", choices: StudyChoices(label: 1), threads: 2))
    let result = try folder.json("o/result.json")
    let choices = try #require(result["choices"] as? [String: [String: Any]])
    #expect(choices["mask"]?["value"] as? String == "other.nii.gz" && choices["mask"]?["by"] as? String == "study.yaml")
    #expect(choices["label"]?["value"] as? Int == 1 && choices["label"]?["by"] as? String == "operator")
    #expect(choices["image"] == nil)
    #expect((result["inputs"] as? [[String: Any]])?.contains { $0["role"] as? String == "study.yaml" } == true)
  }

  @Test("A truncated archive makes the study wait and is named")
  func truncatedArchiveWaitsAndIsNamed() throws {
    let zip = ArchiveDraft(try entries()).zip()
    #expect(try verdict(try put(Array(zip.prefix(zip.count / 2)), "a.zip")) == "incomplete E_ARCHIVE_TRUNCATED a.zip")
    var cut = try entries()
    cut[5].content = Array(cut[5].content.prefix(2000))
    let name = String(decoding: cut[5].name, as: UTF8.self)
    #expect(try verdict(try put(ArchiveDraft(cut).zip(), "b.zip")) == "incomplete E_TRUNCATED b.zip/\(name)")
  }

  @Test("Hostile archives are rejected")
  func hostileArchivesAreRejected() throws {
    let inner = ArchiveDraft(try entries()).zip()
    #expect(
      try verdict(try put(ArchiveDraft([Entry("all.zip", inner)]).zip(), "n.zip")) == "rejected E_ARCHIVE_NESTED n.zip")
    #expect(
      try verdict(try put(ArchiveDraft(try entries() + [Entry("../x")]).tar(), "p.tar"))
        == "rejected E_ARCHIVE_PATH p.tar")
    var limits = ArchiveLimits()
    limits.entries = 5
    #expect(try verdict(try put(inner, "many.zip"), limits) == "rejected E_ARCHIVE_ENTRIES many.zip")
    // The limits are the study's, not each archive's.
    let both = try folder.folder("both")
    let half = try entries("", mask: false)
    _ = try put(ArchiveDraft(Array(half.prefix(6))).zip(), "both/1.zip")
    _ = try put(ArchiveDraft(Array(half.dropFirst(6))).zip(), "both/2.zip")
    limits.entries = 11
    #expect(
      try verdict(both, limits) == "rejected E_ARCHIVE_ENTRIES both/2.zip".replacingOccurrences(of: "both/", with: ""))
    limits.entries = 12
    #expect(try verdict(both, limits) == "incomplete E_MASK_MISSING ")
  }
}
