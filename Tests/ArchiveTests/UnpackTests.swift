import Archive
import Errors
import Foundation
import TestKit
import Testing

/// What is taken out of archives, and what never is.
@Suite struct UnpackTests {
  typealias Entry = ArchiveDraft.Entry

  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Unpacks bytes into a folder of their own.
  private func unpack(
    _ bytes: [UInt8], _ name: String = "a.zip", limits: ArchiveLimits = ArchiveLimits(),
    isWanted: ([UInt8]) -> Bool = { _ in true }
  ) throws -> UnpackedArchive {
    try Data(bytes).write(to: URL(fileURLWithPath: folder(name)))
    let out = try folder.folder("out-\(UUID().uuidString)")
    var use = ArchiveUse()
    let unpacked = try unpackArchive(
      Array(folder(name).utf8), file: name, into: out, limits: limits, use: &use, isWanted: isWanted)
    // Files of our own names, and nothing else, anywhere.
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: out)) == Set(unpacked.members.map(\.stored)))
    for member in unpacked.members {
      let data = try Data(contentsOf: URL(fileURLWithPath: out + "/" + member.stored))
      #expect(Int64(data.count) == member.bytes)
      contents[member.name] = [UInt8](data)
    }
    return unpacked
  }

  private final class Contents {
    var values: [[UInt8]: [UInt8]] = [:]
    subscript(name: [UInt8]) -> [UInt8]? {
      get { values[name] }
      set { values[name] = newValue }
    }
    subscript(name: String) -> [UInt8]? { values[Array(name.utf8)] }
  }
  private let contents = Contents()

  private func code(
    _ bytes: [UInt8], _ name: String = "a.zip", limits: ArchiveLimits = ArchiveLimits()
  ) -> String? {
    do {
      _ = try unpack(bytes, name, limits: limits)
      return nil
    } catch { return (error as? StudyError)?.code.name ?? "\(error)" }
  }

  private static let text = Array("some text, and once more some text".utf8)
  private static let long = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
  private static let good = ArchiveDraft([
    Entry("study/", [], .folder), Entry("study/a", text), Entry("study/deep/er/b", long), Entry("study/empty"),
  ])

  @Test("Regular files are unpacked whole", arguments: ["zip", "stored zip", "tar", "tar.gz"])
  func regularFilesAreUnpackedWhole(kind: String) throws {
    let bytes =
      switch kind {
      case "zip": Self.good.zip()
      case "stored zip": Self.good.zip(deflated: false)
      case "tar": Self.good.tar()
      default: ArchiveDraft.gzip(Self.good.tar())
      }
    let unpacked = try unpack(bytes)
    let names = unpacked.members.map { String(decoding: $0.name, as: UTF8.self) }
    #expect(names == ["study/a", "study/deep/er/b", "study/empty"])
    #expect(unpacked.members.map(\.stored) == ["000001", "000002", "000003"])
    #expect(contents["study/a"] == Self.text && contents["study/deep/er/b"] == Self.long)
    #expect(contents["study/empty"]?.isEmpty == true)
  }

  @Test("Names are bytes and are shown unchanged")
  func namesAreBytes() throws {
    // 排泄期 in GBK, as Windows in China writes it, and in UTF-8, said to be so.
    let gbk: [UInt8] = [0xC5, 0xC5, 0xD0, 0xB9, 0xC6, 0xDA]
    var utf8 = Entry("排泄期", [2])
    utf8.flags = 0x800
    let unpacked = try unpack(ArchiveDraft([Entry(bytes: gbk, [1]), utf8]).zip())
    #expect(unpacked.members.map(\.name) == [gbk, Array("排泄期".utf8)])
    let long = String(repeating: "x", count: 300)
    #expect(try unpack(ArchiveDraft([Entry(bytes: gbk, [1]), Entry(long, [2])]).tar(), "a.tar").members.count == 2)
    #expect(contents[gbk] == [1] && contents[long] == [2])
  }

  @Test("Junk is skipped, and archives inside the archive are not opened")
  func junkIsSkippedAndNestedArchivesStayClosed() throws {
    let draft = ArchiveDraft([
      Entry("__MACOSX/._a", [1]), Entry("a", [2]), Entry("more.ZIP", Self.good.zip()), Entry("x.tar.gz", [3]),
    ])
    let unpacked = try unpack(draft.zip()) { !$0.starts(with: Array("__MACOSX".utf8)) }
    #expect(unpacked.members.map(\.name) == [Array("a".utf8)])
    #expect(unpacked.skipped == [Array("__MACOSX/._a".utf8)])
    #expect(unpacked.nested == [Array("more.ZIP".utf8), Array("x.tar.gz".utf8)])
  }

  @Test(
    "Names that lead out of the folder are refused",
    arguments: ["../x", "a/../../x", "/etc/passwd", "..", "a/..", "..\\x", "C:\\x", "c:/x", "\\\\server\\x"])
  func escapingNamesAreRefused(name: String) {
    let draft = ArchiveDraft([Entry("a", [1]), Entry(name, [2])])
    #expect(code(draft.tar(), "a.tar") == "E_ARCHIVE_PATH")
    // libarchive may turn a backslash of a zip into a slash: refused all the same.
    #expect(code(draft.zip()) == "E_ARCHIVE_PATH")
  }

  @Test("Links, devices and pipes are refused")
  func linksDevicesAndPipesAreRefused() {
    for kind: ArchiveDraft.Kind in [.symbolicLink, .hardLink] {
      let linked = ArchiveDraft([Entry("a", [1]), Entry("l", Array("a".utf8), kind)])
      #expect(code(linked.tar(), "a.tar") == "E_ARCHIVE_LINK")
    }
    #expect(code(ArchiveDraft([Entry("l", Array("/etc/passwd".utf8), .symbolicLink)]).zip()) == "E_ARCHIVE_LINK")
    for kind: ArchiveDraft.Kind in [.device, .pipe] {
      #expect(code(ArchiveDraft([Entry("d", [], kind)]).tar(), "a.tar") == "E_ARCHIVE_SPECIAL")
    }
  }

  @Test("Encrypted entries and unusual compressions are refused")
  func encryptedEntriesAreRefused() {
    var secret = Entry("a", Self.text)
    secret.flags = 1
    #expect(code(ArchiveDraft([secret]).zip()) == "E_ARCHIVE_ENCRYPTED")
    var odd = Entry("a", Self.text)
    odd.method = 14
    #expect(code(ArchiveDraft([odd]).zip()) == "E_ARCHIVE_METHOD")
  }

  @Test("Two files of one name are refused")
  func duplicateNamesAreRefused() {
    let draft = ArchiveDraft([Entry("a", [1]), Entry("./a", [2])])
    #expect(code(draft.zip()) == "E_ARCHIVE_DUPLICATE")
    #expect(code(draft.tar(), "a.tar") == "E_ARCHIVE_DUPLICATE")
  }

  @Test("The limits hold whatever the headers state")
  func limitsHoldDespiteHeaders() {
    var limits = ArchiveLimits()
    limits.entries = 3
    #expect(code(Self.good.zip(), limits: limits) == "E_ARCHIVE_ENTRIES")
    #expect(code(Self.good.tar(), "a.tar", limits: limits) == "E_ARCHIVE_ENTRIES")
    limits = ArchiveLimits()
    limits.bytes = 300_000
    #expect(code(Self.good.zip(), limits: limits) == "E_ARCHIVE_SIZE")
    #expect(code(Self.good.tar(), "a.tar", limits: limits) == "E_ARCHIVE_SIZE")
    limits = ArchiveLimits()
    limits.ratioFloor = 1 << 20
    let bomb = ArchiveDraft([Entry("zeros", [UInt8](repeating: 0, count: 24 << 20))])
    #expect(code(bomb.zip(), limits: limits) == "E_ARCHIVE_RATIO")
    #expect(code(ArchiveDraft.gzip(bomb.tar()), limits: limits) == "E_ARCHIVE_RATIO")
    #expect(code(bomb.zip()) == nil, "24 MiB harm nobody")
    limits.nameBytes = 200
    let longName = ArchiveDraft([Entry(String(repeating: "n", count: 201))])
    #expect(code(longName.tar(), "a.tar", limits: limits) == "E_ARCHIVE_NAME")
  }

  @Test("A bomb in a skipped entry is not inflated without end")
  func bombInSkippedEntryIsNotInflated() throws {
    var limits = ArchiveLimits()
    limits.ratioFloor = 1 << 20
    limits.entries = 10
    let bomb = ArchiveDraft.gzip(ArchiveDraft([Entry("zeros", [UInt8](repeating: 0, count: 24 << 20))]).tar())
    let error = #expect(throws: StudyError.self) { try unpack(bomb, limits: limits) { _ in false } }
    #expect(error?.code.name == "E_ARCHIVE_RATIO")
  }

  @Test("A truncated archive is reported", arguments: ["zip", "tar", "tar.gz"])
  func truncatedArchiveIsReported(kind: String) {
    let whole = kind == "zip" ? Self.good.zip() : kind == "tar" ? Self.good.tar() : ArchiveDraft.gzip(Self.good.tar())
    for length in [0, 1, 100, 513, whole.count / 2, whole.count - 30, whole.count - 9, whole.count - 1] {
      let found = code(Array(whole.prefix(length)))
      // A file of a byte or two says nothing of its kind.
      let isTold = found == "E_ARCHIVE_TRUNCATED" || (length <= 100 && found == "E_ARCHIVE_FORMAT")
      #expect(isTold, "\(length): \(found ?? "taken")")
    }
    // Preallocated, its beginning not there yet.
    #expect(code([UInt8](repeating: 0, count: whole.count)) == "E_ARCHIVE_TRUNCATED")
  }

  @Test("A changed byte is reported")
  func changedByteIsReported() {
    var zip = Self.good.zip(deflated: false)
    zip[zip.count / 2] ^= 1
    #expect(code(zip) == "E_ARCHIVE_CORRUPT")
    // Stored within gzip, so that only the checksum can tell.
    var gzip = ArchiveDraft.gzip(Self.good.tar())
    gzip[gzip.count - 6] ^= 1
    #expect(code(gzip) == "E_ARCHIVE_TRUNCATED")
  }

  @Test("Other files are not taken for archives")
  func otherFilesAreNotArchives() {
    #expect(code(Self.long) == "E_ARCHIVE_FORMAT")
    #expect(code(Array("Rar!\u{1A}\u{7}".utf8) + Self.long) == "E_ARCHIVE_FORMAT")
    #expect(code(ArchiveDraft.gzip(Self.text), "a.tar.gz") != nil, "gzip, and no tar in it")
    #expect(ArchiveKind.isNamed(Array("x.TGZ".utf8)) && !ArchiveKind.isNamed(Array("mask.nii.gz".utf8)))
    #expect(!ArchiveKind.isNamed(Array(".zip".utf8)))
  }
}
