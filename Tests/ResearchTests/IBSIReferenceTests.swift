import Documents
import Foundation
import Hashing
import Research
import TestKit
import Testing

/// The reference values that are built into the program are those of the data files, and these do not change unnoticed.
struct IBSIReferenceTests {
  private static func file(_ name: String, sha256: String) throws -> CSVTable {
    let path = SharedData.checkout.appendingPathComponent("Sources/Research/IBSI/\(name)")
    let bytes = Array(try Data(contentsOf: path))
    #expect(Hashing.sha256(bytes) == sha256, "\(name) has changed")
    return try CSVTable(bytes: bytes)
  }

  @Test("the digital phantom's values are those of the data file")
  func digitalPhantomIsTheDataFile() throws {
    let table = try Self.file(
      "ibsi-digital-phantom.csv", sha256: "94e0a10774bfd71267c6b6be7c56a30fbb807e1816f3c6f4f0ca7e36fc8a155d")
    #expect(table.rows.count == 105 && table.header == ["feature", "code", "tag", "value", "tolerance"])
    let built = IBSIReference.digitalPhantom.map { [$0.feature, $0.code, $0.tag, $0.printed] }
    #expect(built == table.rows.map { Array($0.cells.prefix(4)) })
    #expect(IBSIReference.digitalPhantom.map(\.tolerance) == table.rows.map { Double($0["tolerance"] ?? "") })
  }

  @Test("the CT phantom's values are those of the data file", arguments: IBSIComparison.Configuration.allCases)
  func ctPhantomIsTheDataFile(_ configuration: IBSIComparison.Configuration) throws {
    let table = try Self.file(
      "ibsi-ct-phantom.csv", sha256: "2df33d3af0f4fcb783fee51820bff21d9b7e211b4e029359328469ca0c3d2785")
    let (value, tolerance) = (configuration.rawValue, configuration.rawValue + "_tolerance")
    let built = IBSIReference.ctPhantom(configuration)
    #expect(built.count == 144)
    #expect(
      built.map { [$0.feature, $0.tag, $0.printed] } == table.rows.map { Array($0.cells.prefix(2)) + [$0[value]] })
    #expect(built.map(\.tolerance) == table.rows.map { Double($0[tolerance] ?? "") })
    #expect(built.allSatisfy { !$0.code.isEmpty })
  }
}
