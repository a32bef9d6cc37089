import Errors
import Imaging
import TestKit
import Testing

@Suite("NRRD")
struct NRRDReaderTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private let fields = [
    "type: short", "dimension: 3", "space: left-posterior-superior", "sizes: 3 4 5",
    "space directions: (0.75,0,0) (0,-0.75,0) (0,0,5)", "kinds: domain domain domain", "endian: little",
    "encoding: raw", "space origin: (-10.5,20.25,30)",
  ]
  private let values = (0..<60).map { Int16($0 * 11 - 300) }

  private var data: [UInt8] { values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] } }

  /// A file with some fields replaced (by the name before the colon) or, where the value is empty, left out.
  private func file(_ changes: [String] = [], data: [UInt8]? = nil, newline: String = "\n") throws -> String {
    var lines = fields
    for change in changes {
      let name = change.split(separator: ":")[0] + ":"
      lines.removeAll { $0.hasPrefix(name) }
      if !change.hasSuffix(":") { lines.append(change) }
    }
    let header = (["NRRD0004", "# a comment: with a colon"] + lines + ["Segment0_Name:=tumour: left", "", ""])
      .joined(separator: newline)
    return try folder.write(Array(header.utf8) + (data ?? self.data), as: "a.nrrd")
  }

  private func code(_ changes: String...) throws -> ErrorCode? {
    let path = try file(changes)
    return #expect(throws: StudyError.self) { try NRRDReader.read(path) }?.code
  }

  @Test("voxels and grid are read", arguments: ["\n", "\r\n"])
  func voxelsAndGridAreRead(newline: String) throws {
    let volume = try NRRDReader.read(file(newline: newline))
    #expect(volume.voxels == .int16(values))
    #expect(volume.pixelType == .int16)
    #expect(
      volume.geometry
        == Geometry(
          size: SIMD3(3, 4, 5), spacing: Vector3(0.75, 0.75, 5), origin: Vector3(-10.5, 20.25, 30),
          direction: Matrix3(Vector3(1, 0, 0), Vector3(0, -1, 0), Vector3(0, 0, 1))))
  }

  @Test("gzip, big-endian and RAS are the same image")
  func variantsGiveTheSameImage() throws {
    let plain = try NRRDReader.read(file())
    #expect(try NRRDReader.read(file(["encoding: gzip"], data: gzipStored(data))) == plain)
    let swapped = stride(from: 0, to: data.count, by: 2).flatMap { [data[$0 + 1], data[$0]] }
    #expect(try NRRDReader.read(file(["endian: big"], data: swapped)) == plain)
    let ras = [
      "space: right-anterior-superior", "space directions: (-0.75,0,0) (0,0.75,0) (0,0,5)",
      "space origin: (10.5,-20.25,30)",
    ]
    #expect(try NRRDReader.read(file(ras)) == plain)
    #expect(try NRRDReader.readGeometry(file(ras)) == plain.geometry)
  }

  @Test("each wrong field has its code")
  func wrongFieldsHaveTheirCodes() throws {
    #expect(try code("dimension: 4") == .nrrdUnsupported)
    #expect(try code("data file: x.raw") == .nrrdDetached)
    // Such a header may end without an empty line, or within its last one.
    for end in ["\n", ""] {
      let lines = ["NRRD0004"] + fields + ["data file: x.raw"]
      let path = try folder.write(Array((lines.joined(separator: "\n") + end).utf8), as: "a.nhdr")
      #expect(#expect(throws: StudyError.self) { try NRRDReader.read(path) }?.code == .nrrdDetached)
    }
    #expect(try code("byte skip: 7") == .truncated)
    #expect(try code("encoding: txt") == .nrrdUnsupported)
    #expect(try code("type: block") == .nrrdUnsupported)
    #expect(try code("space: scanner-xyz") == .nrrdUnsupported)
    #expect(try code("space:") == .nrrdHeader)
    #expect(try code("endian:") == .nrrdHeader)
    #expect(try code("sizes: 3 4") == .nrrdHeader)
    #expect(try code("sizes: 3 4 -5") == .nrrdHeader)
    #expect(try code("sizes: 65535 65535 65535") == .limit)
    #expect(try code("sizes: 3 4 6") == .truncated)
    #expect(try code("space directions: (1,0,0) (1,0,0) (0,0,1)") == .nrrdHeader)
    #expect(try code("space directions: (1,0,0) none (0,0,1)") == .nrrdHeader)
    #expect(try code("space directions: (nan,0,0) (0,1,0) (0,0,1)") == .nrrdHeader)
    #expect(try code("space origin: (1,2)") == .nrrdHeader)
    #expect(try code("encoding: gzip") == .corrupt)
  }

  @Test("no prefix of a file is accepted, and none traps")
  func noPrefixIsAccepted() throws {
    let whole = try contents(file(["encoding: gzip"], data: gzipStored(data)))
    for length in 0..<whole.count {
      let path = try folder.write(Array(whole[..<length]))
      #expect(throws: StudyError.self, "\(length) bytes") { try NRRDReader.read(path) }
      _ = NRRDReader.isNRRD(path)
    }
  }

  @Test("random damage gives a volume or an error, never a trap")
  func randomDamageNeverTraps() throws {
    var generator = SeededGenerator(seed: 4)
    let whole = try contents(file())
    for _ in 0..<2000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<whole.count - data.count, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      let path = try folder.write(bytes)
      do {
        let volume = try NRRDReader.read(path)
        #expect(volume.voxels.count == volume.geometry.count)
      } catch is StudyError {}
    }
  }

  /// Numbers of SimpleITK 2.5.7.
  @Test("a real image is read", .enabled(if: SharedData.isPresent, "no shared data beside the checkout"))
  func realImageIsRead() throws {
    let image = try NRRDReader.read(SharedData.path("data/pyradiomics/brain1_image.nrrd"))
    #expect(image.geometry.size == SIMD3(256, 256, 25))
    #expect(image.geometry.spacing == Vector3(0.7812499999999999, 0.7812499999999999, 6.499999999999998))
    #expect(image.geometry.direction[1] == Vector3(0, -1, 0))
    let label = try NRRDReader.read(SharedData.path("data/pyradiomics/brain1_label.nrrd"))
    #expect(label.pixelType == .int32)
    #expect(try placeMask(labelVolume: label, on: image.geometry).mask.count == 4137)
  }
}
