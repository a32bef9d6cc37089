import Documents
import Errors
import Foundation
import Imaging
import Radiomics
import Research
import Study
import Synchronization
import TestKit
import Testing

@Suite struct BatchTests {
  /// A folder with IBSI's phantom and a table of three cases, the second of which has no such label.
  private final class Folder {
    let path: String
    var table: String { path + "/cases.csv" }
    var output: String { path + "/out.csv" }

    init() throws {
      path = FileManager.default.temporaryDirectory.appendingPathComponent("batch-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try NIfTIWriter.write(DigitalPhantom.image, to: path + "/image.nii.gz")
      try NIfTIWriter.write(DigitalPhantom.mask, to: path + "/mask.nii.gz")
      let lines = [
        "ID,Image,Mask,Label", "a,image.nii.gz,mask.nii.gz,1", "=b,image.nii.gz,mask.nii.gz,5",
        "c,image.nii.gz,mask.nii.gz,",
      ]
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: table))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func batch(
      _ format: Batch.Format = .csv, binWidth: String = "1", features: String = "firstorder: [Mean, Range]"
    ) throws -> Batch {
      Batch(
        table: try BatchTable(contentsOf: table),
        profile: try ExtractionProfile(
          parsing: "setting: {binWidth: \(binWidth)}\nfeatureClass: {\(features)}", name: "p"),
        output: output, format: format, jobs: 2, threads: 1, memoryLimit: nil)
    }

    func lines() throws -> [String] {
      try String(contentsOfFile: output, encoding: .utf8).components(separatedBy: "\r\n").filter { !$0.isEmpty }
    }
  }

