import Documents
import Errors
import Foundation
import Imaging
import Report
import Testing

struct DocumentTests {
  private func document(_ prediction: ResultDocument.Prediction?) -> ResultDocument {
    ResultDocument(
      job: "j1", study: "P1", status: "done", prediction: prediction,
      model: .init(name: "m", version: "1", sha256: "ab", demonstration: true),
      profile: .init(name: "jiao2024", sha256: "cd"), featureCount: 975,
      outOfDistribution: .init(
        score: 2, flag: true, worst: [.init(feature: "f", value: 1, z: .infinity, minimum: 0, maximum: 0)], t2: nil,
        spe: .init(value: 4, q95: 1, q99: 2), outsideRange: 1),
      inputs: [.init(role: "image", sha256: "ef", bytes: 3)],
      geometry: .init(Geometry(size: SIMD3(2, 3, 4), spacing: Vector3(1, 1, 5))), software: ["name": "radiomicsd"],
      timings: ["features": 0.5], warnings: [.init(code: "W_X", message: "x")])
  }

  @Test("result.json has the documented keys in order")
  func resultHasDocumentedKeysInOrder() throws {
    let json = document(.value(probability: 0.25, positive: false, threshold: 0.5, label: "negative")).json
    guard case .object(let object) = json else {
      Issue.record("not an object")
      return
    }
    #expect(
      object.members.map(\.name) == [
        "schema", "job", "study", "status", "prediction", "model", "profile", "features", "outOfDistribution", "inputs",
        "choices", "unused", "supersedes", "geometry", "measured", "acquisition", "software", "timings", "warnings",
        "notice",
      ])
    #expect(object["schema"] == "radiomicsd.result/1")
    #expect(object["notice"] == "Research use only. Not for diagnosis.")
    #expect(
      object["prediction"]?.text(.compact)
        == #"{"probability":0.25,"positive":false,"threshold":0.5,"label":"negative"}"#)
    #expect(object["model"]?.text(.compact) == #"{"name":"m","version":"1","sha256":"ab","demonstration":true}"#)
    #expect(
      object["geometry"]?.text(.compact)
        == #"{"size":[2,3,4],"spacing":[1.0,1.0,5.0],"origin":[0.0,0.0,0.0],"direction":[1.0,0.0,0.0,0.0,1.0,0.0,0.0,0.0,1.0]}"#
    )
    // Foundation reads it.
    _ = try JSONSerialization.jsonObject(with: Data(json.fileBytes()))
  }

  @Test("A withheld prediction keeps its keys and states the reason")
  func withheldPredictionStatesReason() {
    let json = document(.withheld(reason: "missing: a", features: ["a"], threshold: 0.5)).json
    guard case .object(let object) = json else { return }
    #expect(
      object["prediction"]?.text(.compact)
        == #"{"probability":null,"positive":null,"threshold":0.5,"label":null,"withheld":{"reason":"missing: a","features":["a"]}}"#
    )
  }

  @Test("Without a model the prediction is null")
  func predictionIsNullWithoutModel() {
    guard case .object(let object) = document(nil).json else { return }
    #expect(object["prediction"] == .null)
  }

  @Test("error.json has the documented keys")
  func errorDocumentHasDocumentedKeys() {
    let error = StudyError(
      ErrorCode("E_SLICE_GAP", .badInput), "gap", file: "a\u{1B}.dcm", slice: 3, hint: "send it again",
      details: ["b": "2", "a": "1"])
    let document = ErrorDocument(
      job: "j", study: "s", status: "rejected", error: ReportedError(error), software: ["name": "radiomicsd"])
    #expect(
      document.json.text(.compact)
        == #"{"schema":"radiomicsd.error/1","job":"j","study":"s","status":"rejected","error":{"code":"E_SLICE_GAP","#
        + #""message":"gap","hint":"send it again","details":{"file":"a\u001b.dcm","slice":3,"a":"1","b":"2"}},"#
        + #""software":{"name":"radiomicsd"},"notice":"Research use only. Not for diagnosis."}"#)
  }

  @Test("Features keep the order of the extraction")
  func featuresKeepExtractionOrder() {
    let document = FeaturesDocument(
      features: [("z", 1), ("a", .nan)], diagnostics: [("hash", "ab"), ("Spacing", JSONValue([1.0, 2.0]))])
    #expect(
      document.json.text(.compact)
        == #"{"features":{"z":1.0,"a":null},"diagnostics":{"hash":"ab","Spacing":[1.0,2.0]}}"#)
  }

  @Test("An infinite feature is not lost")
  func infiniteFeatureIsNotLost() {
    let document = FeaturesDocument(features: [("a", .infinity), ("b", .nan), ("c", -.infinity)], diagnostics: [])
    let expected =
      #"{"features":{"a":null,"b":null,"c":null},"diagnostics":{},"nonFinite":{"a":"inf","c":"-inf"}}"#
    #expect(document.json.text(.compact) == expected)
  }
}
