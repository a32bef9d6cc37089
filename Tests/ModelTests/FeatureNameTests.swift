import Foundation
import Model
import TestKit
import Testing

@Suite struct FeatureNameTests {
  @Test(
    "Every spelling of a feature's name is recognised",
    arguments: [
      ("original_shape_Elongation", "original_shape_Elongation"),
      ("ORIGINAL_GLCM_IDMN", "original_glcm_Idmn"), ("original.shape.elongation", "original_shape_Elongation"),
      ("wavelet.HHL_glszm_ZoneEntropy", "wavelet-HHL_glszm_ZoneEntropy"),
      ("log.sigma.3.0.mm.3D_firstorder_10Percentile", "log-sigma-3-0-mm-3D_firstorder_10Percentile"),
      ("Original Shape2D PixelSurface", "original_shape2D_PixelSurface"),
      ("lbp.3d.m1_ngtdm_strength", "lbp-3D-m1_ngtdm_Strength"),
      ("original_shape_Elongation [Q3CK]", "original_shape_Elongation"),
    ])
  func everySpellingIsRecognised(spelt: String, name: String) { #expect(FeatureName.exact(spelt) == name) }

  @Test(
    "Other columns are not taken for features",
    arguments: [
      "age", "shape_Elongation", "original_shape_Elongatio", "label", "", "original_glcm", "split_shape_x",
    ])
  func otherColumnsAreNotFeatures(name: String) { #expect(FeatureName.exact(name) == nil) }

  /// All features of the schema that ships are spelt as they are.
  @Test("The schema keeps its own spelling")
  func schemaKeepsItsSpelling() throws {
    let file = SharedData.checkout.appendingPathComponent("etc/schemas/jiao2024-975.txt")
    let names = FeatureSchema(text: try String(contentsOf: file, encoding: .utf8)).names
    let features = names.filter { !$0.hasPrefix("diagnostics_") }
    #expect(features.count == 960)
    for name in features {
      #expect(FeatureName.exact(name) == name)
      #expect(FeatureName.exact(name.uppercased().replacingOccurrences(of: "-", with: ".")) == name)
    }
    let spelt = names.map { $0.lowercased() }
    let other = FeatureName.otherSpellings(of: names, in: spelt)
    #expect(other.count == names.count && other.allSatisfy { $0.key.lowercased() == $0.value })
  }

  @Test("An ambiguous spelling matches no feature")
  func ambiguousSpellingIsNotMatched() {
    #expect(FeatureName.otherSpellings(of: ["a_b"], in: ["A_B", "a.b"]).isEmpty)
    #expect(FeatureName.otherSpellings(of: ["a_b"], in: ["a_b", "a.b"]).isEmpty)
    #expect(
      FeatureName.nearest(to: "original_glcm_Contrst", in: ["age", "original_glcm_Contrast"])
        == "original_glcm_Contrast")
    #expect(FeatureName.nearest(to: "original_glcm_Contrast", in: ["age"]) == nil)
  }

  @Test("A file in another spelling is read, and the spelling is reported")
  func otherSpellingIsReadAndReported() throws {
    let text = "study,ORIGINAL.GLCM.CONTRAST,other\nS,1.5,2\n"
    var file = try FeatureFile(bytes: Array(text.utf8))
    file.spell(as: ["original_glcm_Contrast", "absent"])
    #expect(try file.records[0].numbers(for: ["original_glcm_Contrast", "absent"]) == ["original_glcm_Contrast": 1.5])
    #expect(file.notes.contains { $0.contains("ORIGINAL.GLCM.CONTRAST for original_glcm_Contrast") })
  }
}
