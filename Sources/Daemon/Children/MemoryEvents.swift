internal import Foundation

/// How often the kernel has killed a process of our control group because memory ran out (`memory.events`, cgroup v2).
enum MemoryEvents {
  static var kills: Int? {
    guard let membership = read("/proc/self/cgroup"),
      let line = membership.split(separator: "\n").first(where: { $0.hasPrefix("0::") }),
      let events = read("/sys/fs/cgroup" + line.dropFirst(3) + "/memory.events")
    else { return nil }
    return events.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }.flatMap { Int($0.dropFirst(9)) }
  }

  private static func read(_ path: String) -> String? {
    (try? Data(contentsOf: URL(fileURLWithPath: path))).map { String(decoding: $0, as: UTF8.self) }
  }
}
