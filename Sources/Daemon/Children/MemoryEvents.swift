internal import Foundation

/// How often the kernel has killed a process of the daemon's control group because memory ran out: `memory.events` of
/// version 2, `memory.oom_control` of version 1, which older systems and some containers still have.
package enum MemoryEvents {
  static var kills: Int? { kills(membership: read("/proc/self/cgroup") ?? "", root: "/sys/fs/cgroup") }

  /// - Parameters:
  ///   - membership: the text of `/proc/self/cgroup`.
  ///   - root: where control groups are mounted.
  package static func kills(membership: String, root: String) -> Int? {
    for line in membership.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let file: String
      if fields[1].isEmpty {
        file = "\(root)\(fields[2])/memory.events"
      } else if fields[1].split(separator: ",").contains("memory") {
        file = "\(root)/memory\(fields[2])/memory.oom_control"
      } else {
        continue
      }
      let count = read(file)?.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }.flatMap {
        Int($0.dropFirst(9))
      }
      if let count { return count }
    }
    return nil
  }

  private static func read(_ path: String) -> String? {
    (try? Data(contentsOf: URL(fileURLWithPath: path))).map { String(decoding: $0, as: UTF8.self) }
  }
}
