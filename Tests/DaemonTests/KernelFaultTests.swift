import Configuration
import Daemon
import Foundation
import Glibc
import Intake
import Jobs
import Testing

extension DaemonProgram {
  /// Limits and faults that only the kernel can cause.
  @Suite(.enabled(if: DaemonBinary.serves, "needs the radiomicsd program beside the tests"))
  struct KernelFaultTests {
    @Test(
      "A limit of file size acts like a full disk and does not end the daemon",
      .enabled(if: access("/usr/bin/prlimit", X_OK) == 0, "needs prlimit"))
    func fileSizeLimitActsLikeAFullDisk() async throws {
      let spool = try TestSpool()
      let large = String(repeating: "x", count: 3_000_000)
      try spool.drop("study", ["mask": "m", "large": large])
      let process = try DaemonBinary.start(spool, under: ["/usr/bin/prlimit", "--fsize=2000000"])
      try await spool.wait { spool.text("status/study.txt")?.contains("no space for private copies") == true }
      process.terminate()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 0)
      let again = try DaemonBinary.start(spool)
      try await spool.waitForJobs(1)
      again.terminate()
      again.waitUntilExit()
      #expect(try spool.jobs().map(\.state) == [.done])
      #expect(spool.text("done/study/large")?.count == 3_000_000)
    }

    /// A real study, the real worker, and a limit too small for its image: the retry is not simulated.
    @Test("A study that needs more than its limit runs once more with twice as much")
    func memoryRefusalRetriesWithTwiceAsMuch() async throws {
      let spool = try TestSpool("profile: jiao2024\nthreads_per_job: 1\nmemory_limit_mb: 300")
      for (name, slices) in [("fits twice", "150"), ("never fits", "420")] {
        let made = try DaemonBinary.run([
          DaemonBinary.path, "phantom", "--output", "\(spool.root)/\(name)", "--matrix", "512", "--slices", slices,
          "--spacing", "1",
        ])
        #expect(made.status == 0, "\(made.output)")
        try FileManager.default.createDirectory(atPath: spool.root + "/inbox", withIntermediateDirectories: true)
        try FileManager.default.moveItem(
          atPath: "\(spool.root)/\(name)/phantom-0001", toPath: "\(spool.root)/inbox/\(name)")
      }
      let process = try DaemonBinary.start(spool, worker: nil)
      try await spool.waitForJobs(2, seconds: 120)
      process.terminate()
      process.waitUntilExit()
      let jobs = Dictionary(uniqueKeysWithValues: try spool.jobs().map { ($0.study, $0) })
      #expect(jobs["fits twice"]?.state == .done && jobs["fits twice"]?.attempt == 2)
      #expect(jobs["never fits"]?.state == .failed && jobs["never fits"]?.error?.code == "E_OOM")
      #expect(jobs["never fits"]?.attempt == 2)
      let given = try spool.store().events().filter { $0.kind == .started }.compactMap { $0.details["memory_mb"] }
      #expect(given.sorted() == ["300", "300", "600", "600"])
    }

    private static let group = "/sys/fs/cgroup/memory"

