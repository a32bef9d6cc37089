import Configuration
import Foundation
import TestKit
import Testing

/// The manual pages are made from the program's help and the configuration's comments: they must contain all of both.
@Suite(.enabled(if: DaemonBinary.serves && Python.isThere, "needs the radiomicsd program and python3"))
struct ManualTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let tool = SharedData.checkout.appendingPathComponent("tools/manual.py").path
    let made = try DaemonBinary.run(["/usr/bin/env", "python3", tool, DaemonBinary.path, folder("man")])
    #expect(made.status == 0, "\(made.output)")
  }

  private func page(_ path: String) throws -> String {
    try String(contentsOfFile: folder("man/" + path), encoding: .utf8)
  }

  @Test("The manual page of the configuration has every key once")
  func configurationPageHasEveryKeyOnce() throws {
    let page = try page("man5/radiomicsd.yaml.5")
    let items = page.split(separator: "\n").filter { $0.hasPrefix(".It Va ") }
    for key in Configuration.keys {
      let count = items.count { $0.split(separator: " ").contains(Substring(key)) }
      #expect(count == 1, "\(key)")
    }
    #expect(items.count <= Configuration.keys.count, "\(items)")
    // Lines that look like a key and are text.
    #expect(page.contains("required:"))
  }

  @Test("Every command has a manual page with every option")
  func everyCommandHasAPageWithEveryOption() throws {
    let help = try DaemonBinary.run([DaemonBinary.path, "--help"]).output
    let list = try #require(help.components(separatedBy: "SUBCOMMANDS:\n").last)
    let commands = list.split(separator: "\n").filter {
      $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.contains("See")
    }
    .compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(commands.count >= 16)
    let program = try page("man1/radiomicsd.1")
    for command in commands {
      #expect(program.contains(".It Xr radiomicsd-\(command) 1\n"))
      let text = try page("man1/radiomicsd-\(command).1")
      #expect(text.contains(".Sh EXIT STATUS\n") && text.contains(".It 78\n"))
      let own = try DaemonBinary.run([DaemonBinary.path, command, "--help"]).output
      for line in own.split(separator: "\n") where line.hasPrefix("  -") {
        // The name stands before its purpose.
        let names = line.dropFirst(2).components(separatedBy: "  ")[0].split { " ,".contains($0) }
        for name in names where name.hasPrefix("--") && name != "--version" && name != "--help" {
          #expect(text.contains("Fl -\(name.dropFirst(2))"), "\(command) \(name)")
        }
      }
      #expect(!text.contains("confine-check") && !text.contains("worker-program"), "what is hidden is shown")
    }
  }

  /// The same inputs give the same bytes: packages are compared.
  @Test("Manual pages do not depend on the clock")
  func pagesDoNotDependOnTheClock() throws {
    let tool = SharedData.checkout.appendingPathComponent("tools/manual.py").path
    for name in ["a", "b"] {
      let made = try DaemonBinary.run([
        "/usr/bin/env", "SOURCE_DATE_EPOCH=1700000000", "python3", tool, DaemonBinary.path, folder(name),
      ])
      #expect(made.status == 0, "\(made.output)")
    }
    let (a, b) = (try folder.data("a/man1/radiomicsd.1"), try folder.data("b/man1/radiomicsd.1"))
    #expect(a == b)
    #expect(String(decoding: a, as: UTF8.self).hasPrefix(".Dd November 14, 2023\n"))
  }
}

private enum Python {
  static let isThere = (try? DaemonBinary.run(["/usr/bin/env", "python3", "--version"]).status) == 0
}
