import Configuration
import Documents
import Errors
import Foundation
import Imaging
import Report
import Study
import TestKit
import Testing

@Suite struct ComputeStudyTests {
  private let folder: TemporaryFolder
  private let study: String
  private let output: String

  init() throws {
    folder = try TemporaryFolder()
    study = try PhantomStudy.make(in: folder)
    output = try folder.folder("out")
  }

  private func request(
    model: String? = nil, profile: String? = "jiao2024", region: RegionChoice = RegionChoice(), threads: Int = 2
  ) -> StudyRequest {
    StudyRequest(
      study: "case 1", job: "job-7", input: study, output: output, model: model,
      policy: ModelPolicy(outOfDistribution: .flag), profile: profile, region: RegionRequest(configured: region),
      threads: threads)
  }

  private func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return (error as? StudyError)?.code.name ?? "\(error)" }
  }

  private static let model = SharedData.checkout.appendingPathComponent("etc/models/demonstration").path

  @Test("The result folder is complete and verifies")
  func resultFolderIsCompleteAndVerifies() throws {
    try computeStudy(request(model: Self.model))
    #expect(
      try folder.list("out") == [
        "audit.json", "features.csv", "features.json", "image.nii.gz", "manifest.json", "mask.nii.gz", "overlay.png",
        "report.html", "result.json",
      ])
    // Only for the daemon's record: not in the manifest, and not published.
    let facts = try #require(try folder.json("out/audit.json")["facts"] as? [String: String])
    for library in ["zlib", "libdeflate", "dcmtk", "openjpeg", "libarchive"] {
      #expect(facts[library]?.first?.isNumber == true, "\(library)")
    }
    for digest in ["study_uid_sha256", "series_uid_sha256", "sop_uids_sha256"] { #expect(facts[digest]?.count == 64) }
    #expect(facts["image_sha1"]?.count == 40 && facts["mask_sha1"]?.count == 40)
    #expect(facts["size"]?.split(separator: " ").count == 3 && facts["threads"] != nil)
    #expect((facts["pca_scores"]?.split(separator: " ").count ?? 0) > 1 && facts["logit"].flatMap(Double.init) != nil)
    try FileManager.default.removeItem(atPath: output + "/audit.json")
    let manifest = try ResultManifest.verify(output)
    #expect(manifest.job == "job-7")
    #expect(manifest.files.count == 7)

    let result = try folder.json("out/result.json")
    #expect(result["schema"] as? String == "radiomicsd.result/1")
    #expect(result["notice"] as? String == "Research use only. Not for diagnosis.")
    #expect((result["features"] as? [String: Any])?["count"] as? Int == 975)
    #expect((result["model"] as? [String: Any])?["demonstration"] as? Bool == true)
    #expect((result["inputs"] as? [Any])?.count == 13)
    let prediction = try #require(result["prediction"] as? [String: Any])
    let probability = try #require(prediction["probability"] as? Double)
    #expect((0...1).contains(probability))
    #expect(prediction["positive"] as? Bool == (probability >= prediction["threshold"] as! Double))

    let rows = try folder.text("out/features.csv").split(separator: "\r\n").map { $0.split(separator: ",") }
    #expect(rows.count == 2)
    #expect(rows[0].count == 4 + 975)
    #expect(rows[0][4] == "diagnostics_Image-interpolated_Spacing")
    #expect(rows[0][4 + 15] == "original_shape_Elongation")
    #expect(rows[1][0] == "case 1")
  }

  @Test("The same input gives the same features and images")
  func sameInputGivesSameFeaturesAndImages() throws {
    try computeStudy(request(threads: 1))
    let names = ["features.csv", "features.json", "image.nii.gz", "mask.nii.gz", "overlay.png"]
    let first = try names.map { try folder.data("out/" + $0) }
    try computeStudy(request(threads: 3))
    #expect(try names.map { try folder.data("out/" + $0) } == first)
  }

  @Test("The features are those of the published pair of files")
  func featuresComeFromThePublishedPair() throws {
    try computeStudy(request(profile: "ctu-982"))
    let image = try NIfTIReader.read(output + "/image.nii.gz")
    let (mask, _) = try placeMask(labelVolume: NIfTIReader.read(output + "/mask.nii.gz"), on: image.geometry)
    let again = try pairFeatures(image, mask, "ctu-982")
    let published = try #require(try folder.json("out/features.json")["features"] as? [String: Double])
    // Foundation may read a number's last bit wrong, so equal bits are not required here.
    #expect(Parity.failures(again, published).isEmpty)
  }

  /// Rule: however the mask's file lays out its voxels, the study gives the same numbers.
  @Test(
    "The storage order of the mask file does not matter",
    arguments: ["flipped", "permuted", "cropped", "label 7", "float"])
  func maskStorageOrderDoesNotMatter(_ change: String) throws {
    try computeStudy(request())
    let plain = try folder.data("out/features.json")
    try PhantomStudy.replaceMask(study) { $0 = MaskChanges.apply(change, to: $0) }
    try computeStudy(request())
    func features(_ data: Data) throws -> [String: Double]? {
      (try JSONSerialization.jsonObject(with: data) as? [String: Any])?["features"] as? [String: Double]
    }
    let same = try features(plain) == features(try folder.data("out/features.json"))
    #expect(same)
  }

  @Test("Studies that cannot be computed are refused, each with its code")
  func unusableStudiesHaveTheirCodes() throws {
    let mask = study + "/mask.nii.gz"
    let kept = try Data(contentsOf: URL(fileURLWithPath: mask))
    func restore() throws { try kept.write(to: URL(fileURLWithPath: mask)) }

    try FileManager.default.removeItem(atPath: mask)
    #expect(code { try computeStudy(request()) } == "E_MASK_MISSING")
    try restore()

    try PhantomStudy.replaceMask(study) { $0.voxels = .int16([Int16](repeating: 0, count: $0.geometry.count)) }
    #expect(code { try computeStudy(request()) } == "E_MASK_EMPTY")
    try restore()

    try PhantomStudy.replaceMask(study) { $0.geometry.origin.x += 0.3 * $0.geometry.spacing.x }
    #expect(code { try computeStudy(request()) } == "E_GEOM_MISMATCH")
    try restore()

    try PhantomStudy.replaceMask(study) { $0 = MaskChanges.apply("two labels", to: $0) }
    #expect(code { try computeStudy(request()) } == "E_NEEDS_LABEL")
    var region = RegionChoice()
    region.label = 2
    #expect(code { try computeStudy(request(region: region)) } == nil)
    try folder.write("studies/case 1/study.yaml", "label: 1\n")
    #expect(code { try computeStudy(request()) } == nil)
    try folder.write("studies/case 1/study.yaml", "lable: 1\n")
    #expect(code { try computeStudy(request()) } == "E_STUDY_YAML")
    try folder.write("studies/case 1/study.yaml", "mask: ../../../etc/passwd\n")
    #expect(code { try computeStudy(request()) } == "E_STUDY_YAML")
    try FileManager.default.removeItem(atPath: study + "/study.yaml")
    try restore()

    try PhantomStudy.putOther(than: mask, at: study + "/mask2.nii.gz")
    #expect(code { try computeStudy(request()) } == "E_MASK_AMBIGUOUS")
    try folder.write("studies/case 1/study.yaml", "mask: mask2.nii.gz\n")
    #expect(code { try computeStudy(request()) } == nil)
    try FileManager.default.removeItem(atPath: study + "/mask2.nii.gz")
    try FileManager.default.removeItem(atPath: study + "/study.yaml")

    try FileManager.default.removeItem(atPath: PhantomStudy.slices(study)[6])
    #expect(code { try computeStudy(request()) } == "E_SLICE_GAP")
    for slice in try PhantomStudy.slices(study) { try FileManager.default.removeItem(atPath: slice) }
    #expect(code { try computeStudy(request()) } == "E_NO_SERIES")
  }

  @Test("A model refuses features of another profile")
  func modelRefusesAnotherProfile() throws {
    #expect(code { try computeStudy(request(model: Self.model, profile: "ctu-982")) } == "E_MODEL_PROFILE")
    #expect(code { try computeStudy(request(model: Self.model, profile: nil)) } == nil)
    #expect(try folder.json("out/result.json")["profile"].map { "\($0)" }?.contains("jiao2024") == true)
  }
}
