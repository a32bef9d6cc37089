internal import CLinux
internal import Configuration
internal import FoundationEssentials
internal import Glibc

/// Kernel, clock and limits.
enum MachineChecks {
  static func all() -> [Finding] { [kernel(), watches(), instances(), clock()] }

  private static func kernel() -> Finding {
    var names = utsname()
    uname(&names)
    let release = withUnsafeBytes(of: &names.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let parts = release.split { $0 == "." || $0 == "-" }.compactMap { Int($0) }
    let version = (parts.first ?? 0, parts.dropFirst().first ?? 0)
    // openat2, by which studies are walked, is of 5.6.
    return Finding(
      "kernel", version >= (5, 6), "Linux \(release)", else: .fail, "use Linux 5.6 or later; 5.13 has Landlock")
  }

  private static func number(_ path: String) -> Int? {
    (try? String(contentsOfFile: path, encoding: .utf8)).flatMap { Int($0.prefix { $0.isNumber }) }
  }

  private static func watches() -> Finding {
    guard let most = number("/proc/sys/fs/inotify/max_user_watches") else {
      return Finding("inotify.watches", .ok, "the limit is hidden (ProcSubset=pid)")
    }
    return Finding(
      "inotify.watches", most >= 8192, "\(most) folders may be watched", else: .warn,
      "sysctl fs.inotify.max_user_watches=65536; beyond the limit the listing alone finds studies")
  }

  private static func instances() -> Finding {
    guard let most = number("/proc/sys/fs/inotify/max_user_instances"),
      let events = number("/proc/sys/fs/inotify/max_queued_events")
    else { return Finding("inotify.instances", .ok, "the limits are hidden (ProcSubset=pid)") }
    return Finding(
      "inotify.instances", most >= 8 && events >= 1024, "\(most) instances, \(events) queued events", else: .warn,
      "sysctl fs.inotify.max_user_instances=128 fs.inotify.max_queued_events=16384")
  }

  /// What jobs that run at once may be given.
  static func memory(_ settings: Configuration) -> Finding {
    guard let budget = MachineMemory.budget(configured: settings.memoryBudget) else {
      return Finding("memory", .ok, "what there is cannot be seen; max_jobs alone limits how many run")
    }
    let each = settings.memoryLimit > 0 ? "\(settings.memoryLimit) MiB" : "no limit"
    let message = "\(budget) MiB for all jobs together, \(each) for one, max_jobs \(settings.maxJobs)"
    if let available = MachineMemory.available, available < budget {
      return Finding(
        "memory", .warn, message + "; \(available) MiB are available now", "lower memory_budget_mb, or set it to 0")
    }
    return Finding(
      "memory", budget >= 1024, message, else: .warn,
      "a study of 500 slices takes about 1.4 GiB of address space: give the machine or the service more memory")
  }

  private static func clock() -> Finding {
    let state = clinux_clock_synchronised()
    guard state >= 0 else { return Finding("clock", .warn, "its state cannot be asked", "check it with timedatectl") }
    return Finding(
      "clock", state == 1, state == 1 ? "synchronised" : "not synchronised", else: .warn,
      "run chrony or systemd-timesyncd: times on record are only as good as the clock; waiting does not depend on it")
  }
}
