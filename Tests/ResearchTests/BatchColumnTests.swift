import Errors
import Foundation
import Imaging
import Radiomics
import Research
import Synchronization
import TestKit
import Testing

/// Every column that PyRadiomics' command line knows acts; the others pass through under a name of their own.
@Suite struct BatchColumnTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try NIfTIWriter.write(DigitalPhantom.image, to: folder("image.nii.gz"))
  }

  /// A mask of two channels: the phantom's region, and that without its first voxel.
  private func writeChannels() throws {
    let mask = DigitalPhantom.mask
    var other = mask.voxels
    other[try #require(other.firstIndex(of: 1))] = 0
    let grid = mask.geometry
    let lines = [
      "NRRD0004", "type: uchar", "dimension: 4", "space: left-posterior-superior",
      "sizes: \(grid.size.x) \(grid.size.y) \(grid.size.z) 2",
      "space directions: (\(grid.spacing.x),0,0) (0,\(grid.spacing.y),0) (0,0,\(grid.spacing.z)) none",
      "kinds: domain domain domain list", "encoding: raw",
      "space origin: (\(grid.origin.x),\(grid.origin.y),\(grid.origin.z))", "", "",
    ]
    try Data(Array(lines.joined(separator: "\n").utf8) + mask.voxels + other).write(
      to: URL(fileURLWithPath: folder("mask.nrrd")))
  }

  private func run(_ lines: [String], _ features: String = "shape: [VoxelVolume]") throws -> (
    rows: [[String: String]], notes: [String]
  ) {
    try folder.write("cases.csv", "\u{FEFF}" + lines.joined(separator: "\r\n") + "\r\n")
    let notes = Mutex<[String]>([])
    let batch = Batch(
      table: try BatchTable(contentsOf: folder("cases.csv")),
      profile: try ExtractionProfile(parsing: "featureClass: {\(features)}", name: "p"), output: folder("out.csv"),
      format: .csv, jobs: 2, threads: 1, memoryLimit: nil)
    _ = try batch.run(resume: false, note: { note in notes.withLock { $0.append(note) } }, progress: { _ in })
    let rows = try folder.text("out.csv").components(separatedBy: "\r\n").filter { !$0.isEmpty }
      .map { $0.components(separatedBy: ",") }
    return (
      rows.dropFirst().map { Dictionary(zip(rows[0], $0), uniquingKeysWith: { a, _ in a }) },
      notes.withLock { $0 }
    )
  }

  @Test("The channel named in the table is used")
  func namedChannelIsUsed() throws {
    try writeChannels()
    let (rows, _) = try run([
      "Image,Mask,Label,Label_channel", "image.nii.gz,mask.nrrd,1,0", "image.nii.gz,mask.nrrd,1,1",
      "image.nii.gz,mask.nrrd,1,1.0", "image.nii.gz,mask.nrrd,1,2", "image.nii.gz,mask.nrrd,1,-1",
      "image.nii.gz,mask.nrrd,1,x", "image.nii.gz,mask.nrrd,0,0",
    ])
    let volumes = rows.map { $0["original_shape_VoxelVolume"].flatMap { Double($0) } }
    let voxel = 8.0
    #expect(volumes[0].map { $0 / voxel } == Double(DigitalPhantom.mask.count))
    #expect(volumes[1].map { $0 / voxel } == Double(DigitalPhantom.mask.count - 1) && volumes[2] == volumes[1])
    #expect(
      rows.map { $0["radiomicsd_code"] ?? "" }
        == ["", "", "", "E_LABEL_CHANNEL", "E_BATCH_TABLE", "E_BATCH_TABLE", "E_BATCH_TABLE"])
  }

  @Test("A column with a feature's name is renamed, with a note")
  func columnNamedLikeAFeatureIsRenamed() throws {
    try NIfTIWriter.write(DigitalPhantom.mask, to: folder("mask.nii.gz"))
    let (rows, notes) = try run([
      "Image,Mask,original_shape_VoxelVolume,radiomicsd_code,label,case_original_shape_VoxelVolume",
      "image.nii.gz,mask.nii.gz,mine,seven,her2,taken",
    ])
    #expect(rows[0]["case_case_original_shape_VoxelVolume"] == "mine" && rows[0]["case_radiomicsd_code"] == "seven")
    #expect(rows[0]["label"] == "her2" && rows[0]["case_original_shape_VoxelVolume"] == "taken")
    #expect(rows[0]["original_shape_VoxelVolume"].flatMap { Double($0) } != nil)
    #expect(notes.count == 3, "\(notes)")
  }
}
