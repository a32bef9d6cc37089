import Configuration
import Errors
import Files
import Foundation
import Intake
import Jobs
import Testing

extension DaemonRecovery {
  /// Studies that wait for a choice, and the ways back to work.
  @Suite struct ReviewTests {
    private func inReview(_ spool: TestSpool, _ name: String = "study") async throws -> Job {
      try await spool.wait {
        ((try? spool.jobs()) ?? []).contains { $0.study == name && $0.state == .needsReview }
          && spool.text("status/\(name).txt")?.contains("needs-review") == true
      }
      return try #require(try spool.jobs().last { $0.study == name })
    }

    @Test func aStudyThatLeavesAChoiceWaitsAndTellsHowToAnswer() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("study", ["mask": "m", "ask": ""])
      let job = try await inReview(spool)
      #expect(spool.list("outbox") == [] && spool.list("inbox") == [] && spool.list("failed") == [])
      #expect(job.error?.code == "E_NEEDS_SERIES" && !job.swept && job.charges == 0)
      #expect(spool.list("state/spool/in/\(job.id)/input") == ["ask", "mask"], "kept privately")
      let status = try #require(spool.text("status/study.txt"))
      #expect(status.contains("state: needs-review") && status.contains("E_NEEDS_SERIES"))
      #expect(status.contains("  image: \"1.2.4\"\n") && status.contains("  1.2.4  Excretory\\u{1B}[31m\n"))
      #expect(status.contains("radiomicsd jobs resolve \(job.id)") && status.contains("  --series 1.2.3\n"))
      #expect(!status.contains("\u{1B}") && !service.log.text.contains("Excretory"))
      #expect(service.log.text.contains("NEEDS_REVIEW"))
      try await service.stop()
      #expect(try spool.store().history(of: job).attempts.map(\.charged) == [false])
    }