  @Test("Every case has its row, in the order of the table")
  func everyCaseHasItsRowInOrder() throws {
    let folder = try Folder()
    let counts = Mutex<[Int]>([])
    let failed = try folder.batch().run(resume: false) { progress in counts.withLock { $0.append(progress.done) } }
    #expect(failed == 1)
    #expect(counts.withLock { $0 } == [1, 2, 3])
    let lines = try folder.lines()
    #expect(lines.count == 4)
    #expect(
      lines[0]
        == "ID,Image,Mask,Label,radiomicsd_code,radiomicsd_message,original_firstorder_Mean,original_firstorder_Range")
    #expect(lines[1].hasPrefix("a,image.nii.gz,mask.nii.gz,1,,,2.148648") && lines[1].hasSuffix(",5.0"))
    // A spreadsheet must not run the name as a formula.
    #expect(lines[2].hasPrefix("'=b,image.nii.gz,mask.nii.gz,5,E_LABEL_MISSING,"))
    #expect(lines[3].hasPrefix("c,image.nii.gz,mask.nii.gz,,,,2.148648"))
    #expect(!FileManager.default.fileExists(atPath: folder.output + ".journal"))
  }

  @Test("Table and document have the same values by name")
  func tableAndDocumentAgreeByName() throws {
    let folder = try Folder()
    // An energy beyond the range of a double.
    let geometry = DigitalPhantom.image.geometry
    let huge = (0..<geometry.count).map { Double($0 % 9) * 1e200 }
    try NIfTIWriter.write(Volume(geometry: geometry, float64: huge), to: folder.path + "/huge.nii.gz")
    let line = "d,huge.nii.gz,mask.nii.gz,1\n"
    try Data((try String(contentsOfFile: folder.table, encoding: .utf8) + line).utf8).write(
      to: URL(fileURLWithPath: folder.table))
    let features = "firstorder: [Energy, Mean, Skewness], shape: [VoxelVolume]"
    _ = try folder.batch(binWidth: "1.0e+199", features: features).run(resume: false) { _ in }
    let table = try CSVTable(bytes: Array(try Data(contentsOf: URL(fileURLWithPath: folder.output))))
    _ = try folder.batch(.json, binWidth: "1.0e+199", features: features).run(resume: false) { _ in }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.output))
    let document = String(decoding: bytes, as: UTF8.self)
    let items = try #require(try JSONSerialization.jsonObject(with: bytes) as? [[String: Any]])
    #expect(table.rows.count == 4 && items.count == 4)
    for (row, item) in zip(table.rows, items) {
      let cells = try #require(item["case"] as? [String: String])
      for (name, text) in cells { #expect(row[name] == (text == "=b" ? "'=b" : text)) }
      let error = item["error"] as? [String: String]
      #expect(row["radiomicsd_code"] == error?["code"] ?? "")
      #expect(row["radiomicsd_message"] == error?["message"] ?? "")
      let values = item["features"] as? [String: Any] ?? [:]
      let nonFinite = item["nonFinite"] as? [String: String] ?? [:]
      #expect(table.header.count == cells.count + 2 + 4)
      for name in table.header.dropFirst(cells.count + 2) {
        // The document's own digits: a parser's last bit may differ.
        let isNumber = values[name] is Double
        #expect(
          isNumber ? document.contains("\"\(name)\": \(row[name] ?? "")") : row[name] == nonFinite[name] ?? "",
          "\(name)")
      }
    }
    #expect(table.rows[3]["original_firstorder_Energy"] == "inf")
    #expect((items[3]["nonFinite"] as? [String: String])?["original_firstorder_Energy"] == "inf")
  }

  @Test("An interrupted batch is resumed")
  func interruptedBatchIsResumed() throws {
    let folder = try Folder()
    let batch = try folder.batch()
    // The output cannot be put in its place, so the journal stays.
    try FileManager.default.createDirectory(atPath: folder.output, withIntermediateDirectories: true)
    #expect(throws: StudyError.self) { _ = try batch.run(resume: false) { _ in } }
    #expect(FileManager.default.fileExists(atPath: folder.output + ".journal"))
    try FileManager.default.removeItem(atPath: folder.output)
    let computed = Mutex(0)
    _ = try batch.run(resume: true) { _ in computed.withLock { $0 += 1 } }
    // Only the failure is tried again.
    #expect(computed.withLock { $0 } == 1)
    #expect(try folder.lines().count == 4)
  }

  @Test("A table without the required columns is refused")
  func tableWithoutColumnsIsRefused() throws {
    let folder = try Folder()
    try Data("Picture,Mask\na,b\n".utf8).write(to: URL(fileURLWithPath: folder.table))
    let error = #expect(throws: StudyError.self) { _ = try BatchTable(contentsOf: folder.table) }
    #expect(error?.code == .batchTable)
  }

  @Test("IBSI's phantom agrees except for known definitions")
  func ibsiPhantomAgreesExceptKnownFeatures() throws {
    let comparison = try IBSIComparison()
    #expect(comparison.rows.count == 105)
    #expect(comparison.count(.agrees) == 102)
    #expect(comparison.count(.differs) == 0)
    #expect(IBSICode.of("wavelet-LLH_glcm_Contrast") == "ACUI")
  }

  @Test("A shifted mask is accepted, corrected or refused, by the settings")
  func shiftedMaskIsCorrectedOrRefused() throws {
    let folder = try Folder()
    var mask = DigitalPhantom.mask
    mask.geometry.origin.x += 0.5
    try NIfTIWriter.write(mask, to: folder.path + "/mask.nii.gz")
    func input(_ setting: String) throws -> ExtractionInput {
      try ExtractionInput(
        image: folder.path + "/image.nii.gz", mask: folder.path + "/mask.nii.gz", label: nil,
        profile: try ExtractionProfile(parsing: "setting: {\(setting)}", name: "p"))
    }
    #expect(try input("geometryTolerance: 0.3").mask.voxels == DigitalPhantom.mask.voxels)
    let error = #expect(throws: StudyError.self) { _ = try input("geometryTolerance: 0.2") }
    #expect(error?.code == .geometryTolerance)
    // A quarter of a voxel: the region's border reaches out of the image.
    let outside = #expect(throws: StudyError.self) { _ = try input("correctMask: true") }
    #expect(outside?.code == .roiOutsideImage)
  }
}
