import Configuration
import Documents
import Errors
import Foundation
import Model
import Phantom
import Study
import TestKit
import Testing

/// The result of a study outside the training cohort, and the output of a shadow model.
@Suite struct ModelPolicyTests {
  private let folder: TemporaryFolder
  private let study: String

  init() throws {
    folder = try TemporaryFolder()
    study = try PhantomStudy.make(in: folder)
  }

  private static let demonstration = SharedData.checkout.appendingPathComponent("etc/models/demonstration").path

  /// The demonstration bundle with another cohort, frozen again.
  private func bundle(_ name: String, _ change: (inout Cohort?) -> Void) throws -> String {
    func data(_ file: String) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: "\(Self.demonstration)/\(file)"))
    }
    let decoder = JSONDecoder()
    var cohort: Cohort? = try decoder.decode(Cohort.self, from: data("cohort.json"))
    change(&cohort)
    let tensors = try SafeTensors(Array(data("weights.safetensors")), file: "w").tensors.values
    let contents = BundleContents(
      manifest: try decoder.decode(BundleManifest.self, from: data("bundle.json")),
      tensors: tensors.sorted { $0.name < $1.name }, profile: Array(try data("profile.yaml")),
      selfTest: try decoder.decode(SelfTest.self, from: data("selftest.json")), cohort: cohort, card: "# A test\n")
    try contents.write(to: folder(name))
    return folder(name)
  }

  private func result(_ model: String, _ policy: OutOfDistributionPolicy?, shadow: String? = nil) throws -> [String:
    Any]
  {
    let output = try folder.folder("out-\(UUID().uuidString)")
    try computeStudy(
      StudyRequest(
        study: "case 1", job: "job-7", input: study, output: output, model: model,
        policy: ModelPolicy(outOfDistribution: policy), shadow: shadow, threads: 2))
    var result =
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: output + "/result.json"))) as! [String: Any]
    result["page"] = try String(contentsOfFile: output + "/report.html", encoding: .utf8)
    if let data = FileManager.default.contents(atPath: output + "/shadow.json") {
      result["shadow"] = try JSONSerialization.jsonObject(with: data)
      let manifest = try String(contentsOfFile: output + "/manifest.json", encoding: .utf8)
      #expect(!manifest.contains("shadow"))
      #expect((result["page"] as! String).contains("shadow") == false)
    }
    return result
  }

  private func codes(_ result: [String: Any]) -> Set<String> {
    Set((result["warnings"] as! [[String: Any]]).map { $0["code"] as! String })
  }

  @Test("The acquisition is compared with the training envelope")
  func acquisitionIsComparedWithEnvelope() throws {
    let narrow = try bundle("narrow") { cohort in
      var envelope = AcquisitionEnvelope()
      envelope.manufacturers = ["Unknown Scanners"]
      envelope.kVp = [70, 80]
      envelope.sliceThickness = [1, 1.5]
      envelope.sliceSpacing = [4.9, 5.1]
      envelope.regionVoxels = [1, 2]
      envelope.kernels = ["x"]
      cohort?.acquisition = envelope
    }
    let flagged = try result(narrow, .flag)
    let outside = codes(flagged)
    #expect(outside.isSuperset(of: ["OOD_MANUFACTURER", "OOD_KVP", "OOD_THICKNESS", "OOD_ROI_VOXELS"]))
    #expect(!outside.contains("OOD_SPACING"))
    let prediction = try #require(flagged["prediction"] as? [String: Any])
    #expect(prediction["probability"] is Double)
    let distance = try #require(flagged["outOfDistribution"] as? [String: Any])
    let acquisition = try #require(distance["acquisition"] as? [String: Any])
    let listed = Set((acquisition["outside"] as! [[String: Any]]).map { $0["code"] as! String })
    #expect(listed == outside.filter { $0.hasPrefix("OOD_") && $0 != "OOD_FEATURES" })
    let page = flagged["page"] as! String
    #expect(page.contains("OOD_THICKNESS"))
    // An unreliable number is struck out and small.
    #expect(!page.contains("class=\"probability\"") && !page.contains("data-probability"))
    #expect(page.contains("<p class=\"outside\">") && page.contains("<s>"))
    // Without a setting a demonstration model gives none.
    let silent = try result(narrow, nil)
    #expect((silent["prediction"] as? [String: Any])?["probability"] is NSNull)

    let withheld = try result(narrow, .withhold)
    let none = try #require(withheld["prediction"] as? [String: Any])
    #expect(none["probability"] is NSNull && none["positive"] is NSNull && none["label"] is NSNull)
    let reason = (none["withheld"] as? [String: Any])?["reason"] as? String
    #expect(reason?.contains("outside the model's training cohort") == true)
    #expect((withheld["page"] as! String).contains("No prediction."))
  }

  @Test("A case within the cohort keeps its probability, one with an unknown cohort does not")
  func probabilityNeedsAKnownCohort() throws {
    let within = try result(Self.demonstration, .withhold)
    let features = (within["outOfDistribution"] as? [String: Any])?["flag"] as? Bool
    let probability = (within["prediction"] as? [String: Any])?["probability"]
    #expect(features == true ? probability is NSNull : probability is Double)
    #expect((within["outOfDistribution"] as? [String: Any])?["acquisition"] is NSNull)

    let unknown = try bundle("unknown") { $0 = nil }
    let flagged = try result(unknown, .flag, shadow: Self.demonstration)
    #expect(codes(flagged).contains("OOD_UNKNOWN") && flagged["outOfDistribution"] is NSNull)
    let own = (flagged["prediction"] as? [String: Any])?["probability"] as? Double
    let shadow = try #require(flagged["shadow"] as? [String: Any])
    #expect(shadow["schema"] as? String == "radiomicsd.shadow/1")
    #expect(own != nil && shadow["probability"] as? Double == own)
    let withheld = try result(unknown, .withhold, shadow: folder("nothing"))
    #expect((withheld["prediction"] as? [String: Any])?["probability"] is NSNull)
    // A shadow that cannot be read is harmless.
    let broken = try #require(withheld["shadow"] as? [String: Any])
    #expect((broken["withheld"] as? String)?.contains("E_MODEL_MISSING") == true)
  }
}
