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

  @Test func aFolderOfMapsAndTheirListing() throws {
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

  @Test func whatDoesNotGoTogetherIsRefused() throws {
    #expect(try extract("--voxel").status == 64)
    let batch = try Program.run("extract", "--voxel", "--batch", "cases.csv", "--output", folder("maps"))
    #expect(batch.status == 64)
    #expect(batch.errors.contains("--voxel does not go with --batch"))
    let memory = try extract("--voxel", "--output", folder("none"), "--memory-limit", "1")
    #expect(memory.status == 0 || memory.errors.contains("E_MEMORY_ESTIMATE"))
    let configuration = try Program.run("ibsi", "--configurations", "F")
    #expect(configuration.status == 64)
  }
}
