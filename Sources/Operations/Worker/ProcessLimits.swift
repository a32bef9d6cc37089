internal import CLinux
internal import DICOM
internal import Errors
package import Glibc

/// What a worker gives up before it reads a file that a stranger wrote.
package enum ProcessLimits {
  /// - Throws: `E_INTERNAL` where the kernel refuses.
  ///
  /// - Parameter parent: the process with which this one ends. In a container its id may be 1, which elsewhere is that of
  ///   who takes over orphans.
  package static func apply(memoryMiB: Int?, cpuSeconds: Int?, parent: pid_t?) throws {
    // What a worker writes is for the daemon; what is published gets modes of its own.
    umask(0o077)
    // The arguments are kept as texts from here on.
    _ = CommandLine.arguments
    if let parent {
      try check(clinux_die_with_parent(), "PR_SET_PDEATHSIG")
      // The parent may have ended before the signal was asked for.
      if getppid() != parent { exit(ExitStatus.temporary.rawValue) }
    }
    // The names of studies stand there, and another worker can read it.
    clinux_hide_arguments(3)
    try check(clinux_no_new_privileges(), "PR_SET_NO_NEW_PRIVS")
    try check(clinux_not_dumpable(), "PR_SET_DUMPABLE")
    // Whatever the parent left open by mistake.
    try check(clinux_close_from(3), "close_range")
    try limit(RLIMIT_NOFILE, 512, "RLIMIT_NOFILE")
    // A file that is too large is an error of writing, not the end of the process. No file is larger than memory.
    signal(SIGXFSZ, SIG_IGN)
    try limit(RLIMIT_FSIZE, max(memoryMiB ?? 0, 1 << 16) << 20, "RLIMIT_FSIZE")
    // No core file: it would hold the patient's image.
    try limit(RLIMIT_CORE, 0, "RLIMIT_CORE")
    if let memoryMiB, memoryMiB > 0 {
      try limit(RLIMIT_AS, memoryMiB << 20, "RLIMIT_AS")
      clinux_tell_out_of_memory(ExitStatus.outOfMemory.rawValue)
      DICOMLibraries.endWithoutMemory(ExitStatus.outOfMemory.rawValue)
    }
    if let cpuSeconds, cpuSeconds > 0 { try limit(RLIMIT_CPU, cpuSeconds, "RLIMIT_CPU") }
  }

  private static func limit(_ resource: __rlimit_resource, _ value: Int, _ name: String) throws {
    // Never above what the parent set.
    var limits = rlimit()
    getrlimit(__rlimit_resource_t(resource.rawValue), &limits)
    limits.rlim_max = min(limits.rlim_max, rlim_t(value))
    limits.rlim_cur = limits.rlim_max
    try check(setrlimit(__rlimit_resource_t(resource.rawValue), &limits) == 0 ? 0 : -errno, name)
  }

  private static func check(_ result: Int32, _ name: String) throws {
    guard result >= 0 else {
      throw StudyError(.internalFault, "the kernel refuses \(name): \(String(cString: strerror(-result)))")
    }
  }
}
