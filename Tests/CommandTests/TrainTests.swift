import Foundation
import TestKit
import Testing

/// `train` as a user runs it.
@Suite("train", .enabled(if: !Program.path.isEmpty, "the radiomicsd program is not beside the tests"))
struct TrainTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    var state: UInt64 = 12345
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }
    var features = "study,series,roi,label," + (0..<30).map { "original_glcm_F\($0)" }.joined(separator: ",") + "\r\n"
    var labels = "study;ihc;age\r\n"
    for row in 0..<60 {
      let positive = row % 5 < 2
      let hidden = random() + (positive ? 0.6 : 0)
      let cells = (0..<30).map { "\(hidden * Double($0 % 4) + random() * 2)" }
      features += "case\(row),s,r,1," + cells.joined(separator: ",") + "\r\n"
      labels += "case\(row);\(positive ? "3+" : "1+");\(40 + row % 30),5\r\n"
    }
    try folder.write("f.csv", features)
    try folder.write("l.csv", labels)
  }

  private func train(_ output: String, _ more: String...) throws -> Program.Outcome {
    try Program.run(
      ["train", "--features", folder("f.csv"), "--labels", folder("l.csv"), "--output", folder(output)] + more)
  }

  private func files(_ name: String) throws -> [String: Data] {
    try Dictionary(uniqueKeysWithValues: folder.list(name).map { ($0, try folder.data("\(name)/\($0)")) })
  }

  @Test("Tables become a model that predict serves")
  func tablesBecomeAServedModel() throws {
    let run = try train("a.bundle", "--components", "5", "--threads", "1", "--created", "2026-01-02T03:04:05Z")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("AUC ") && run.output.contains("on 18 held-out cases"))
    #expect(run.output.contains("Research use only"))
    #expect(try Program.run("model", "verify", folder("a.bundle")).status == 0)
    let predicted = try Program.run("predict", "--features", folder("f.csv"), "--model", folder("a.bundle"))
    #expect(predicted.output.split(separator: "\n").filter { $0.contains("probability 0.") }.count == 60)

    // The same bytes with other threads; the name is the folder's, so it is given.
    let again = try train(
      "b.bundle", "--components", "5", "--threads", "3", "--created", "2026-01-02T03:04:05Z", "--name", "a")
    #expect(again.status == 0)
    #expect(try files("a.bundle") == files("b.bundle"))
    // No name of a case is in it.
    for bytes in try files("a.bundle").values { #expect(!String(decoding: bytes, as: UTF8.self).contains("case1")) }
  }

  @Test("A bundle is replaced only on request")
  func bundleIsReplacedOnlyOnRequest() throws {
    #expect(try train("m", "--model", "lr", "--components", "3").status == 0)
    let second = try train("m", "--model", "rf", "--components", "3")
    #expect(second.status == 64 && second.errors.contains("E_BUNDLE_EXISTS"))
    let forced = try train("m", "--model", "rf", "--components", "3", "--force")
    #expect(forced.status == 0, "\(forced.errors)")
    #expect(String(decoding: try folder.data("m/bundle.json"), as: UTF8.self).contains("random_forest"))
    // A folder that is no bundle is never removed.
    _ = try folder.folder("precious")
    try folder.write("precious/file.txt", "x")
    #expect(try train("precious", "--model", "lr", "--components", "3", "--force").status == 78)
    #expect(try folder.list("precious") == ["file.txt"])
  }

  @Test("An interrupted run leaves nothing", arguments: [SIGINT, SIGTERM])
  func interruptedRunLeavesNothing(_ number: Int32) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = [
      "train", "--features", folder("f.csv"), "--labels", folder("l.csv"), "--output", folder("k"), "--cv", "1000x5",
    ]
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    // Its first line of progress: it computes now, for minutes if nothing stops it.
    let progress = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
    #expect(progress.hasPrefix("radiomicsd: "))
    kill(process.processIdentifier, number)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == number, "\(progress)")
    #expect(try folder.list("").sorted() == ["f.csv", "l.csv"])
  }

  /// An interrupt while the bundle is being put in its place: it is whole, or absent, and the interrupt is honoured.
  @Test("An interrupt while the bundle is written ends the run")
  func interruptDuringBundleWriteWorks() throws {
    for attempt in 0..<5 {
      let name = "w\(attempt)"
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Program.path)
      process.arguments = [
        "train", "--features", folder("f.csv"), "--labels", folder("l.csv"), "--output", folder(name), "--model", "lr",
        "--components", "3",
      ]
      process.standardError = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      // The folder under its other name is the beginning of the writing.
      while process.isRunning,
        try folder.list("").allSatisfy({
          ["f.csv", "l.csv"].contains($0) || $0.hasPrefix("w") && $0.count == 2 && $0 != name
        })
      {}
      kill(process.processIdentifier, SIGINT)
      process.waitUntilExit()
      if FileManager.default.fileExists(atPath: folder(name)) {
        #expect(try Program.run("model", "verify", folder(name)).status == 0)
      }
      #expect(
        process.terminationReason == .uncaughtSignal || process.terminationStatus == 0,
        "\(process.terminationStatus)")
      #expect(try folder.list("").allSatisfy { ["f.csv", "l.csv"].contains($0) || $0.count == 2 })
    }
  }

  @Test("A name that a bundle cannot have is refused before fitting", arguments: ["our model", "模型", "a:b"])
  func invalidBundleNameIsRefusedEarly(name: String) throws {
    // So many folds would take hours.
    let run = try train(name, "--cv", "1000x5")
    #expect(run.status == 64 && run.errors.contains("--name"), "\(run.status) \(run.errors)")
    #expect(try folder.list().sorted() == ["f.csv", "l.csv"])
    let named = try train(name, "--model", "lr", "--components", "3", "--name", "ours")
    #expect(named.status == 0, "\(named.errors)")
  }

  @Test("predict refuses the tables that train refuses")
  func predictAndTrainRefuseTheSame() throws {
    #expect(try train("m", "--model", "lr", "--components", "3").status == 0)
    let table = String(decoding: try folder.data("f.csv"), as: UTF8.self)
    func predict(_ text: String) throws -> Program.Outcome {
      try folder.write("p.csv", text)
      return try Program.run("predict", "--features", folder("p.csv"), "--model", folder("m"))
    }
    let absent = try predict(table.replacingOccurrences(of: "original_glcm_F7,", with: "original_glcm_G7,"))
    #expect(absent.status == 65 && absent.errors.contains("lacks the column original_glcm_F7"), "\(absent.errors)")
    #expect(absent.output.isEmpty && absent.errors.contains("did you mean"))
    let lines = table.split(separator: "\r\n")
    let measured = "profile_sha256,\(lines[0])\r\n" + "abc,\(lines[1])\r\n"
    let other = try predict(measured)
    #expect(other.status == 65 && other.errors.contains("row 2 was measured with the profile abc"), "\(other.errors)")
  }

  @Test("Errors of training have their codes")
  func trainingErrorsHaveTheirCodes() throws {
    try folder.write("train.yaml", "modell: rf\n")
    let cases: [([String], Int32, String)] = [
      (["--components", "60"], 64, "E_TRAIN_COMPONENTS"),
      (["--config", folder("train.yaml")], 78, "E_TRAIN_CONFIG"),
      (["--schema", folder("none")], 66, "E_NOT_FOUND"),
      (["--label-column", "age"], 65, "E_TRAIN_TABLE"),
      (["--profile", "nothing"], 78, "E_PROFILE"),
      (["--model", "svm"], 64, "--model is mlp, lr or rf"),
    ]
    for (arguments, status, code) in cases {
      let run = try Program.run(
        ["train", "--features", folder("f.csv"), "--labels", folder("l.csv"), "--output", folder("x")] + arguments)
      #expect(run.status == status && run.errors.contains(code), "\(arguments): \(run.status) \(run.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder("x")))
  }
}
