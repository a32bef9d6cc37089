import DICOM
import Errors
import Foundation
import Imaging
import Phantom
import Radiomics
import TestKit
import Testing

/// Every code of `docs/errors.md` can be produced: a test asserts it, or it stands among those that no input provokes.
@Suite("Codes that can be produced")
struct ErrorProductionTests {
  /// What only a fault of the machine, of another process or of radiomicsd itself brings about.
  private static let faults: [String: String] = [
    "E_INTERNAL": "an assumption of the program that does not hold",
    "E_OOM": "the kernel ends a worker because memory ran out",
    "E_INTERRUPTED": "the daemon dies again and again while a job runs",
    "E_SPAWN": "the machine has no more processes",
    "E_INPUT_LOST": "private copy and original of a study both vanish",
    "E_DAEMON_SILENT": "no daemon answers a request for 10 s",
    "E_NO_SPACE": "the state folder's disk is full (the daemon's log)",
    "E_DATABASE": "reading or writing the job database fails",
    "E_PERMISSION": "a file that the daemon's user may not read (tests may run as root, who may)",
    "E_SANDBOX": "a kernel without Landlock or seccomp",
    "E_REQUEST_REFUSED": "a request that meets a job in the wrong state in a running daemon",
  ]

  /// Names that the sources give to codes: `E_SLICE_GAP` is `.sliceGap`.
  private static func names() throws -> [String: String] {
    var names: [String: String] = [:]
    for text in try texts(below: "Sources") {
      for match in text.matches(of: #/static let ([A-Za-z0-9]+) = ErrorCode\(\s*"(E_[A-Z0-9_]+)"/#) {
        names[String(match.2)] = String(match.1)
      }
    }
    return names
  }

  private static func texts(below folder: String, except: Set<String> = []) throws -> [String] {
    let root = SharedData.checkout.appendingPathComponent(folder)
    let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
    return try files.compactMap { $0 as? URL }
      .filter { $0.pathExtension == "swift" && !except.contains($0.lastPathComponent) && !$0.path.contains("/Fuzz/") }
      .map { try String(contentsOf: $0, encoding: .utf8) }
  }

  @Test("each code of the catalogue is asserted by a test, or needs a fault")
  func everyCodeIsTestedOrNeedsAFault() throws {
    let list = try String(contentsOf: SharedData.checkout.appendingPathComponent("docs/errors.md"), encoding: .utf8)
    let codes = list.matches(of: #/(?m)^\| `(E_[A-Z0-9_]+)` \|/#).map { String($0.1) }
    #expect(codes.count > 90)
    let names = try Self.names()
    let tests = try Self.texts(below: "Tests", except: ["ErrorCatalogueTests.swift"])
    for code in codes where Self.faults[code] == nil {
      let isAsserted = tests.contains { text in
        if text.contains("\"\(code)\"") || text.contains("\(code):") { return true }
        guard let name = names[code] else { return false }
        // The declared name, not the beginning of a longer one.
        return text.ranges(of: ".\(name)").contains { range in
          range.upperBound == text.endIndex || !(text[range.upperBound].isLetter || text[range.upperBound].isNumber)
        }
      }
      #expect(isAsserted, "no test produces \(code)")
    }
    #expect(Set(Self.faults.keys).isSubset(of: Set(codes)), "a fault that is not in the catalogue")
  }

  // The smallest inputs of codes that no other test produces.

  private func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return (error as? StudyError)?.code.name ?? "\(error)" }
  }

  private func grid(_ size: Int) -> Geometry { Geometry(size: SIMD3(size, size, size)) }

  @Test("an image and a mask of two sizes")
  func differingGridsAreRefused() throws {
    let image = Volume(geometry: grid(6), int16: (0..<216).map { Int16($0) })
    let mask = Mask(geometry: grid(5), voxels: [UInt8](repeating: 1, count: 125))
    let extractor = Extractor(profile: try .named("pyradiomics-defaults"), threads: 1)
    #expect(code { _ = try extractor.extract(image: image, mask: mask) } == "E_GRIDS_DIFFER")
  }

  @Test("a region with values that are not numbers")
  func nonFiniteRegionIsRefused() throws {
    var values = (0..<216).map { Double($0) }
    values[100] = .infinity
    let image = Volume(geometry: grid(6), float64: values)
    let mask = Mask(geometry: grid(6), voxels: [UInt8](repeating: 1, count: 216))
    let extractor = Extractor(profile: try .named("ctu-982"), threads: 1)
    #expect(code { _ = try extractor.extract(image: image, mask: mask) } == "E_NOT_FINITE")
  }

  @Test("compressed pixels that cannot be decoded")
  func undecodablePixelsAreRefused() throws {
    let folder = try TemporaryFolder()
    let slices = PhantomImage(PhantomRecipe(seed: 5, matrix: 32, slices: 3)).slices(name: "P1")
    for (index, slice) in slices.enumerated() {
      try slice.write(to: folder("\(index)"), transferSyntax: "1.2.840.10008.1.2.4.80")
    }
    var bytes = [UInt8](try folder.data("1"))
    let start = try #require((0..<bytes.count - 4).last { Array(bytes[$0..<$0 + 3]) == [0xFF, 0xD8, 0xFF] })
    for i in (start + 40)..<(bytes.count - 8) { bytes[i] = 0xA5 }
    try Data(bytes).write(to: URL(fileURLWithPath: folder("1")))
    let series = try scanStudy(folder.path).series[0]
    #expect(code { _ = try loadVolume(series) } == "E_DECODE")
  }

  @Test("the program's own refusals", .enabled(if: !Program.path.isEmpty, "the program is not beside the tests"))
  func programRefusalsHaveTheirCodes() throws {
    let folder = try TemporaryFolder()
    #expect(
      try Program.run("phantom", "--output", folder("s"), "--seed", "3", "--matrix", "32", "--slices", "5").status == 0)
    try folder.write("mask.txt", "no mask")
    func code(_ arguments: String...) throws -> String {
      let run = try Program.run(arguments + ["--json"])
      let text = (run.output + run.errors).split(separator: "\n").last { $0.hasPrefix("{") } ?? ""
      let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      return (json?["error"] as? [String: Any])?["code"] as? String ?? "\(run.status): \(run.errors)"
    }
    #expect(
      try code(
        "convert", folder("s/phantom-0001"), "--output", folder("i.nii"), "--mask", folder("mask.txt"),
        "--mask-output", folder("m.nii")) == "E_MASK_UNSUPPORTED")
  }
}
