package import Configuration
package import Files
internal import Foundation
internal import Jobs
package import Sandbox

/// What a service is started with besides its configuration.
package struct ServiceOptions: Sendable {
  /// The program of a worker and what stands before its own arguments.
  package var worker: [String]
  /// The watcher; nil to do with listings alone.
  package var watcher: String?
  /// The disk.
  package var operations: any FileOperations
  package var log: Log
  /// Name and version of the program, for the record.
  package var software = "radiomicsd"
  /// Seconds of the first pause when the machine stands in the way; each in a row is twice as long, up to 10 min.
  package var pause = 30.0
  /// Seconds that the first comparison of an original is waited for, where its share does not answer.
  package var lookPatience = 15.0
  /// Whether 16 MiB of the state folder's disk are held for the day it is full.
  package var hasBallast = true
  /// Free space where a path lies.
  package var freeSpace: @Sendable (Path) -> FreeSpace? = { FreeSpace(of: $0) }
  /// What a path lies on.
  package var fileSystem: @Sendable (Path) -> FileSystemKind? = { FileSystemKind(of: $0) }
  /// Seconds since 1970 by the wall clock.
  package var wallClock: @Sendable () -> Double = { Double(Timestamp.now.milliseconds) / 1000 }
  /// Whether a path is on a file system that is mounted read-only.
  package var isReadOnly: @Sendable (Path) -> Bool = { $0.isOnReadOnlyFileSystem }
  /// The size of the database's log, in bytes, from which it is told.
  package var walAlarm: Int64 = 256 << 20
  /// What the kernel offers to confine workers with; another in tests.
  package var sandbox = SandboxLevel.available
  /// Loads what a configuration names (models, profile) and throws what stands in the way, with the key in its message.
  package var check: @Sendable (Configuration) throws -> Void = { _ in }
  /// Makes what runs jobs; it reports to the closure from any thread. Nil for processes of this machine.
  package var executor: (@Sendable (@escaping @Sendable (RunHandle, RunNews) -> Void) -> any JobExecutor)?
  /// What follows the record.
  package var followers: [any EventFollower] = []
  /// Whether SIGTERM and SIGINT stop the service.
  package var handlesSignals: Bool

  /// - Parameter worker: by default this program's own `worker` command.
  package init(
    worker: [String]? = nil, watcher: String? = ServiceOptions.installedWatcher,
    operations: any FileOperations = LinuxFileOperations(), log: Log, handlesSignals: Bool = true
  ) {
    // This very program, also after another one was installed in its place: one daemon, one version.
    self.worker = worker ?? ["/proc/self/exe", "worker"]
    self.watcher = watcher
    self.operations = operations
    self.log = log
    self.handlesSignals = handlesSignals
  }

  /// `radiomicsd-watch`, beside this program or in `../libexec/radiomicsd`.
  package static var installedWatcher: String? {
    let folder = URL(fileURLWithPath: executable).deletingLastPathComponent()
    let places = [
      folder.appendingPathComponent("radiomicsd-watch"),
      folder.deletingLastPathComponent().appendingPathComponent("libexec/radiomicsd/radiomicsd-watch"),
    ]
    return places.map(\.path).first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// This program's own path.
  static var executable: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
  }
}
