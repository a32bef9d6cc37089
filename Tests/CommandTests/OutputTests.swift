import Foundation
import TestKit
import Testing

/// Every output of every command, as the program's own help lists them: what is no file is not replaced by one.
@Suite("outputs", .enabled(if: !Program.path.isEmpty, "the radiomicsd program is not beside the tests"))
struct OutputTests {
  private let folder: TemporaryFolder
  private let inputs: OutputInputs

  init() throws {
    folder = try TemporaryFolder()
    inputs = try OutputInputs.shared.get()
  }

  @Test("Every option in the help is a tested output or known not to be one")
  func everyOptionIsClassifiedAsOutput() throws {
    let help = try Program.run("--experimental-dump-help")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(help.output.utf8)) as? [String: Any])
    let command = try #require(root["command"] as? [String: Any])
    var found: Set<String> = []
    func walk(_ command: [String: Any], _ path: [String]) {
      guard command["shouldDisplay"] as? Bool != false else { return }
      for argument in command["arguments"] as? [[String: Any]] ?? [] where argument["kind"] as? String == "option" {
        let name = (argument["preferredName"] as? [String: Any])?["name"] as? String ?? ""
        if !OutputInputs.otherOptions.contains(name) { found.insert((path + ["--" + name]).joined(separator: " ")) }
      }
      for below in command["subcommands"] as? [[String: Any]] ?? [] {
        walk(below, path + [below["commandName"] as? String ?? ""])
      }
    }
    walk(command, [])
    #expect(found.count >= 14)
    #expect(found == Set(OutputInputs.all.map(\.option)))
  }

  private func run(_ output: OutputInputs.Output, _ path: String) throws -> Program.Outcome {
    try Program.run(output.arguments(inputs, folder, path))
  }

  private func kind(_ name: String) -> mode_t {
    var about = stat()
    return lstat(folder(name), &about) == 0 ? about.st_mode & S_IFMT : 0
  }

  private func left() throws -> [String] { try folder.list().filter { $0.hasSuffix(".tmp") || $0.hasSuffix(".part") } }

  @Test("An output file is written where it is named", arguments: OutputInputs.all.filter { $0.kind == .file })
  func outputFilesAreWrittenWhereNamed(
    _ output: OutputInputs.Output
  ) throws {
    let end = output.ending
    let plain = try run(output, folder("plain\(end)"))
    try #require(plain.status == 0, "\(plain.errors)")
    let bytes = try folder.data("plain\(end)")
    #expect(!bytes.isEmpty)

    // A link is followed and stays, also one whose file is not there yet.
    _ = try folder.folder("below")
    try folder.write("below/file", output.appends ? "" : "old")
    try #require(symlink("below/file", folder("link\(end)")) == 0)
    try #require(symlink("below/absent", folder("dangling\(end)")) == 0)
    for (name, target) in [("link", "file"), ("dangling", "absent")] {
      let linked = try run(output, folder(name + end))
      #expect(linked.status == 0, "\(linked.errors)")
      #expect(kind(name + end) == S_IFLNK)
      #expect(try folder.data("below/\(target)") == bytes)
    }
    #expect(try folder.list("below") == ["absent", "file"])

    // Owner and mode stay.
    let existing = folder("existing\(end)")
    try Data().write(to: URL(fileURLWithPath: existing))
    try #require(chmod(existing, 0o640) == 0)
    let owner: uid_t = geteuid() == 0 ? 1234 : geteuid()
    try #require(chown(existing, owner, gid_t.max) == 0)
    #expect(try run(output, existing).status == 0)
    var about = stat()
    #expect(stat(existing, &about) == 0 && about.st_mode & 0o7777 == 0o640 && about.st_uid == owner)
    #expect(try folder.data("existing\(end)") == bytes)

    // A folder is refused by name, and nothing is put into it.
    let place = try folder.folder("folder\(end)")
    for path in end == ".tar" ? [place] : [place, folder("nowhere\(end)/")] {
      let refused = try run(output, path)
      #expect(refused.status == 64 && refused.errors.contains("E_OUTPUT_KIND"), "\(refused.errors)")
    }
    let absent = try run(output, folder("nowhere/file\(end)"))
    #expect(absent.status == 74 && absent.errors.contains("nowhere/file"), "\(absent.errors)")
    #expect(try folder.list("folder\(end)").isEmpty && left().isEmpty)
  }

  @Test("Pipes and devices are written and stay", arguments: OutputInputs.all.filter { $0.kind == .file })
  func pipesAndDevicesAreWrittenAndStay(
    _ output: OutputInputs.Output
  ) throws {
    let end = output.ending
    let pipe = folder("pipe\(end)")
    try #require(mkfifo(pipe, 0o600) == 0)
    let reader = Process()
    reader.executableURL = URL(fileURLWithPath: "/bin/sh")
    reader.arguments = ["-c", "exec cat \"$0\" > \"$1\"", pipe, folder("read")]
    try reader.run()
    let piped = try run(output, pipe)
    #expect(piped.status == 0, "\(piped.errors)")
    if piped.status != 0 { reader.terminate() }
    reader.waitUntilExit()
    #expect(kind("pipe\(end)") == S_IFIFO)
    #expect(try run(output, folder("plain\(end)")).status == 0)
    #expect(try folder.data("read") == folder.data("plain\(end)"))

    // A node of its own with the numbers of /dev/null: the machine's is never touched.
    let device = folder("null\(end)")
    guard geteuid() == 0, mknod(device, S_IFCHR | 0o666, 0x103) == 0 else { return }
    guard let probe = fopen(device, "w") else { return }
    fclose(probe)
    let given = try run(output, device)
    #expect(given.status == 0, "\(given.errors)")
    #expect(kind("null\(end)") == S_IFCHR)
    #expect(try left().isEmpty)
    #expect(try !folder.list().contains { $0.hasSuffix(".journal") })
  }

  @Test("An output folder is created where it is named", arguments: OutputInputs.all.filter { $0.kind != .file })
  func outputFoldersAreCreatedWhereNamed(
    _ output: OutputInputs.Output
  ) throws {
    try folder.write("file", "old")
    let refused = try run(output, folder("file"))
    #expect(refused.status == 64, "\(refused.errors)")
    #expect(refused.errors.contains("E_OUTPUT_KIND") || refused.errors.contains("E_BUNDLE_EXISTS"))
    #expect(try folder.text("file") == "old")

    // A link to a folder is followed, also where the folder is not there yet; a bundle is a new folder always.
    _ = try folder.folder("there")
    try #require(symlink("there", folder("link")) == 0 && symlink("absent", folder("dangling")) == 0)
    let linked = try run(output, folder("link"))
    if output.kind == .newFolder {
      #expect(linked.status == 64 && linked.errors.contains("E_BUNDLE_EXISTS"), "\(linked.errors)")
      #expect(try folder.list("there").isEmpty)
    } else {
      #expect(linked.status == 0, "\(linked.errors)")
      #expect(try !folder.list("there").isEmpty)
    }
    let dangling = try run(output, folder("dangling"))
    #expect(dangling.status == 0, "\(dangling.errors)")
    #expect(kind("link") == S_IFLNK && kind("dangling") == S_IFLNK && kind("absent") == S_IFDIR)
    #expect(try !folder.list("absent").isEmpty && left().isEmpty)
  }
}
