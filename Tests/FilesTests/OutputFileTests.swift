import Errors
import Files
import Foundation
import TestKit
import Testing

@Suite struct OutputFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func mode(_ name: String) throws -> mode_t {
    var about = stat()
    try #require(lstat(folder(name), &about) == 0)
    return about.st_mode
  }

  private func refusal(_ path: String) -> StudyError? {
    do throws(StudyError) {
      try writeFile([1], to: path)
      return nil
    } catch {
      return error
    }
  }

  @Test("A new file is whole and alone in its folder")
  func newFileIsWholeAndAlone() throws {
    try writeFile(Array("new".utf8), to: folder("a"))
    #expect(try folder.text("a") == "new" && folder.list() == ["a"])
  }

  @Test("A file that is abandoned leaves the old file in place")
  func abandonedFileKeepsTheOldOne() throws {
    try folder.write("a", "old")
    do {
      let file = try OutputFile(folder("a"))
      try file.append(Array("half of the n".utf8))
    }
    #expect(try folder.text("a") == "old" && folder.list() == ["a"])
  }

  @Test("A replaced file keeps its mode", arguments: [0o640, 0o600, 0o755] as [mode_t])
  func replacedFileKeepsItsMode(_ mode: mode_t) throws {
    try folder.write("a", "old")
    chmod(folder("a"), mode)
    try writeFile(Array("new".utf8), to: folder("a"))
    #expect(try folder.text("a") == "new")
    #expect(try self.mode("a") & 0o7777 == mode)
  }

  @Test("A replaced file keeps its owner", .enabled(if: geteuid() == 0, "only root has files of others"))
  func replacedFileKeepsItsOwner() throws {
    try folder.write("a", "old")
    try #require(chown(folder("a"), 1234, 4321) == 0 && chmod(folder("a"), 0o664) == 0)
    try writeFile(Array("new".utf8), to: folder("a"))
    var about = stat()
    #expect(stat(folder("a"), &about) == 0)
    #expect(about.st_uid == 1234 && about.st_gid == 4321 && about.st_mode & 0o7777 == 0o664)
    #expect(try folder.text("a") == "new")
  }

  @Test("A file of several names keeps them all")
  func hardLinksAreKept() throws {
    try folder.write("a", "old and long")
    try #require(link(folder("a"), folder("b")) == 0)
    try writeFile(Array("new".utf8), to: folder("a"))
    #expect(try folder.text("a") == "new" && folder.text("b") == "new" && folder.list() == ["a", "b"])
  }

  @Test("A link is followed and stays")
  func linkIsFollowedAndStays() throws {
    _ = try folder.folder("below")
    try folder.write("below/file", "old")
    for (name, target) in [("one", "below/file"), ("two", folder("one")), ("new", "below/absent")] {
      try #require(symlink(target, folder(name)) == 0)
    }
    try writeFile(Array("new".utf8), to: folder("two"))
    try writeFile(Array("made".utf8), to: folder("new"))
    #expect(try folder.text("below/file") == "new" && folder.text("below/absent") == "made")
    for name in ["one", "two", "new"] { #expect(try mode(name) & S_IFMT == S_IFLNK) }
    #expect(try folder.list("below") == ["absent", "file"] && folder.list() == ["below", "new", "one", "two"])
  }

  @Test("Links in a circle are refused")
  func linksInACircleAreRefused() throws {
    try #require(symlink("b", folder("a")) == 0 && symlink("a", folder("b")) == 0)
    #expect(refusal(folder("a"))?.code == .io)
    #expect(try mode("a") & S_IFMT == S_IFLNK)
  }

  @Test("A folder is refused by name")
  func folderIsRefusedByName() throws {
    let place = try folder.folder("f")
    try #require(symlink("f", folder("l")) == 0)
    for path in [place, place + "/", folder("l"), folder("absent/")] {
      let error = refusal(path)
      #expect(error?.code == .outputKind && error?.file == path)
    }
    #expect(throws: StudyError.self) { try OutputPath.requireFile(place) }
    #expect(throws: StudyError.self) { try appendFile([1], to: place) }
    #expect(try folder.list("f").isEmpty)
  }

  @Test("A pipe is written and stays")
  func pipeIsWrittenAndStays() throws {
    try #require(mkfifo(folder("p"), 0o600) == 0)
    let reader = Process()
    reader.executableURL = URL(fileURLWithPath: "/bin/sh")
    reader.arguments = ["-c", "exec cat \"$0\" > \"$1\"", folder("p"), folder("read")]
    try reader.run()
    try writeFile(Array("through".utf8), to: folder("p"))
    reader.waitUntilExit()
    #expect(try folder.text("read") == "through")
    #expect(try mode("p") & S_IFMT == S_IFIFO && folder.list() == ["p", "read"])
  }

  /// A node of its own with the numbers of /dev/null: the machine's is never touched.
  @Test("A device stays a device", .enabled(if: geteuid() == 0, "only root makes devices"))
  func deviceStaysADevice() throws {
    guard mknod(folder("null"), S_IFCHR | 0o666, 0x103) == 0 else { return }
    guard let probe = fopen(folder("null"), "w") else { return }
    fclose(probe)
    try #require(symlink("null", folder("link")) == 0)
    for name in ["null", "link"] {
      try writeFile(Array("nothing".utf8), to: folder(name))
      try appendFile(Array("nothing".utf8), to: folder(name))
    }
    #expect(try mode("null") & S_IFMT == S_IFCHR && folder.list() == ["link", "null"])
    #expect(OutputPath.isStream(folder("link")))
  }

  @Test("A socket receives the output")
  func socketReceivesTheOutput() throws {
    // The address has room for 107 bytes.
    let path = "/tmp/radiomicsd-\(getpid()).socket"
    unlink(path)
    defer { unlink(path) }
    let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(server) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(server, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0 && listen(server, 1) == 0)
    try writeFile(Array("through".utf8), to: path)
    let peer = accept(server, nil, nil)
    defer { close(peer) }
    var buffer = [UInt8](repeating: 0, count: 100)
    let count = read(peer, &buffer, 100)
    #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "through")
    var about = stat()
    #expect(lstat(path, &about) == 0 && about.st_mode & S_IFMT == S_IFSOCK)
  }

  @Test("A missing folder is named")
  func missingFolderIsNamed() {
    let error = refusal(folder("absent/file"))
    #expect(error?.code == .io && error?.message.contains("No such file") == true)
    #expect(error?.hint.contains("make the folder first") == true)
    #expect(throws: StudyError.self) { try OutputPath.requireFile(folder("absent/file")) }
  }

  @Test("A full disk leaves the old file whole", .enabled(if: geteuid() == 0, "only root mounts a small disk"))
  func fullDiskKeepsTheOldFile() throws {
    let disk = try folder.folder("disk")
    guard mount("tmpfs", disk, "tmpfs", 0, "size=64k") == 0 else { return }
    defer { umount(disk) }
    for name in ["disk/a", "disk/b"] { try folder.write(name, "old") }
    try #require(link(folder("disk/b"), folder("disk/c")) == 0)
    for name in ["disk/a", "disk/b"] {
      do throws(StudyError) {
        try writeFile([UInt8](repeating: 7, count: 100_000), to: folder(name))
        Issue.record("\(name) has room")
      } catch {
        #expect(error.code == .io && error.message.contains("No space left") && error.hint.hasPrefix("make room"))
      }
      #expect(try folder.text(name) == "old")
    }
    #expect(try folder.list("disk") == ["a", "b", "c"])
  }

  @Test("Folders are created, found or refused")
  func foldersAreCreatedFoundOrRefused() throws {
    try OutputPath.makeFolder(folder("new"))
    try OutputPath.makeFolder(folder("new/"))
    try #require(symlink("new", folder("link")) == 0 && symlink("later", folder("dangling")) == 0)
    try OutputPath.makeFolder(folder("link"))
    try OutputPath.makeFolder(folder("dangling"))
    #expect(try mode("later") & S_IFMT == S_IFDIR && mode("dangling") & S_IFMT == S_IFLNK)
    try folder.write("file", "old")
    #expect(throws: StudyError.self) { try OutputPath.makeFolder(folder("file")) }
    #expect(throws: StudyError.self) { try OutputPath.requireFolder(folder("file")) }
    #expect(try folder.text("file") == "old")
  }

  @Test("Lines are appended through a link")
  func linesAreAppendedThroughLinks() throws {
    try folder.write("log", "one\n")
    try #require(symlink("log", folder("link")) == 0)
    try appendFile(Array("two\n".utf8), to: folder("link"))
    try appendFile(Array("first\n".utf8), to: folder("new"))
    #expect(try folder.text("log") == "one\ntwo\n" && folder.text("new") == "first\n")
    #expect(try mode("link") & S_IFMT == S_IFLNK)
  }
}
