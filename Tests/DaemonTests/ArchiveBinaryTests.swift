import Foundation
import Jobs
import Sandbox
import TestKit
import Testing

extension DaemonProgram {
  /// Archives through the program: real studies, the real worker in its sandbox, a model and its shadow.
  @Suite(
    .enabled(if: DaemonBinary.serves, "needs the radiomicsd program beside the tests"),
    .enabled(if: SandboxLevel.available.isComplete, "this kernel has no Landlock or no seccomp"))
  struct ArchiveBinaryTests {
    private let spool: TestSpool
    private var made: String { spool.root + "/made" }

    init() throws {
      let model = SharedData.checkout.appendingPathComponent("etc/models/demonstration").path
      spool = try TestSpool(
        """
        sandbox: required
        log_level: debug
        max_jobs: 2
        threads_per_job: 1
        model:
          bundle: \(model)
          shadow: \(model)
          out_of_distribution: flag
          require_signature: false
        """)
      let phantoms = try DaemonBinary.run([
        DaemonBinary.path, "phantom", "--output", made, "--matrix", "64", "--slices", "12", "--count", "5",
      ])
      #expect(phantoms.status == 0, "\(phantoms.output)")
      try FileManager.default.createDirectory(atPath: spool.root + "/inbox", withIntermediateDirectories: true)
    }

    private func radiomicsd(_ arguments: String...) throws -> (status: Int32, output: String) {
      try DaemonBinary.run([DaemonBinary.path] + arguments + ["--config", spool.root + "/radiomicsd.yaml"])
    }

    private func draft(_ phantom: Int, masks: [String], other: String? = nil) throws -> ArchiveDraft {
      let folder = "\(made)/phantom-000\(phantom)"
      func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
      var entries = try FileManager.default.contentsOfDirectory(atPath: folder + "/ct").sorted().map {
        ArchiveDraft.Entry("ZZCANARY/ct/" + $0, try bytes(folder + "/ct/" + $0))
      }
      // Beside the folder, which `process` reads as a study with one mask.
      try DaemonBinary.otherMask(than: folder + "/mask.nii.gz", at: folder + "-other")
      for mask in masks {
        let isOther = mask == other
        entries.append(.init("ZZCANARY/" + mask, try bytes(folder + (isOther ? "-other" : "/mask.nii.gz"))))
      }
      return ArchiveDraft(entries)
    }

    /// In one step, as a file that was copied elsewhere first.
    private func drop(_ bytes: [UInt8], _ name: String) throws {
      try Data(bytes).write(to: URL(fileURLWithPath: spool.root + "/draft"))
      try FileManager.default.moveItem(atPath: spool.root + "/draft", toPath: spool.root + "/inbox/" + name)
    }