    /// The kernel's own killer, in a control group that is too small for the worker and large enough for the daemon.
    @Test(
      "A job that the kernel kills for memory runs once more",
      .enabled(
        if: geteuid() == 0 && access(group + "/memory.limit_in_bytes", W_OK) == 0,
        "needs root and control groups of version 1"))
    func oomKilledJobRunsOnceMore() async throws {
      let spool = try TestSpool("max_attempts: 3")
      let group = Self.group + "/radiomicsd-test-\(getpid())"
      try FileManager.default.createDirectory(atPath: group, withIntermediateDirectories: false)
      defer { rmdir(group) }
      for (file, value) in [("memory.limit_in_bytes", "209715200"), ("memory.swappiness", "0")] {
        try value.write(toFile: group + "/" + file, atomically: false, encoding: .utf8)
      }
      // `tail` keeps a line that never ends: memory without limit.
      try spool.wrapWorker(
        """
        if [ "$verb" = run ] && { [ ! -f "\(spool.root)/again" ] || [ -f "$input/always" ]; }; then
          echo > "\(spool.root)/again"
          exec tail -n 1 /dev/zero
        fi
        """)
      try spool.drop("once", ["mask": "m"])
      let process = try DaemonBinary.start(
        spool, under: ["/bin/sh", "-c", "echo $$ > \(group)/cgroup.procs; exec \"$@\"", "sh"])
      try await spool.waitForJobs(1, seconds: 60)
      try spool.drop("always", ["mask": "a", "always": ""])
      try await spool.waitForJobs(2, seconds: 60)
      process.terminate()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 0, "the daemon lives")
      let jobs = Dictionary(uniqueKeysWithValues: try spool.jobs().map { ($0.study, $0) })
      #expect(jobs["once"]?.state == .done && jobs["once"]?.attempt == 2)
      #expect(
        jobs["always"]?.state == .failed && jobs["always"]?.error?.code == "E_OOM" && jobs["always"]?.attempt == 2)
      let attempts = try spool.store().history(of: try spool.store().job(named: "once")).attempts
      #expect(attempts.first?.signal == SIGKILL && attempts.first?.outcome == "E_OOM")
    }

    /// The worker and the daemon are a user that may not read a file; its owner sees which, and corrects it.
    @Test(
      "A file that may not be read is named and makes the study wait",
      .enabled(
        if: geteuid() != 0 || access("/usr/bin/setpriv", X_OK) == 0, "needs setpriv, to run as a user other than root"))
    func forbiddenFileIsNamedAndDelaysStudy() async throws {
      let spool = try TestSpool("incomplete_seconds: 60")
      try spool.drop("study", ["mask": "m", "secret": "s"])
      let file = spool.root + "/inbox/study/secret"
      var command: [String] = []
      if geteuid() == 0 {
        command = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        _ = try DaemonBinary.run(["/bin/chown", "-R", "65534:65534", spool.root])
        #expect(chown(file, 0, 0) == 0)
      }
      #expect(chmod(file, 0) == 0)
      let process = try DaemonBinary.start(spool, under: command)
      try await spool.wait { spool.text("status/study.txt")?.contains("may not be read: secret") == true }
      #expect(spool.list("inbox") == ["study"])
      #expect(chmod(file, 0o644) == 0)
      try await spool.wait { spool.list("outbox") == ["study"] }
      process.terminate()
      process.waitUntilExit()
    }

    /// The watcher is stopped while more events come than the kernel keeps; all folders are listed, and no study is
    /// missed.
    @Test(
      "A listing makes up for dropped events",
      .enabled(if: DaemonBinary.hasWatcher, "needs radiomicsd-watch beside the tests"))
    func listingReplacesDroppedEvents() async throws {
      let spool = try TestSpool()
      var text = try #require(spool.text("radiomicsd.yaml"))
      text = text.replacingOccurrences(of: "rescan_seconds: 0.5", with: "rescan_seconds: 600")
      try text.write(toFile: spool.root + "/radiomicsd.yaml", atomically: true, encoding: .utf8)
      try spool.write([".hidden/a": "x"], to: spool.root + "/inbox")
      let service = spool.start(watcher: DaemonBinary.watcher)
      var watcher: pid_t?
      try await spool.wait {
        watcher = Self.process(running: DaemonBinary.watcher, with: spool.root + "/inbox")
        return watcher != nil && service.log.text.contains("started")
      }
      let child = try #require(watcher)
      try await Task.sleep(for: .milliseconds(300))
      kill(child, SIGSTOP)
      let limit =
        Int(
          (try? String(contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines) ?? "") ?? 16384
      let (one, two) = (spool.root + "/inbox/.a", spool.root + "/inbox/.b")
      #expect(mkdir(one, 0o755) == 0)
      for _ in 0..<(limit / 4 + 500) {
        rename(one, two)
        rename(two, one)
      }
      // Its own events find no room any more.
      try spool.drop("study")
      kill(child, SIGCONT)
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(try spool.store().events().contains { $0.kind == .overflow })
      #expect(try spool.jobs().map(\.state) == [.done])
    }

    private static func process(running program: String, with argument: String) -> pid_t? {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
        guard let pid = pid_t(name), let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline"),
          String(decoding: line, as: UTF8.self) == program + "\0" + argument + "\0"
        else { continue }
        return pid
      }
      return nil
    }

    private static let hasNamespaces =
      (try? DaemonBinary.run([
        "/usr/bin/unshare", "-Ur", "/bin/sh", "-c", "echo 1 > /proc/sys/user/max_inotify_watches",
      ]).status) == 0

    /// Only one watch is left: the rest of the inbox is found by listings.
    @Test(
      "Polling continues without watches",
      .enabled(if: DaemonBinary.hasWatcher && hasNamespaces, "needs radiomicsd-watch and user namespaces"),
      arguments: ["max_inotify_watches", "max_inotify_instances"])
    func pollingContinuesWithoutWatches(limit: String) async throws {
      let spool = try TestSpool()
      let script = """
        #!/bin/sh
        exec unshare -Ur /bin/sh -c 'echo \(limit.hasSuffix("watches") ? 1 : 0) > /proc/sys/user/\(limit); exec "$0" "$@"' \
        \(DaemonBinary.watcher) "$@"
        """
      try script.write(toFile: spool.root + "/watch", atomically: true, encoding: .utf8)
      #expect(chmod(spool.root + "/watch", 0o755) == 0)
      try spool.write(["one/mask": "1", "one/deep/er/a": "1", "two/mask": "2"], to: spool.root + "/inbox")
      let service = spool.start(watcher: spool.root + "/watch")
      try await spool.waitForJobs(2)
      try spool.drop("three", ["mask": "3", "deep/er/a": "3"])
      try await spool.waitForJobs(3)
      try await spool.wait {
        ((try? spool.store().events()) ?? []).contains { $0.kind == .watchDegraded }
          || service.log.text.contains("the watcher ended")
      }
      try await service.stop()
      #expect(try spool.jobs().allSatisfy { $0.state == .done })
    }

    @Test("Lines that the log cannot take are counted")
    func unwritableLogLinesAreCounted() async throws {
      let spool = try TestSpool()
      let full = open("/dev/full", O_WRONLY)
      let file = open(spool.root + "/log", O_WRONLY | O_CREAT, 0o600)
      defer { for descriptor in [full, file] { close(descriptor) } }
      let service = spool.start { $0.log = Log(level: .debug, descriptor: full) }
      try spool.drop("study")
      try await spool.waitForJobs(1)
      #expect(try spool.jobs().map(\.state) == [.done], "studies go on")
      #expect(dup2(file, full) == full)
      try await service.stop()
      let text = try #require(spool.text("log"))
      let first = try #require(text.split(separator: "\n").first)
      #expect(first.hasSuffix("lines of the log were lost: it could not be written"))
      #expect((Int(first.prefix { $0.isNumber }) ?? 0) > 5 && text.contains("stopped"))
    }
  }
}
