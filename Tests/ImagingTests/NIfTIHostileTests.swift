import Errors
import Foundation
import Imaging
import Testing

@Suite("NIfTI files that lie")
struct NIfTIHostileTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private let valid = NIfTIDraft((0..<60).map { Int16($0) }, datatype: 4)

  private func code(_ bytes: [UInt8]) throws -> ErrorCode? {
    let path = try folder.write(bytes)
    return #expect(throws: StudyError.self) { try NIfTIReader.read(path) }?.code
  }

  private func code(_ edit: (inout NIfTIDraft) -> Void) throws -> ErrorCode? {
    var draft = valid
    edit(&draft)
    return try code(draft.bytes)
  }

  @Test("each wrong field has its code")
  func wrongFieldsHaveTheirCodes() throws {
    #expect(try code { $0.sizeOfHeader = 540 } == .niftiUnsupported)
    #expect(try code { $0.sizeOfHeader = 347 } == .notNIfTI)
    #expect(try code { $0.magic = "ni1" } == .niftiUnsupported)
    #expect(try code { $0.magic = "" } == .niftiUnsupported)
    #expect(try code { $0.dim[0] = 0 } == .niftiHeader)
    #expect(try code { $0.dim[0] = 1024 } == .niftiHeader)
    #expect(try code { $0.dim[0] = 2 } == .niftiUnsupported)
    #expect(try code { $0.dim[2] = 0 } == .niftiHeader)
    #expect(try code { $0.dim[2] = -4 } == .niftiHeader)
    #expect(try code { $0.datatype = 32 } == .niftiUnsupported)
    #expect(try code { $0.datatype = 1 } == .niftiUnsupported)
    for offset: Float in [0, 351, 352.5, -352, .nan, .infinity, 1e30] {
      #expect(try code { $0.voxOffset = offset } == .niftiHeader)
    }
    #expect(try code { $0.voxOffset = 1_000_000 } == .truncated)
  }

  @Test("a size that the file cannot hold is refused before memory is allocated")
  func oversizedDataIsRefusedBeforeAllocation() throws {
    #expect(try code { $0.dim = [3, 32767, 32767, 32767, 1, 1, 1, 1] } == .limit)
    #expect(try code { $0.dim = [3, 1000, 1000, 1000, 1, 1, 1, 1] } == .truncated)
    var draft = valid
    draft.dim = [3, 1000, 1000, 1000, 1, 1, 1, 1]
    #expect(try code(gzipStored(draft.bytes)) == .truncated)
    let path = try folder.write(valid.bytes)
    #expect(throws: StudyError.self) { try NIfTIReader.read(path, maximumBytes: 100) }
  }

  @Test("a gzip bomb stops at what the header announces")
  func gzipBombStopsAtAnnouncedSize() throws {
    let zeros = Volume(
      geometry: Geometry(size: SIMD3(512, 512, 40)), int16: [Int16](repeating: 0, count: 512 * 512 * 40))
    try NIfTIWriter.write(zeros, to: folder.path("zeros.nii.gz"))
    let compressed = try contents(folder.path("zeros.nii.gz"))
    #expect(compressed.count < 200_000)
    #expect(try code(gzipStored(valid.bytes) + compressed) == .limit)
  }

  @Test("damaged and cut gzip streams are refused")
  func damagedGzipIsRefused() throws {
    let bytes = gzipStored(valid.bytes)
    #expect(try code(Array(bytes.dropLast(1))) == .truncated)
    #expect(try code(Array(bytes.dropLast(40))) == .truncated)
    var flipped = bytes
    flipped[bytes.count - 20] ^= 1  // a voxel: the checksum tells
    #expect(try code(flipped) == .corrupt)
    #expect(try code(gzipStored(Array(valid.bytes.dropLast(2)))) == .truncated)
    #expect(try code([0x1f, 0x8b, 8] + [UInt8](repeating: 255, count: 600)) == .corrupt)
  }

  @Test("no prefix of a file is accepted, and none traps")
  func noPrefixIsAccepted() throws {
    for whole in [valid.bytes, gzipStored(valid.bytes)] {
      for length in 0..<whole.count {
        let path = try folder.write(Array(whole[..<length]))
        #expect(throws: StudyError.self, "\(length) bytes") { try NIfTIReader.read(path) }
        _ = NIfTIReader.isNIfTI(path)
        _ = try? NIfTIReader.readGeometry(path)
      }
    }
  }

  @Test("random damage gives a volume or an error, never a trap")
  func randomDamageNeverTraps() throws {
    var generator = SeededGenerator(seed: 20_260_101)
    var draft = valid
    draft.qformCode = 1
    draft.quaternion = [0, 0, 1]
    for round in 0..<1500 {
      var bytes = draft.bytes
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        bytes[Int.random(in: 0..<352, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      }
      if round % 2 == 1 {
        bytes = gzipStored(bytes)
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      }
      let path = try folder.write(bytes)
      do {
        let volume = try NIfTIReader.read(path)
        #expect(volume.voxels.count == volume.geometry.count)
        #expect(volume.geometry.spacing.min() > 0)
      } catch is StudyError {}
    }
  }

  @Test("missing files, folders and FIFOs give errors")
  func nonFilesGiveErrors() throws {
    let missing = folder.path("missing")
    #expect(#expect(throws: StudyError.self) { try NIfTIReader.read(missing) }?.code == .notFound)
    let directory = folder.url.path
    #expect(#expect(throws: StudyError.self) { try NIfTIReader.read(directory) }?.code == .io)
    let fifo = folder.path("fifo")
    mkfifo(fifo, 0o600)
    #expect(#expect(throws: StudyError.self) { try NIfTIReader.read(fifo) }?.code == .io)
    #expect(!NIfTIReader.isNIfTI(missing))
    #expect(!NIfTIReader.isNIfTI(fifo))
  }
}
