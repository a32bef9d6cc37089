import Foundation
import Jobs
import Testing

extension DaemonProgram {
  /// From dropped studies to a trained model, by the program alone.
  @Suite(.enabled(if: DaemonBinary.serves, "needs the radiomicsd program beside the tests"))
  struct FeatureExportTests {
    private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
      try DaemonBinary.run([DaemonBinary.path] + arguments)
    }

    private func csv(_ text: String) -> [[String]] {
      // No cell of these tables is quoted. CR LF is one character.
      text.split(separator: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }

    @Test("The daemon's features train a model")
    func exportedFeaturesTrainAModel() async throws {
      let spool = try TestSpool("profile: jiao2024\nmax_jobs: 2")
      let made = spool.root + "/made"
      let drawn = try run([
        "phantom", "--output", made, "--matrix", "48", "--slices", "12", "--count", "8", "--seed", "5",
      ])
      #expect(drawn.status == 0, "\(drawn.output)")
      let process = try DaemonBinary.start(spool, worker: nil)
      defer { if process.isRunning { process.terminate() } }
      try await spool.wait { spool.exists("inbox") && spool.exists("state/jobs.sqlite") }
      for number in 1...8 {
        try FileManager.default.moveItem(
          atPath: "\(made)/phantom-000\(number)", toPath: "\(spool.root)/inbox/phantom-000\(number)")
      }
      // One that is refused: it has no features.
      try spool.drop("no series", ["mask.nii.gz": "x", "READY": ""])
      try await spool.wait(60) {
        ((try? spool.jobs()) ?? []).count { $0.state == .done } == 8
          && spool.exists("outbox/phantom-0008/manifest.json")
      }
      process.terminate()
      process.waitUntilExit()

      let table = spool.root + "/features.csv"
      let config = ["--config", spool.root + "/radiomicsd.yaml"]
      let exported = try run(["jobs", "export", "--features", "--output", table] + config)
      #expect(exported.status == 0 && exported.output.contains("8 cases, profile jiao2024"), "\(exported.output)")
      let rows = csv(try #require(spool.text("features.csv")))
      #expect(rows.count == 9 && rows.allSatisfy { $0.count == 15 + 975 })
      #expect(rows[0].prefix(7) == ["study", "series", "roi", "label", "job", "admitted", "profile_sha256"])
      for row in rows.dropFirst() {
        // Name by name and digit by digit as in the result.
        let own = csv(try #require(spool.text("outbox/\(row[0])/features.csv")))
        #expect(Array(rows[0].dropFirst(15)) == Array(own[0].dropFirst(4)))
        #expect(Array(row.dropFirst(15)) == Array(own[1].dropFirst(4)))
        #expect(row[0] == own[1][0] && row[1] == own[1][1])
        #expect(row[7...9] == ["radiomicsd phantom", "STANDARD", "120"])
      }

      // The table trains and evaluates as it is; its scans become the model's envelope.
      let labels = made + "/labels.csv"
      let bundle = spool.root + "/m.bundle"
      let tables = ["--features", table, "--labels", labels]
      let small = ["--model", "lr", "--components", "2", "--split", "none"]
      let trained = try run(["train", "--output", bundle] + small + tables)
      #expect(trained.status == 0, "\(trained.output)")
      let cohort = try #require(spool.text("m.bundle/cohort.json"))
      #expect(cohort.contains("\"radiomicsd phantom\"") && cohort.contains("\"kvp\""))
      let evaluated = try run(["evaluate", "--model", bundle, "--output", spool.root + "/report"] + tables)
      #expect(evaluated.status == 0 && evaluated.output.contains("AUC"), "\(evaluated.output)")
      // A table states how it was measured.
      let other = try run(["train", "--output", spool.root + "/x", "--profile", "ctu-982"] + small + tables)
      #expect(other.status == 65 && other.output.contains("line 2 was measured with the profile"), "\(other.output)")

      // A scan unlike the training scans.
      let foreign = try #require(spool.text("features.csv")).replacingOccurrences(of: "STANDARD,120", with: "BONE,80")
      try foreign.write(toFile: spool.root + "/foreign.csv", atomically: true, encoding: .utf8)
      let predicted = try run(["predict", "--features", spool.root + "/foreign.csv", "--model", bundle])
      #expect(predicted.output.contains("the tube voltage is 80.0 kV") && predicted.output.contains("kernel BONE"))
      let json = try run(["predict", "--json", "--features", spool.root + "/foreign.csv", "--model", bundle])
      #expect(json.output.contains("OOD_KVP") && json.output.contains("\"unknown\":[]"))
      let bare = try run(["predict", "--features", "\(spool.root)/outbox/phantom-0001/features.csv", "--model", bundle])
      #expect(bare.output.contains("not compared with the training scans: manufacturers, kernels, kvp"))

      // An edited result and a missing one are not exported.
      let edited = "\(spool.root)/outbox/phantom-0002/features.csv"
      try (try String(contentsOfFile: edited, encoding: .utf8) + " ").write(
        toFile: edited, atomically: true, encoding: .utf8)
      try FileManager.default.removeItem(atPath: spool.root + "/outbox/phantom-0003")
      let rest = try run(["jobs", "export", "--features", "--output", table] + config)
      #expect(rest.output.contains("6 cases") && rest.output.contains("2 results left out, not in the outbox"))
      #expect(rest.output.contains("phantom-0002") && rest.output.contains("phantom-0003"))
      #expect(try run(["jobs", "export", "--features", "--until", "2020-01-01"] + config).status == 66)
      #expect(try run(["jobs", "export", "--features", "--state", "failed"] + config).status == 64)
    }
  }
}
