import Foundation
import Jobs
import Testing

extension DaemonRecovery {
  /// The same content is computed once.
  @Suite struct DuplicateTests {
    private func pointer(_ spool: TestSpool, _ name: String) throws -> [String: Any] {
      let text = try #require(spool.text("outbox/\(name)/duplicate.json"))
      return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("A second drop under other names points to the first")
    func renamedSecondDropPointsToTheFirst() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("first", ["mask": "m", "slice": "x"])
      try await spool.waitForJobs(1)
      // Files have other names; the worker's script recognises the mask by its name, so the mask keeps it.
      try spool.drop("second", ["mask": "m", "renamed": "x"])
      try spool.drop("other", ["mask": "m", "slice": "y"])
      try await spool.waitForJobs(3)
      try await service.stop()
      #expect(spool.list("outbox/second") == ["duplicate.json"])
      #expect(spool.list("done") == ["first", "other", "second"])
      let jobs = Dictionary(uniqueKeysWithValues: try spool.jobs().map { ($0.study, $0) })
      #expect(jobs["other"]?.state == .done, "other content is another study")
      let (first, second) = (try #require(jobs["first"]), try #require(jobs["second"]))
      #expect(second.state == .duplicate && second.duplicateOf == first.id && second.attempt == 0)
      let document = try pointer(spool, "second")
      #expect((document["duplicate_of"] as? [String: String])?["job"] == first.id.text)
      #expect((document["duplicate_of"] as? [String: String])?["result"] == "first")
      #expect(document["notice"] as? String == "Research use only. Not for diagnosis.")
      #expect(spool.text("status/second.txt")?.contains("state: duplicate") == true)
      #expect(try spool.store().verifyChain().isSound)
    }

    /// A look into an archive finds a content that depends on its bytes alone; `lie` in the name makes it look at
    /// another one.
    private func openArchives(_ spool: TestSpool) throws {
      try spool.wrapWorker(
        """
        if [ "$verb" = probe ] && [ -f "$input" ]; then
          sum256() { sha256sum | cut -c1-64 | tr -d '\\n'; }
          files=$(sum256 < "$input" | sum256)
          case "$input" in *lie*) files=$(echo other | sum256) ;; esac
          echo "{\\"state\\":\\"complete\\",\\"content\\":{\\"files\\":\\"$files\\",\\"digest\\":\\"$(echo held | sum256)\\"}}"
          exit 0
        fi
        while [ "$verb" = run ] && [ -f "\(spool.root)/stop" ]; do sleep 0.02; done
        """)
    }

    private func drop(_ text: String, as archive: String, _ spool: TestSpool) throws {
      try spool.write([archive: text], to: spool.root + "/drafts")
      try FileManager.default.moveItem(
        atPath: "\(spool.root)/drafts/\(archive)", toPath: "\(spool.root)/inbox/\(archive)")
    }

    @Test("An archive from before archives were opened is identified by its own bytes")
    func olderArchiveIsKnownByItsBytes() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try await spool.wait { spool.exists("inbox") }
      try drop("zip", as: "old.zip", spool)
      try await spool.waitForJobs(1)
      let old = try #require(try spool.jobs().first)
      try openArchives(spool)
      try drop("zip", as: "again.zip", spool)
      try await spool.waitForJobs(2)
      let again = try spool.store().job(named: "again")
      #expect(again.state == .duplicate && again.duplicateOf == old.id && again.inputDigest != old.inputDigest)
      // The examined archive is not the copied one: then the archive's own bytes count.
      try drop("other", as: "lie.zip", spool)
      try await spool.waitForJobs(3)
      let lie = try spool.store().job(named: "lie")
      #expect(lie.state == .done && lie.inputDigest != again.inputDigest)
      // Another archive of the same files.
      try drop("packed otherwise", as: "first.zip", spool)
      try await spool.waitForJobs(4)
      try drop("packed anew", as: "second.zip", spool)
      try await spool.waitForJobs(5)
      try await service.stop()
      #expect(try spool.store().job(named: "first").state == .done)
      #expect(try spool.store().job(named: "second").duplicateOf == spool.store().job(named: "first").id)
      #expect(try spool.store().verifyChain().isSound)
    }

    @Test("A private copy that is made again keeps its content digest")
    func remadeCopyKeepsItsContent() async throws {
      let spool = try TestSpool("max_jobs: 1")
      try openArchives(spool)
      try spool.write(["stop": ""], to: spool.root)
      let service = spool.start()
      try spool.drop("busy")
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      try drop("zip", as: "packed.zip", spool)
      try await spool.wait { (try? spool.jobs().last?.state) == .queued && (try? spool.jobs().count) == 2 }
      let packed = try spool.store().job(named: "packed")
      try FileManager.default.removeItem(atPath: "\(spool.root)/state/spool/in/\(packed.id)")
      try FileManager.default.removeItem(atPath: spool.root + "/stop")
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(service.log.text.contains("the private copy is gone"))
      let after = try spool.store().job(named: "packed")
      #expect(after.state == .done && after.inputDigest == packed.inputDigest && packed.inputDigest != nil)
    }

