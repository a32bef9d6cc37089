import Foundation
import Model
import TestKit
import Testing

/// `etc/schemas/jiao2024-975.txt`, the frozen order of the 975 columns.
struct FeatureSchemaTests {
  private func schema() throws -> FeatureSchema {
    let path = SharedData.checkout.appendingPathComponent("etc/schemas/jiao2024-975.txt")
    return FeatureSchema(text: String(decoding: try Data(contentsOf: path), as: UTF8.self))
  }

  @Test("The schema has 975 unique names, diagnostics first")
  func schemaHas975UniqueNames() throws {
    let names = try schema().names
    #expect(names.count == 975)
    #expect(Set(names).count == 975)
    #expect(names.prefix(15).allSatisfy { $0.hasPrefix("diagnostics_") && $0.contains("-interpolated_") })
    #expect(!names.dropFirst(15).contains { $0.hasPrefix("diagnostics_") })
    #expect(names[0] == "diagnostics_Image-interpolated_Spacing")
    #expect(names[14] == "diagnostics_Mask-interpolated_Maximum")
    #expect(names[15] == "original_shape_Elongation")
  }

  @Test("The schema has PyRadiomics' counts per class and image type")
  func schemaHasPyRadiomicsCounts() throws {
    let parts = try schema().names.dropFirst(15).map { $0.split(separator: "_").map(String.init) }
    #expect(parts.allSatisfy { $0.count == 3 })
    let classes = Dictionary(grouping: parts) { $0[1] }.mapValues(\.count)
    #expect(classes == ["shape": 14, "firstorder": 198, "glcm": 242, "glrlm": 176, "glszm": 176, "gldm": 154])
    let images = Dictionary(grouping: parts) { $0[0] }.mapValues(\.count)
    #expect(images["original"] == 100)
    #expect(images.filter { $0.key != "original" }.values.allSatisfy { $0 == 86 })
    #expect(images.count == 11)
  }

  /// A change of one name or of the order changes what every frozen model means.
  @Test("The digest of the schema does not change")
  func schemaIsFrozen() throws {
    #expect(try schema().sha256 == "159b498e889ee26088eb75cdd7a315c82988e876c65a64505ebcd193e5a90368")
  }

  @Test(
    "The schema has the order of PyRadiomics' columns", .enabled(if: SharedData.isPresent, "needs the reference cases"))
  func schemaHasPyRadiomicsOrder() throws {
    for name in ["STS_019", "STS_010"] {
      let text = try String(
        contentsOfFile: SharedData.path("data/cases/\(name)/reference/jiao2024.json"), encoding: .utf8)
      // One member a line: the order of the keys is the order of the lines.
      let keys = text.split(separator: "\n").compactMap { line -> String? in
        let pieces = line.split(separator: "\"")
        return line.hasPrefix("\"") ? pieces.first.map(String.init) : nil
      }
      #expect(try Array(schema().names.dropFirst(15)) == keys)
    }
  }
}