    private func json(_ path: String) throws -> [String: Any] {
      let text = try #require(spool.text(path), "\(path)")
      return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func states() -> [String: JobState] {
      Dictionary(((try? spool.jobs()) ?? []).map { ($0.study, $0.state) }) { $1 }
    }

    @Test("Archives give the results of their folders")
    func archivesGiveTheirFoldersResults() async throws {
      let process = try DaemonBinary.start(spool, worker: nil)
      defer { if process.isRunning { process.terminate() } }
      let zip = try draft(1, masks: ["mask.nii.gz"]).zip()
      try drop(zip, "ZZCANARY^ZIP.zip")
      try drop(ArchiveDraft.gzip(try draft(2, masks: ["mask.nii.gz"]).tar()), "ZZCANARY^TAR.tar.gz")
      let folder = spool.root + "/mixed"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(try draft(3, masks: []).zip()).write(to: URL(fileURLWithPath: folder + "/ct.zip"))
      try FileManager.default.copyItem(atPath: made + "/phantom-0003/mask.nii.gz", toPath: folder + "/mask.nii.gz")
      try FileManager.default.moveItem(atPath: folder, toPath: spool.root + "/inbox/ZZCANARY^MIXED")
      // The same bytes under another name, at the same time.
      try drop(zip, "ZZCANARY^TWIN.zip")
      try drop(try draft(4, masks: ["one.nii.gz", "two.nii.gz"], other: "one.nii.gz").zip(), "ZZCANARY^ASKED.zip")
      try drop(try draft(5, masks: ["one.nii.gz", "two.nii.gz"], other: "two.nii.gz").zip(), "ZZCANARY^CHOSEN.zip")
      let asked: Set<String> = ["ZZCANARY^ASKED", "ZZCANARY^CHOSEN"]
      try await spool.wait(60) {
        let states = states()
        return states.count == 6
          && states.allSatisfy { asked.contains($0.key) ? $0.value == .needsReview : $0.value.isFinal }
      }

      // One is answered by a folder of its name, the other by a command.
      func line(_ study: String, _ key: String, _ mask: String) async throws -> String {
        var line: String?
        try await spool.wait {
          let lines = spool.text("status/\(study).txt")?.split(separator: "\n")
          line = lines?.first { $0.contains(key) && $0.contains(mask) }.map(String.init)
          return line != nil
        }
        return line ?? ""
      }
      let answer = try await line("ZZCANARY^ASKED", "mask: ", "two.nii.gz")
      let mask = try await line("ZZCANARY^CHOSEN", "--mask", "one.nii.gz").split(separator: " ").last.map { word in
        word.trimmingCharacters(in: ["'"])
      }
      try spool.drop("ZZCANARY^ASKED", ["study.yaml": answer.trimmingCharacters(in: .whitespaces) + "\n"])
      let resolved = try radiomicsd("jobs", "resolve", "ZZCANARY^CHOSEN", "--mask", mask ?? "")
      #expect(resolved.status == 0, "\(resolved.output)")
      try await spool.waitForJobs(6, seconds: 60)

      let twins = states().filter { ["ZZCANARY^ZIP", "ZZCANARY^TWIN"].contains($0.key) }
      #expect(Set(twins.values) == [.done, .duplicate], "one of them is computed")
      let computed = try #require(twins.first { $0.value == .done }?.key)
      for (study, phantom) in [
        (computed, 1), ("ZZCANARY^TAR", 2), ("ZZCANARY^MIXED", 3), ("ZZCANARY^ASKED", 4), ("ZZCANARY^CHOSEN", 5),
      ] {
        #expect(states()[study] == .done, "\(study)")
        try expectResult(of: study, phantom)
      }
      #expect(try json("outbox/ZZCANARY^ASKED/result.json")["choices"] is [String: Any])

      let store = try spool.store()
      for job in try store.jobs() where job.state == .done {
        let events = try store.history(of: job).events
        let details = try #require(events.first { $0.kind == .computed }).details
        let result = try #require(try store.history(of: job).result)
        #expect(details["sandbox"]?.contains("landlock") == true && details["shadow_model"] != nil, "\(details)")
        #expect(details["shadow_probability"].flatMap(Double.init) == result.probability, "the same model")
      }
      for study in [computed, "ZZCANARY^MIXED", "ZZCANARY^CHOSEN"] {
        let again = try radiomicsd("jobs", "reproduce", study)
        #expect(again.status == 0 && again.output.contains("reproduced: "), "\(study): \(again.output)")
      }
      process.terminate()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      let sound = try radiomicsd("audit", "verify")
      #expect(sound.status == 0, "\(sound.output)")
      let log = try #require(spool.text("log"))
      for name in ["ZZCANARY", "phantom", "nii", "1.2.826"] { #expect(!log.contains(name), "\(name)") }
      #expect(spool.list("state/work") == [] && spool.list("state/spool/in") == [])
    }

    @Test("A folder and its archives count as one content")
    func folderAndItsArchivesAreOneContent() async throws {
      let process = try DaemonBinary.start(spool, worker: nil)
      defer { if process.isRunning { process.terminate() } }
      func folder(_ name: String, _ phantom: Int) throws {
        let (draft, made) = (spool.root + "/draft-folder", "\(made)/phantom-000\(phantom)")
        try FileManager.default.createDirectory(atPath: draft, withIntermediateDirectories: true)
        for part in ["ct", "mask.nii.gz"] {
          try FileManager.default.copyItem(atPath: "\(made)/\(part)", toPath: "\(draft)/\(part)")
        }
        try FileManager.default.moveItem(atPath: draft, toPath: spool.root + "/inbox/" + name)
      }
      try folder("folder", 1)
      try drop(try draft(2, masks: ["mask.nii.gz"]).zip(), "packed first.zip")
      try await spool.waitForJobs(2, seconds: 60)

      let packed = try draft(1, masks: ["mask.nii.gz"])
      try drop(packed.zip(), "zip.zip")
      try drop(ArchiveDraft.gzip(packed.tar()), "tar.tar.gz")
      try drop(
        ArchiveDraft(packed.entries + [.init("ZZCANARY/.DS_Store", [1]), .init("ZZCANARY/READY")]).zip(deflated: false),
        "junk.zip")
      let mixed = spool.root + "/mixed"
      try FileManager.default.createDirectory(atPath: mixed, withIntermediateDirectories: true)
      try Data(try draft(1, masks: []).zip()).write(to: URL(fileURLWithPath: mixed + "/ct.zip"))
      try FileManager.default.copyItem(atPath: made + "/phantom-0001/mask.nii.gz", toPath: mixed + "/mask.nii.gz")
      try FileManager.default.moveItem(atPath: mixed, toPath: spool.root + "/inbox/mixed")
      try folder("unpacked later", 2)
      // One file more is another study; so is one with choices, by which names matter.
      try drop(ArchiveDraft(packed.entries + [.init("ZZCANARY/note.txt", [1])]).zip(), "more.zip")
      try drop(
        ArchiveDraft(packed.entries + [.init("ZZCANARY/study.yaml", Array("label: 1".utf8))]).zip(), "choice.zip")
      try await spool.waitForJobs(9, seconds: 90)
      process.terminate()
      process.waitUntilExit()

      let jobs = Dictionary(uniqueKeysWithValues: try spool.jobs().map { ($0.study, $0) })
      for (study, original) in [
        ("zip", "folder"), ("tar", "folder"), ("junk", "folder"), ("mixed", "folder"),
        ("unpacked later", "packed first"),
      ] {
        #expect(jobs[study]?.state == .duplicate && jobs[study]?.attempt == 0, "\(study)")
        #expect(jobs[study]?.duplicateOf == jobs[original]?.id, "\(study)")
        #expect(jobs[study]?.inputDigest == jobs[original]?.inputDigest, "\(study)")
      }
      for study in ["folder", "packed first", "more", "choice"] { #expect(jobs[study]?.state == .done, "\(study)") }
      let again = try radiomicsd("jobs", "reproduce", "packed first")
      #expect(again.status == 0 && again.output.contains("reproduced: "), "\(again.output)")
      let sound = try radiomicsd("audit", "verify")
      #expect(sound.status == 0, "\(sound.output)")
      #expect(spool.list("state/work") == [] && spool.list("state/spool/in") == [])
    }

    /// The same pair of images, the same features and the same probability as `process` gives for the folder.
    private func expectResult(of study: String, _ phantom: Int) throws {
      let output = "process-\(phantom)"
      let run = try radiomicsd("process", "\(made)/phantom-000\(phantom)", "--output", spool.root + "/" + output)
      #expect(run.status == 0, "\(run.output)")
      for file in ["image.nii.gz", "mask.nii.gz"] {
        let (one, other) = (spool.root + "/\(output)/" + file, spool.root + "/outbox/\(study)/" + file)
        #expect(FileManager.default.contentsEqual(atPath: one, andPath: other), "\(study): \(file)")
      }
      let (one, other) = (try json(output + "/features.json"), try json("outbox/\(study)/features.json"))
      let features = try #require(one["features"] as? NSDictionary)
      #expect(features.count == 960 && features == other["features"] as? NSDictionary, "\(study)")
      let (first, second) = (try json(output + "/result.json"), try json("outbox/\(study)/result.json"))
      #expect(first["prediction"] as? NSDictionary == second["prediction"] as? NSDictionary, "\(study)")
    }
  }
}
