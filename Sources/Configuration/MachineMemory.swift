internal import Foundation
internal import Glibc

/// The memory that the daemon may use.
package enum MachineMemory {
  /// MiB: the machine's available memory, limited by the daemon's control group and those above it
  /// (`memory.high` and `memory.max`, which systemd's MemoryHigh and MemoryMax set). Nil where it is unknown.
  package static var available: Int? {
    ([machine] + groups(membership: text("/proc/self/cgroup") ?? "", root: "/sys/fs/cgroup")).compactMap { $0 }.min()
      .map { $0 >> 20 }
  }

  /// MiB for all jobs together: the configured value, or nine tenths of the available memory.
  package static func budget(configured: Int) -> Int? {
    configured > 0 ? configured : available.map { max(1, $0 / 10 * 9) }
  }

  /// Bytes; the total memory where `/proc` is hidden (ProcSubset=pid).
  private static var machine: Int? {
    let line = text("/proc/meminfo")?.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    if let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) { return kibibytes << 10 }
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    return pages > 0 && size > 0 ? pages * size : nil
  }

  /// The limits, in bytes, of a control group (version 2) and of those above it.
  package static func groups(membership: String, root: String) -> [Int] {
    guard let line = membership.split(separator: "\n").first(where: { $0.hasPrefix("0::/") }) else { return [] }
    var names = line.dropFirst(4).split(separator: "/")
    var limits: [Int] = []
    while true {
      let folder = ([root[...]] + names).joined(separator: "/")
      for file in ["memory.high", "memory.max"] {
        let limit = text("\(folder)/\(file)").flatMap { Int($0.prefix { $0.isNumber }) }
        if let limit { limits.append(limit) }
      }
      if names.isEmpty { return limits }
      names.removeLast()
    }
  }

  private static func text(_ path: String) -> String? {
    (try? Data(contentsOf: URL(fileURLWithPath: path))).map { String(decoding: $0, as: UTF8.self) }
  }
}
