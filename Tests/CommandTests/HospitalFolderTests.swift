import DICOM
import Foundation
import Imaging
import Phantom
import TestKit
import Testing

/// One folder as a hospital drops it, with everything at once, through the program.
@Suite(.enabled(if: !Program.path.isEmpty, "the radiomicsd program is not beside the tests"))
struct HospitalFolderTests {
  private let folder: TemporaryFolder
  private let image = PhantomImage(PhantomRecipe(seed: 9, matrix: 64, slices: 10))
  private let study: String

  private static let arterial = "1.2.826.0.1.1"
  private static let excretory = "1.2.826.0.1.2"

  init() throws {
    folder = try TemporaryFolder()
    study = try folder.folder("王小东 2024")
    // Two phases on one grid: one says its set (GB18030), one writes GBK and says Latin-1.
    for (series, set, text, shift) in [
      (Self.arterial, "GB18030", [0xB6, 0xAF, 0xC2, 0xF6, 0xC6, 0xDA], 50),
      (Self.excretory, "ISO_IR 100", [0xC5, 0xC5, 0xD0, 0xB9, 0xC6, 0xDA], 0),
    ] as [(String, String, [UInt8], UInt16)] {
      let below = try folder.folder("王小东 2024/\(series == Self.arterial ? "SE0" : "序列二")")
      for (index, slice) in image.slices(name: "P1").enumerated() {
        var slice = slice
        slice.set(0x0008_0005, set)
        slice.attributes[0x0008_103E] = .text(text)
        slice.set(0x0020_000E, series)
        slice.set(0x0008_0018, "\(series).\(index)")
        for i in slice.pixels.indices { slice.pixels[i] &+= shift }
        try slice.write(to: "\(below)/IM\(index)")
      }
    }
    try writeCompany()
    try writeStructureSet()
  }

  /// What comes along: a scout, a dose report and what other systems leave behind.
  private func writeCompany() throws {
    var scout = image.slices(name: "P1")[0]
    scout.set(0x0020_000E, "1.2.826.0.1.3")
    scout.set(0x0008_0018, "1.2.826.0.1.3.0")
    scout.set(0x0008_0008, "ORIGINAL\\PRIMARY\\LOCALIZER")
    scout.set(0x0020_0037, "1\\0\\0\\0\\0\\-1")
    try scout.write(to: study + "/SCOUT")
    var dose = CTSlice()
    for (tag, value) in [
      (0x0008_0016, "1.2.840.10008.5.1.4.1.1.88.67"), (0x0008_0018, "1.2.826.0.1.4.0"), (0x0008_0060, "SR"),
      (0x0010_0020, "P1"), (0x0020_000D, "1.2.826.0.1"), (0x0020_000E, "1.2.826.0.1.4"),
    ] as [(UInt32, String)] { dose.set(tag, value) }
    dose.attributes[0x0040_A730] = .items([[0x0040_A040: .text(Array("TEXT".utf8))]])
    try dose.write(to: study + "/dose")
    var directory = CTSlice()
    directory.set(0x0008_0016, "1.2.840.10008.1.3.10")
    directory.set(0x0008_0018, "1.2.826.0.1.5.0")
    try directory.write(to: study + "/DICOMDIR")
    for (name, text) in [
      ("Thumbs.db", "x"), (".DS_Store", "y"), ("._IM0", "z"), ("报告.pdf", "%PDF-1.4 not a mask"), ("READY", ""),
    ] { try folder.write("王小东 2024/" + name, text) }
  }

