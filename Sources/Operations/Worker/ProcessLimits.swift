internal import CLinux
internal import DICOM
package import Documents
internal import Errors
internal import Glibc

/// The rights that a worker gives up before it reads an untrusted file.
package enum ProcessLimits {
  /// - Throws: `E_INTERNAL` where the kernel refuses.
  ///
  /// The process with which this one ends may have the id 1 in a container, which elsewhere is that of who takes over
  /// orphans.
  package static func apply(_ limits: WorkerRequest.Limits) throws {
    // A worker's files are for the daemon; published files get their own modes.
    umask(0o077)
    // The arguments are kept as texts from here on.
    _ = CommandLine.arguments
    if let parent = limits.parent {
      try check(clinux_die_with_parent(), "PR_SET_PDEATHSIG")
      // The parent may have ended before the signal was requested.
      if getppid() != parent { exit(ExitStatus.temporary.rawValue) }
    }
    // They contain the names of studies, and another worker can read them.
    clinux_hide_arguments(3)
    try check(clinux_no_new_privileges(), "PR_SET_NO_NEW_PRIVS")
    try check(clinux_not_dumpable(), "PR_SET_DUMPABLE")
    // Descriptors that the parent left open by mistake.
    try check(clinux_close_from(3), "close_range")
    try limit(RLIMIT_NOFILE, 512, "RLIMIT_NOFILE")
    // A file that is too large is an error of writing, not the end of the process. No file is larger than memory.
    signal(SIGXFSZ, SIG_IGN)
    try limit(RLIMIT_FSIZE, max(limits.memory ?? 0, 1 << 16) << 20, "RLIMIT_FSIZE")
    // No core file: it would contain the patient's image.
    try limit(RLIMIT_CORE, 0, "RLIMIT_CORE")
    if let memory = limits.memory, memory > 0 {
      try limit(RLIMIT_AS, memory << 20, "RLIMIT_AS")
      clinux_tell_out_of_memory(ExitStatus.outOfMemory.rawValue)
      DICOMLibraries.endWithoutMemory(ExitStatus.outOfMemory.rawValue)
    }
    if let cpuSeconds = limits.cpuSeconds, cpuSeconds > 0 { try limit(RLIMIT_CPU, cpuSeconds, "RLIMIT_CPU") }
  }

  private static func limit(_ resource: __rlimit_resource, _ value: Int, _ name: String) throws {
    // Never above the parent's limit.
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