    @Test func studyYamlInAFolderOfItsNameBringsItBack() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("study", ["mask": "m", "ask": ""])
      let job = try await inReview(spool)
      // As a person does it on a share: a new folder, and after a while a file in it; the question stays readable.
      try FileManager.default.createDirectory(atPath: spool.root + "/inbox/study", withIntermediateDirectories: true)
      try await Task.sleep(for: .milliseconds(600))
      #expect(spool.text("status/study.txt")?.contains("  image: \"1.2.4\"\n") == true)
      try spool.write(["study.yaml": "image: 1.2.4\n"], to: spool.root + "/inbox/study")
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done] && spool.jobs()[0].id == job.id)
      #expect(spool.text("outbox/study/features.json") == "mimage: 1.2.4\n")
      #expect(spool.list("done/study") == ["ask", "mask", "study.yaml"])
      #expect(spool.list("inbox") == [] && spool.list("inbox/.radiomicsd/answers") == [])
      let store = try spool.store()
      let history = try store.history(of: job)
      #expect(history.inputs.map(\.path) == ["ask", "mask", "study.yaml"])
      let answered = try #require(history.events.first { $0.kind == .answered })
      #expect(answered.actor == "user:" + NSUserName() && answered.from == .needsReview)
      #expect(history.events.map(\.kind).filter { $0 == .needsReview }.count == 1)
      #expect(try store.firstBrokenEvent() == nil)
    }

    @Test func whatComesWithStudyYamlIsAddedToTheStudy() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("study", ["mask": "m", "ask": "", "note": "old"])
      _ = try await inReview(spool)
      try spool.drop("study", ["study.yaml": "y", "note": "new", "extra": "x", "READY": ""])
      try FileManager.default.createDirectory(
        atPath: spool.root + "/inbox/study/deep", withIntermediateDirectories: true)
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(Set(spool.list("done/study")).isSuperset(of: ["ask", "extra", "mask", "note", "study.yaml"]))
      #expect(spool.text("done/study/note") == "new")
    }

    @Test func aWholeStudyWithStudyYamlIsOneOfItsOwnAndAnswersTheOlder() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("study", ["mask": "m", "ask": ""])
      _ = try await inReview(spool)
      // Another study of that name leaves the question open.
      try spool.drop("study", ["mask": "another", "study.yaml": "y"])
      try await spool.wait { ((try? spool.jobs()) ?? []).map(\.state) == [.needsReview, .done] }
      // The same files with a choice end it.
      try spool.drop("study", ["mask": "m", "ask": "", "study.yaml": "z"])
      try await spool.waitForJobs(3)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.cancelled, .done, .done])
      #expect(spool.text("outbox/study-2/features.json") == "mz")
      #expect(try spool.store().events().contains { $0.kind == .superseded })
      #expect(spool.list("failed") == ["study"])
    }

    private func ask(
      _ spool: TestSpool, _ verb: JobRequest.Verb, _ job: Job, _ choices: JobChoices? = nil
    ) async throws -> JobAnswer {
      let folder = RequestFolder(state: spool.root + "/state")
      let name = try folder.post(JobRequest(verb, job: job.id, actor: "tester", choices: choices))
      var answer: JobAnswer?
      try await spool.wait {
        answer = folder.takeAnswer(name)
        return answer != nil
      }
      return try #require(answer)
    }

    @Test func anOperatorResolvesByCommand() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("study", ["mask": "m", "ask": ""])
      let job = try await inReview(spool)
      #expect(try await !ask(spool, .resolve, job).accepted)
      let wrong = try await ask(spool, .resolve, job, JobChoices(series: "9.9"))
      #expect(!wrong.accepted && wrong.message.contains("1.2.3, 1.2.4"))
      #expect(try await !ask(spool, .retry, job).accepted)
      #expect(try await ask(spool, .resolve, job, JobChoices(series: "1.2.3", roi: "two words")).accepted)
      try await spool.waitForJobs(1)
      try await service.stop()
      let done = try spool.jobs()[0]
      #expect(done.state == .done && done.choices == JobChoices(series: "1.2.3", roi: "two words") && done.error == nil)
      #expect(spool.text("outbox/study/features.json") == "m 1.2.3 two words")
      let history = try spool.store().history(of: done)
      let resolved = try #require(history.events.first { $0.kind == .resolved })
      #expect(resolved.actor == "user:tester" && resolved.from == .needsReview && resolved.to == .queued)
      #expect(resolved.details["chosen"] == "series roi" && resolved.details["choices_sha256"]?.count == 64)
      #expect(!resolved.details.values.contains { $0.contains("two words") }, "values may be names; the chain is kept")
      #expect(JobReport.history(history).contains("two words"))
      #expect(try JobDocument.history(history).contains("\"series\" : \"1.2.3\""))
    }

    @Test func itSurvivesRestartsAndMayBeHeldAndCancelled() async throws {
      let spool = try TestSpool()
      var service = spool.start()
      try spool.drop("study", ["mask": "m", "ask": ""])
      try spool.drop("other", ["mask": "m", "ask": ""])
      var job = try await inReview(spool)
      let other = try await inReview(spool, "other")
      try await service.stop()
      try FileManager.default.removeItem(atPath: spool.root + "/status/study.txt")
      service = spool.start()
      job = try await inReview(spool)
      #expect(try await ask(spool, .hold, job).accepted)
      #expect(try await !ask(spool, .resolve, job, JobChoices(series: "1.2.3")).accepted)
      #expect(try await ask(spool, .release, job).accepted)
      #expect(try spool.jobs().first { $0.id == job.id }?.state == .needsReview)
      #expect(try await ask(spool, .cancel, other).accepted)
      try await spool.wait { spool.list("failed") == ["other"] }
      try await service.stop()
      #expect(spool.list("state/spool/in") == [job.id.text])
      service = spool.start()
      job = try await inReview(spool)
      #expect(try await ask(spool, .resolve, job, JobChoices(series: "1.2.4")).accepted)
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(Set(try spool.jobs().map(\.state)) == [.done, .cancelled])
      #expect(spool.list("outbox") == ["study"] && spool.list("done") == ["study"])
    }

    @Test func anAnswerThatIsThereBeforeTheQuestionIsTaken() async throws {
      let spool = try TestSpool("incomplete_seconds: 60")
      let service = spool.start()
      try spool.drop("study", ["mask": "m", "ask": "", "delay": "0"])
      try await spool.wait { !((try? spool.jobs()) ?? []).isEmpty }
      try spool.write(["study.yaml": "y"], to: spool.root + "/inbox/study")
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done])
    }

    @Test func anArchiveIsAStudyAndIsAnsweredByAFolderOfItsName() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try await spool.wait { spool.exists("inbox") }
      for name in ["case 1.zip", "case 2.tar.gz", "case 3.zip.part"] {
        // No two alike: the second would be a duplicate.
        try "zip \(name)".write(toFile: spool.root + "/draft.zip", atomically: false, encoding: .utf8)
        try FileManager.default.copyItem(atPath: spool.root + "/draft.zip", toPath: spool.root + "/inbox/" + name)
      }
      try await spool.waitForJobs(2)
      // Status files are written behind the job's end; the daemon's end waits for them.
      try await service.stop()
      #expect(spool.list("outbox") == ["case 1", "case 2"])
      #expect(spool.list("done") == ["case 1.zip", "case 2.tar.gz"])
      #expect(spool.list("inbox") == ["case 3.zip.part"])
      let status = spool.text("status/case 1.txt") ?? ""
      #expect(status.contains("state: done"), "\(status)")
      #expect(spool.list("status") == ["case 1.txt", "case 2.txt"])
      #expect(try spool.jobs().map(\.study).sorted() == ["case 1", "case 2"])
      #expect(spool.list("state/work") == [])
    }

    @Test func aChoiceAddedToAnArchiveLiesBesideIt() async throws {
      let spool = try TestSpool()
      let claims = Claims(Layout(try spool.configuration.folders()), LinuxFileOperations())
      try Layout(try spool.configuration.folders()).makeFolders(LinuxFileOperations())
      try "zip".write(toFile: spool.root + "/inbox/case.zip", atomically: false, encoding: .utf8)
      let job = JobID.new()
      try claims.claim(InboxEntry(try #require(FileName("case.zip"))), for: job)
      try spool.write(["study.yaml": "y"], to: spool.root + "/inbox/case")
      try claims.addAnswer(InboxEntry(try #require(FileName("case"))), to: job)
      #expect(spool.list("inbox/.radiomicsd/claimed/\(job)/case") == ["case.zip", "study.yaml"])
      #expect(spool.list("inbox") == [] && spool.list("inbox/.radiomicsd/answers") == [])
      // Another answer goes into the folder that there is now.
      try spool.write(["study.yaml": "z"], to: spool.root + "/inbox/case")
      try claims.addAnswer(InboxEntry(try #require(FileName("case"))), to: job)
      #expect(spool.text("inbox/.radiomicsd/claimed/\(job)/case/study.yaml") == "z")
      #expect(spool.list("inbox/.radiomicsd/claimed/\(job)") == ["case"])
    }
  }
}