  /// The tumour as squares around its voxels, on the excretory phase.
  private func writeStructureSet() throws {
    let grid = image.mask.geometry
    var contours: [(type: String, points: [SIMD3<Double>])] = []
    for z in 0..<grid.size.z {
      for y in 0..<grid.size.y {
        for x in 0..<grid.size.x where image.mask.voxels[grid.offset(x, y, z)] == 1 {
          let corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
          contours.append(
            ("CLOSED_PLANAR", corners.map { grid.point(at: Vector3(Double(x) + $0.0, Double(y) + $0.1, Double(z))) }))
        }
      }
    }
    var draft = StructureSetDraft([.init(3, "肿瘤", contours)])
    let slice = image.slices(name: "P1")[0]
    func text(_ tag: UInt32) -> String {
      guard case .text(let bytes)? = slice.attributes[tag] else { return "" }
      return String(decoding: bytes, as: UTF8.self)
    }
    draft.origin.patientID = text(0x0010_0020)
    draft.origin.study = text(0x0020_000D)
    draft.origin.frame = text(0x0020_0052)
    draft.origin.series = Self.excretory
    draft.origin.instances = (0..<10).map { "\(Self.excretory).\($0)" }
    try Data(draft.bytes).write(to: URL(fileURLWithPath: study + "/RS"))
  }

  private func inspection() throws -> [String: Any] {
    let run = try Program.run("inspect", study, "--json")
    #expect(run.status == 0, "\(run.errors)")
    return try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any] ?? [:]
  }

  @Test("A folder with everything at once is computed on the right phase")
  func mixedFolderUsesTheRightPhase() throws {
    let run = try Program.run("process", study, "--output", folder("out"))
    #expect(run.status == 0, "\(run.errors)")
    let table = try folder.text("out/features.csv")
    #expect(table.contains(",\(Self.excretory),肿瘤,1,"))
    // The published pair is the excretory phase (without the 50 HU that the other has more) and the phantom's tumour.
    let published = try NIfTIReader.read(folder("out/image.nii.gz"))
    #expect(published.voxels == image.volume.voxels)
    #expect(
      try NIfTIReader.read(folder("out/mask.nii.gz")).voxels.doubles.map { UInt8($0) } == image.mask.voxels)

    let json = try inspection()
    let pairing = try #require(json["pairing"] as? [String: Any])
    #expect(pairing["series"] as? String == Self.excretory)
    #expect(pairing["mask"] as? String == "RS")
    #expect(pairing["reason"] as? String == "references")
    let series = json["series"] as? [[String: Any]] ?? []
    #expect(Set(series.compactMap { $0["description"] as? String }).isSuperset(of: ["动脉期", "排泄期"]))
    #expect(Set(json["others"] as? [String] ?? []) == ["dose", "READY", "报告.pdf"])
    #expect((json["damaged"] as? [Any])?.isEmpty == true)
    let text = try Program.run("inspect", study)
    #expect(text.output.contains("pairing  mask   RS"))
  }

  @Test("A refused study states the lines to write")
  func refusalStatesTheLinesToWrite() throws {
    try FileManager.default.removeItem(atPath: study + "/RS")
    try NIfTIWriter.write(image.mask, to: study + "/mask.nii.gz")
    // 排泄期 decides by its description; without it nobody can know.
    let config = folder("radiomicsd.yaml")
    try folder.write("radiomicsd.yaml", "phase: no such phase\n")
    let refused = try Program.run("inspect", study, "--config", config, "--json")
    let json = try JSONSerialization.jsonObject(with: Data(refused.output.utf8)) as? [String: Any]
    let pairing = try #require(json?["pairing"] as? [String: Any])
    #expect((pairing["error"] as? [String: Any])?["code"] as? String == "E_NEEDS_SERIES")
    let choices = (pairing["choices"] as? [[String: Any]] ?? []).compactMap { $0["line"] as? String }
    #expect(choices == ["image: \(Self.arterial)", "image: \(Self.excretory)"])
    let text = try Program.run("inspect", study, "--config", config)
    #expect(text.output.contains("study.yaml may say  image: \(Self.arterial)    (动脉期, 10 images)"))
    // What it says is right.
    try folder.write("王小东 2024/study.yaml", choices[1] + "\n")
    let settled = try Program.run("inspect", study, "--config", config)
    #expect(settled.output.contains("pairing  mask   mask.nii.gz"))
    // A damaged file blocks the study, and inspect says so as process does.
    try folder.write("王小东 2024/late.dcm", "")
    #expect(try Program.run("inspect", study, "--config", config).output.contains("refused  E_TRUNCATED"))
  }
}
