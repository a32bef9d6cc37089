import Foundation
import Imaging
import TestKit
import Testing

@Suite(.enabled(if: !Program.path.isEmpty, "the radiomicsd program is not beside the tests"))
struct VoxelCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let geometry = Geometry(size: SIMD3(8, 7, 6), spacing: Vector3(1, 1, 2))
    var mask = [UInt8](repeating: 0, count: geometry.count)
    for z in 2..<5 { for y in 2..<5 { for x in 3..<6 { mask[geometry.offset(x, y, z)] = 1 } } }
    try NIfTIWriter.write(
      Volume(geometry: geometry, int16: (0..<geometry.count).map { Int16($0 * 37 % 101) }), to: folder("i.nii.gz"))
    try NIfTIWriter.write(Mask(geometry: geometry, voxels: mask), to: folder("m.nii.gz"))
    try Data("featureClass: {firstorder: [Mean, Range], glszm: [ZoneEntropy]}\n".utf8)
      .write(to: URL(fileURLWithPath: folder("p.yaml")))
  }

  private func extract(_ more: String...) throws -> Program.Outcome {
    try Program.run(
      ["extract", "--image", folder("i.nii.gz"), "--mask", folder("m.nii.gz"), "--profile", folder("p.yaml")] + more)
  }

  @Test("Maps are written into a folder, with a listing")
  func mapsAreWrittenWithAListing() throws {
    let run = try extract("--voxel", "--output", folder("maps"))
    #expect(run.status == 0, "\(run.errors)")
    let listing = try folder.json("maps/features.json")
    let names = ["original_firstorder_Mean", "original_firstorder_Range", "original_glszm_ZoneEntropy"]
    #expect((listing["maps"] as? [String: String]).map { Set($0.keys) } == Set(names))
    #expect(listing["voxels"] as? Int == 27)
    #expect(try Set(folder.list("maps")) == Set(names.map { $0 + ".nii.gz" } + ["features.json"]))
    let map = try NIfTIReader.read(folder("maps/original_firstorder_Mean.nii.gz"))
    #expect(map.geometry.size == SIMD3(5, 5, 5))
    #expect(map.geometry.origin == Vector3(2, 1, 2))
    // The middle voxel's kernel is the region.
    let whole = try extract("--output", folder("f.json"))
    #expect(whole.status == 0, "\(whole.errors)")
    let features = try folder.json("f.json")["features"] as? [String: Double]
    #expect(features?["original_firstorder_Mean"].map { abs($0 - map.voxels[62]) < 1e-12 } == true)
  }

  @Test("A batch writes one folder of maps per case")
  func batchWritesAMapFolderPerCase() throws {
    try Data("ID,Image,Mask,Label\na,i.nii.gz,m.nii.gz,\nb,i.nii.gz,m.nii.gz,7\nc,i.nii.gz,m.nii.gz,1\n".utf8)
      .write(to: URL(fileURLWithPath: folder("cases.csv")))
    let arguments = [
      "extract", "--voxel", "--batch", folder("cases.csv"), "--profile", folder("p.yaml"), "--output", folder("all"),
    ]
    let run = try Program.run(arguments)
    #expect(run.status == 65, "\(run.errors)")
    let rows = try String(contentsOfFile: folder("all/cases.csv"), encoding: .utf8).components(separatedBy: "\r\n")
    #expect(
      rows[0]
        == "ID,Image,Mask,Label,radiomicsd_code,radiomicsd_message,radiomicsd_folder,radiomicsd_maps,radiomicsd_voxels")
    #expect(rows[1] == "a,i.nii.gz,m.nii.gz,,,,case-0001,3,27")
    #expect(rows[2].hasPrefix("b,i.nii.gz,m.nii.gz,7,E_LABEL_MISSING,") && rows[2].hasSuffix(",,,"))
    #expect(rows[3] == "c,i.nii.gz,m.nii.gz,1,,,case-0003,3,27")
    #expect(try Set(folder.list("all")) == ["cases.csv", "case-0001", "case-0003"])
    // The maps of a case are those that it has alone.
    #expect(try extract("--voxel", "--output", folder("one")).status == 0)
    for name in try folder.list("one") {
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: folder("one/" + name)))
          == Data(contentsOf: URL(fileURLWithPath: folder("all/case-0001/" + name))), "\(name)")
    }

    // Interrupted before the rows were written, with one folder lost: that case and the failure are computed again.
    try FileManager.default.removeItem(atPath: folder("all/cases.csv"))
    try FileManager.default.createDirectory(atPath: folder("all/cases.csv"), withIntermediateDirectories: true)
    #expect(try Program.run(arguments).status == 64)
    try FileManager.default.removeItem(atPath: folder("all/cases.csv"))
    try FileManager.default.removeItem(atPath: folder("all/case-0003"))
    let rest = try Program.run(arguments + ["--resume"])
    #expect(rest.status == 65)
    #expect(rest.errors.components(separatedBy: "cases, ").count == 3, "\(rest.errors)")
    #expect(try folder.list("all/case-0003").contains("features.json"))
  }

  @Test("Options that exclude each other are refused")
  func conflictingOptionsAreRefused() throws {
    #expect(try extract("--voxel").status == 64)
    let batch = try Program.run("extract", "--voxel", "--batch", "cases.csv")
    #expect(batch.status == 64)
    #expect(batch.errors.contains("--batch needs --output"))
    let memory = try extract("--voxel", "--output", folder("none"), "--memory-limit", "1")
    #expect(memory.status == 0 || memory.errors.contains("E_MEMORY_ESTIMATE"))
    let configuration = try Program.run("ibsi", "--configurations", "F")
    #expect(configuration.status == 64)
  }
}
