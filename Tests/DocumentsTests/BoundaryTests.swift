import Documents
import Errors
import Testing

/// Documents between worker and daemon are read as they were written.
@Suite("Documents of the boundary")
struct BoundaryTests {
  private func again<Document: DocumentValue>(_ document: Document) throws -> Document {
    try JSONDocument.decode(Document.self, from: document.json.fileBytes())
  }

  @Test("A request is read as it was written")
  func requestSurvivesWritingAndReading() throws {
    var request = WorkerRequest(config: "/etc/a b.yaml", input: Array("/in/Ü \"1\"\n".utf8))
    request.job = "j"
    request.study = "s"
    request.output = "/out"
    request.inputManifest = "/m.json"
    request.choices.roi = "#1"
    request.choices.segment = 2
    request.choices.force = "seen"
    request.limits = WorkerRequest.Limits(memory: 1000, cpuSeconds: 60, parent: 17)
    #expect(try again(request) == request)
    let bytes: [UInt8] = [0x2F, 0xC5, 0xC5, 0x20, 0xFF]
    let other = try again(WorkerRequest(config: "", input: bytes))
    #expect(other.input.bytes == bytes && other.input.text == nil && other.job == nil)
  }

  @Test("An answer and its error are read as they were written")
  func answerAndErrorSurviveWritingAndReading() throws {
    let error = StudyError(
      ErrorCode("E_X", .badInput), "m", file: "f", slice: 3, hint: "h", details: ["b": "2", "a": "1"])
    let answer = ProbeAnswer("rejected", error: ReportedError(error))
    let read = try again(answer)
    #expect(read.error?.texts == ["file": "f", "slice": "3", "a": "1", "b": "2"])
    #expect(read.state == "rejected" && read.memory == nil && read.content == nil)
    #expect(try again(ErrorDocument(job: "j", study: "s", status: "failed", error: ReportedError(error))).job == "j")
  }

  @Test("A detail that is neither text nor number drops all details")
  func structuredDetailDropsAllDetails() throws {
    let text = #"{"code":"E_X","details":{"a":[1]}}"#
    #expect(try JSONDocument.decode(ReportedError.self, from: Array(text.utf8)).texts == nil)
  }

  @Test(
    "A result is read as it was written",
    arguments: [
      ResultDocument.Prediction.value(
        probability: 0.25, positive: false, threshold: 0.5, label: "n", indeterminate: true),
      .withheld(reason: "r", features: ["a"], threshold: 0.5),
    ]) func resultSurvivesWritingAndReading(_ prediction: ResultDocument.Prediction) throws
  {
    var document = ResultDocument(
      job: "j", study: "s", status: "done", prediction: prediction,
      model: .init(name: "m", version: "1", sha256: "ab", demonstration: true),
      profile: .init(name: "p", sha256: "cd"), featureCount: 3,
      outOfDistribution: .init(
        score: 2, flag: true, worst: [.init(feature: "f", value: 1, z: .infinity, minimum: 0, maximum: 0)], t2: nil,
        spe: .init(value: 4, q95: 1, q99: 2), outsideRange: 1,
        acquisition: .init(outside: [.init(code: "OOD_X", message: "x")], unknown: ["kvp"])),
      inputs: [.init(role: "image", sha256: "ef", bytes: 3)],
      geometry: .init(
        size: [2, 3, 4], spacing: [1, 1, 5], origin: [0, 0, 0.5], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1]),
      software: ["name": "radiomicsd"], timings: ["features": 0.5], warnings: [.init(code: "W_X", message: "x")])
    var measured = Measured()
    measured.series = "1.2"
    measured.kVp = 120
    document.measured = measured
    document.supersedes = "k"
    #expect(try again(document).json == document.json)
  }

  @Test("A result of an earlier version is read")
  func resultOfEarlierVersionIsRead() throws {
    let text =
      #"{"profile":{"name":"p","sha256":"c"},"features":{"count":1},"warnings":["w",{"code":"C","message":"m"}]}"#
    let document = try JSONDocument.decode(ResultDocument.self, from: Array(text.utf8))
    #expect(document.warnings.map(\.text) == ["w", "C: m"] && document.prediction == nil && document.model == nil)
  }
}
