import Errors
import Jobs
import Testing

/// Which jobs make a table of features.
@Suite struct FeatureSelectionTests {
  private func done(
    _ study: String, content: String, profile: String = "p", sha256: String = "aaaaaaaaaaaa", roi: String? = nil
  ) throws -> (job: Job, result: ResultRecord?) {
    let test = try TestStore()
    var job = try test.job(study)
    job = try test.store.move(job, to: .queued, Change(.admitted)) { $0.inputDigest = content }
    job = try test.store.move(job, to: .running, Change(.started, attempt: Attempt(job: job.id, number: 1))) {
      $0.attempt = 1
      $0.choices = roi.map { JobChoices(roi: $0) }
    }
    var result = ResultRecord(manifestSHA256: "m")
    (result.profileName, result.profileSHA256, result.featuresSHA256) = (profile, sha256, "f")
    job = try test.store.move(job, to: .publishing, Change(.computed)) { $0.outcome = .done }
    return (try test.store.move(job, to: .done, Change(.published)), result)
  }

  @Test("The latest result of a study is selected")
  func latestResultOfAStudyIsSelected() throws {
    let jobs = [
      try done("a", content: "1"), try done("b", content: "2"), try done("a", content: "3"),
      // The same files under another name, and the same files of which another region was chosen.
      try done("c", content: "2"), try done("d", content: "3", roi: "second"),
    ]
    let selection = try FeatureSelection(jobs)
    #expect(selection.jobs.map(\.job.study) == ["a", "c", "d"])
    #expect(selection.jobs[0].job.inputDigest == "3")
    #expect(selection.superseded.map(\.study) == ["a", "b"])
    #expect(try FeatureSelection(jobs, keepsSuperseded: true).jobs.count == 5)
  }

  @Test("Jobs without a result are counted")
  func jobsWithoutResultAreCounted() throws {
    let test = try TestStore()
    let selection = try FeatureSelection([try done("a", content: "1"), (try test.job(), nil)])
    #expect(selection.jobs.count == 1 && selection.withoutResult == 1)
    let none = #expect(throws: StudyError.self) { try FeatureSelection([(try test.job(), nil)]) }
    #expect(none?.code.name == "E_NO_FEATURES")
  }

  @Test("One table has one profile")
  func oneTableHasOneProfile() throws {
    let jobs = [
      try done("a", content: "1"), try done("b", content: "2", profile: "q", sha256: "bbbbbbbbbbbb"),
      // A file of the same name that was edited is another profile.
      try done("c", content: "3", profile: "p", sha256: "cccccccccccc"),
    ]
    let several = #expect(throws: StudyError.self) { try FeatureSelection(jobs) }
    #expect(several?.code.name == "E_MIXED_FEATURES")
    for text in ["p (aaaaaaaaaaaa), 1 job", "q (bbbbbbbbbbbb), 1 job", "p (cccccccccccc), 1 job"] {
      #expect(several?.message.contains(text) == true)
    }
    let chosen = try FeatureSelection(jobs, profile: "q")
    #expect(chosen.jobs.map(\.job.study) == ["b"] && chosen.profile.name == "q" && chosen.ofOtherProfiles == 2)
    #expect(throws: StudyError.self) { try FeatureSelection(jobs, profile: "p") }
    #expect(try FeatureSelection(jobs, profile: "cccccccc").jobs.map(\.job.study) == ["c"])
    let unknown = #expect(throws: StudyError.self) { try FeatureSelection(jobs, profile: "z") }
    #expect(unknown?.code.name == "E_NO_FEATURES" && unknown?.hint.contains("q (bbbbbbbbbbbb)") == true)
  }
}