    @Test("File names count where study.yaml may name them")
    func namesCountBesideStudyYAML() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("one", ["mask": "m", "a": "x", "study.yaml": "mask: a"])
      try await spool.waitForJobs(1)
      try spool.drop("two", ["mask": "m", "b": "x", "study.yaml": "mask: a"])
      try await spool.waitForJobs(2)
      try spool.drop("three", ["mask": "m", "b": "x", "study.yaml": "mask: a"])
      try await spool.waitForJobs(3)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done, .done, .duplicate])
    }

    @Test("A twin waits until the result is in the outbox")
    func twinWaitsForThePublishedResult() async throws {
      let spool = try TestSpool("max_jobs: 2")
      let disk = FailingOperations()
      disk.fail("write to outbox", with: EROFS)
      let service = spool.start(operations: disk)
      for name in ["a", "b"] { try spool.drop(name, ["mask": "m"]) }
      // No result can be published: one study is computed and waits, the other waits for it.
      try await spool.wait { service.log.text.contains("the outbox cannot be written") }
      try await spool.wait { (try? spool.jobs().count) == 2 }
      try await Task.sleep(for: .milliseconds(700))
      #expect(Set(try spool.jobs().map(\.state)) == [.publishing, .queued])
      try await service.stop()
      let again = spool.start()
      try await spool.waitForJobs(2)
      try await again.stop()
      #expect(Set(try spool.jobs().map(\.state)) == [.done, .duplicate])
      #expect(try spool.jobs().map(\.attempt).reduce(0, +) == 1, "one was computed")
    }

    @Test("Two equal studies at once are computed once")
    func simultaneousTwinsAreComputedOnce() async throws {
      let spool = try TestSpool("max_jobs: 2")
      try spool.drop("a", ["mask": "m", "delay": "0.3"])
      try spool.drop("b", ["mask": "m", "delay": "0.3"])
      let service = spool.start()
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(Set(try spool.jobs().map(\.state)) == [.done, .duplicate])
    }

    @Test("A retry, another pipeline and a lost result are computed")
    func retryAndLostResultAreComputed() async throws {
      let spool = try TestSpool()
      var service = spool.start()
      try spool.drop("one")
      try await spool.waitForJobs(1)
      try spool.drop("two")
      try await spool.waitForJobs(2)
      let duplicate = try #require(try spool.jobs().last)
      #expect(duplicate.state == .duplicate)
      let requests = RequestFolder(state: spool.root + "/state")
      _ = try requests.post(JobRequest(.retry, job: duplicate.id, actor: "test"))
      try await spool.waitForJobs(3)
      #expect(try spool.jobs().last?.state == .done, "what an operator asks for is computed")
      try await service.stop()

      // A result that is gone from the outbox is not an answer.
      for name in spool.list("outbox") { try FileManager.default.removeItem(atPath: spool.root + "/outbox/" + name) }
      service = spool.start()
      try spool.drop("three")
      try await spool.waitForJobs(4)
      #expect(try spool.jobs().last?.state == .done)
      try await service.stop()

      // Another region is another result.
      let text = try #require(spool.text("radiomicsd.yaml"))
      try (text + "\nroi:\n  label: 2\n").write(
        toFile: spool.root + "/radiomicsd.yaml", atomically: true, encoding: .utf8)
      service = spool.start()
      try spool.drop("four")
      try await spool.waitForJobs(5)
      #expect(try spool.jobs().last?.state == .done)
      try await service.stop()
    }

    @Test("A crash at any operation leaves one pointer", arguments: CrashPoints.below(60))
    func crashAnywhereLeavesOnePointer(point: Int) async throws {
      let spool = try TestSpool(settle: 0.05)
      var service = spool.start()
      try spool.drop("first")
      try await spool.waitForJobs(1)
      try await service.stop()
      try spool.drop("second")
      service = spool.start(operations: CrashingOperations(point: 30 + point))
      try await spool.wait { service.hasEnded || (try? spool.jobs().count { $0.swept }) == 2 }
      if !service.hasEnded { try await service.stop() }
      service = spool.start()
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done, .duplicate])
      #expect(spool.list("outbox") == ["first", "second"])
      #expect(spool.list("outbox/second") == ["duplicate.json"])
      #expect(try spool.store().verifyChain().isSound)
    }
  }
}
