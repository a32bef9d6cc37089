import DICOM
import Errors
import Files
import Foundation
import Testing

@Suite("A study's folder is read by content")
struct StudyScanTests {
  @Test("any depth and any name are scanned; junk, links and hidden files are not opened")
  func foldersOfAnyDepthAreScanned() throws {
    let folder = try StudyFolder()
    let slices = smallSlices()
    for (index, slice) in slices.enumerated() {
      let place = folder.path + "/a/b\(index)/排泄期 c"
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      try slice.write(to: place + "/IM")
    }
    let file = try folder.bytes("a/b0/排泄期 c/IM")
    for junk in [".DS_Store", "Thumbs.db", "__MACOSX/0.dcm", "a/.hidden/1.dcm"] { try folder.put(file, junk) }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/link.dcm", withDestinationPath: folder.path + "/a/b0/排泄期 c/IM")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/loop", withDestinationPath: folder.path)
    try folder.put(Array("label,1\n".utf8), "notes.txt")
    try folder.put([], "empty")

    let scan = try folder.scan()
    #expect(scan.series.count == 1)
    #expect(scan.series[0].count == 8)
    #expect(scan.otherFiles.map(\.display) == ["empty", "notes.txt"])
    #expect(
      scan.skipped.map(\.display).sorted() == [".DS_Store", "Thumbs.db", "__MACOSX", "a/.hidden", "link.dcm", "loop"])
    #expect(scan.damaged.isEmpty)
    #expect(try loadVolume(scan.series[0]).volume == smallVolume())
  }

  @Test("a name that is not UTF-8 is read, and shown as %XX")
  func nonUTF8NameIsShownEscaped() throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices())
    let file = try folder.bytes("000.dcm")
    try FileManager.default.removeItem(at: folder.url("000.dcm"))
    let path = Array((folder.path + "/").utf8) + [0xC5, 0xC5, 0xD0, 0xB9]
    let descriptor = open(path.map { CChar(bitPattern: $0) } + [0], O_CREAT | O_WRONLY, 0o600)
    try #require(descriptor >= 0)
    #expect(write(descriptor, file, file.count) == file.count)
    close(descriptor)
    let scan = try folder.scan()
    #expect(scan.series[0].images.map(\.display).contains("%C5%C5%D0%B9"))
    #expect(try loadVolume(scan.series[0]).volume == smallVolume())
    unlink(path.map { CChar(bitPattern: $0) } + [0])
  }

  @Test("files without preamble are read; so is a dataset whose syntax is misdeclared")
  func filesWithoutPreambleAreRead() throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices(), transferSyntax: "1.2.840.10008.1.2")
    for index in 0..<8 {
      let bytes = try folder.bytes(StudyFolder.name(index))
      let start = try #require(datasetStart(bytes))
      try folder.put(Array(bytes[start...]), StudyFolder.name(index))
    }
    #expect(try folder.load().volume == smallVolume())

    // Implicit little endian bytes under a header that says explicit.
    let other = try StudyFolder()
    try other.write(smallSlices())
    let header = Array(try other.bytes("000.dcm").prefix(try #require(datasetStart(try other.bytes("000.dcm")))))
    for index in 0..<8 { try other.put(header + (try folder.bytes(StudyFolder.name(index))), StudyFolder.name(index)) }
    #expect(try other.load().volume == smallVolume())
  }

  @Test("two series stay two and are listed by their number")
  func twoSeriesAreListedByNumber() throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices())
    var second = smallSlices()
    for i in second.indices {
      second[i].set(0x0020_000E, "2.25.99")
      second[i].set(0x0020_0011, "2")
      second[i].set(0x0008_0018, "2.25.99\(i)")
    }
    try folder.write(second, prefix: "second-")
    let scan = try folder.scan()
    #expect(scan.series.map(\.number) == [2, 3])
    #expect(scan.series[0].uid == "2.25.99")
    #expect(scan.ctSeries.count == 2)
  }

  @Test(
    "an object that is not an image is listed as such",
    arguments: [
      ("1.2.840.10008.5.1.4.1.1.481.3", DICOMObject.Kind.rtStructureSet),
      ("1.2.840.10008.5.1.4.1.1.66.4", .segmentation),
      ("1.2.840.10008.5.1.4.1.1.88.11", .other),
    ])
  func nonImageObjectsAreListed(_ sopClass: String, _ kind: DICOMObject.Kind) throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices())
    var object = CTSlice()
    for tag: UInt32 in [0x0020_000D, 0x0020_000E, 0x0010_0020] {
      object.attributes[tag] = smallSlices()[0].attributes[tag]
    }
    object.set(0x0008_0016, sopClass)
    object.set(0x0008_0018, "2.25.5")
    try object.write(to: folder.path + "/object")
    let scan = try folder.scan()
    #expect(scan.objects.map(\.kind) == [kind])
    #expect(scan.series.map(\.count) == [8])
  }

  @Test("too many files, too deep a folder and an absent folder are errors")
  func scanLimitsAreErrors() throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices())
    var limits = ScanLimits()
    limits.files = 7
    #expect(throws: StudyError.self) { try scanStudy(folder.path, limits: limits) }
    let deep = (0..<20).map { _ in "d" }.joined(separator: "/")
    try folder.put([1], deep + "/x")
    let error = #expect(throws: StudyError.self) { try folder.scan() }
    #expect(error?.code.name == "E_LIMIT")
    let missing = #expect(throws: StudyError.self) { try scanStudy(folder.path + "/none") }
    #expect(missing?.code == .notFound)
  }

  @Test(
    "an invalid UID is refused, because it might be used as a path",
    arguments: ["../../etc/cron.d/x", "1.2.a", String(repeating: "1", count: 65)])
  func invalidUIDIsRefused(_ uid: String) throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    slices[0].set(0x0020_000E, uid)
    try folder.write(slices)
    let scan = try folder.scan()
    #expect(scan.damaged.map(\.code.name) == ["E_INVALID_UID"])
    #expect(scan.damaged.map(\.file) == ["000.dcm"])
    #expect(throws: StudyError.self) { try scan.requireUndamaged() }
  }
}

/// Where the dataset of a file with preamble begins: after the group length's worth of file meta information.
func datasetStart(_ bytes: [UInt8]) -> Int? {
  guard bytes.count > 144 else { return nil }
  let length = Int(bytes[140]) | Int(bytes[141]) << 8 | Int(bytes[142]) << 16 | Int(bytes[143]) << 24
  return 144 + length
}
