import CLinux
import Foundation
import Glibc
import Testing

/// Opening beneath a folder: by the kernel's own call, and name by name where the kernel lacks it.
@Suite struct OpenBeneathTests {
  typealias Open = @Sendable (Int32, String) -> Int32

  static let ways: [(name: String, open: Open)] = [
    ("openat2", { clinux_open_beneath($0, $1, O_RDONLY) }), ("stepwise", { clinux_open_stepwise($0, $1, O_RDONLY) }),
  ]

  @Test("Nothing leads out of the folder", arguments: [0, 1])
  func nothingLeadsOutOfTheFolder(way: Int) throws {
    let spool = try TestSpool()
    try spool.write(["inside/a": "a", "inside/deep/b": "b", "outside": "o"], to: spool.root)
    let inside = spool.root + "/inside"
    for (name, target) in [
      ("link", "a"), ("out", "../outside"), ("absolute", "/etc/passwd"), ("folder", "deep"), ("loop", "loop"),
    ] {
      #expect(symlink(target, inside + "/" + name) == 0)
    }
    #expect(mkfifo(inside + "/pipe", 0o600) == 0)
    let held = open(inside, O_RDONLY | O_DIRECTORY)
    defer { close(held) }
    let open = Self.ways[way].open
    func result(_ path: String) -> Int32 {
      let opened = open(held, path)
      if opened >= 0 { close(opened) }
      return min(opened, 0)
    }
    for path in ["a", "deep/b", "deep", "pipe"] { #expect(result(path) == 0, "\(path)") }
    #expect(result("nothing") == -ENOENT && result("deep/nothing") == -ENOENT && result("a/b") == -ENOTDIR)
    for path in ["link", "out", "absolute", "folder/b", "loop"] { #expect(result(path) == -ELOOP, "\(path)") }
    for path in ["../outside", "deep/../../outside", "/etc/passwd"] { #expect(result(path) == -EXDEV, "\(path)") }
  }

  @Test(
    "Another mount is not entered",
    .enabled(if: access("/proc/self", F_OK) == 0 && access("/dev/shm", F_OK) == 0, "needs mounts below a folder"),
    arguments: [0, 1])
  func anotherMountIsNotEntered(way: Int) {
    let held = open("/", O_RDONLY | O_DIRECTORY)
    defer { close(held) }
    #expect(Self.ways[way].open(held, "proc/self") == -EXDEV || Self.ways[way].open(held, "proc/self") == -ELOOP)
    #expect(Self.ways[way].open(held, "dev/shm") == -EXDEV)
  }
}
