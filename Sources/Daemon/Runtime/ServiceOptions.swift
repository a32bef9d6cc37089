public import Configuration
public import Files
internal import Foundation
internal import Jobs
public import Sandbox

/// What a service is started with besides its configuration.
public struct ServiceOptions: Sendable {
  /// The program of a worker and what stands before its own arguments.
  public var worker: [String]
  /// The watcher; nil to do with listings alone.
  public var watcher: String?
  /// The disk.
  public var operations: any FileOperations
  public var log: Log
  /// Name and version of the program, for the record.
  public var software = "radiomicsd"
  /// Seconds of the first pause when the machine stands in the way; each in a row is twice as long, up to 10 min.
  public var pause = 30.0
  /// Seconds that the first comparison of an original is waited for, where its share does not answer.
  public var lookPatience = 15.0
  /// Whether 16 MiB of the state folder's disk are held for the day it is full.
  public var hasBallast = true
  /// What the machine says of itself; other answers in tests.
  private var machine = Machine()
  /// The size of the database's log, in bytes, from which it is told.
  public var walAlarm: Int64 = 256 << 20
  /// Loads what a configuration names (models, profile) and throws what stands in the way, with the key in its message.
  public var check: @Sendable (Configuration) throws -> Void = { _ in }
  /// Makes what runs jobs; it reports to the closure from any thread. Nil for processes of this machine.
  package var executor: (@Sendable (@escaping @Sendable (RunHandle, RunNews) -> Void) -> any JobExecutor)?
  /// What follows the record.
  package var followers: [any EventFollower] = []
  /// Whether SIGTERM and SIGINT stop the service.
  public var handlesSignals: Bool

  /// - Parameter worker: by default this program's own `worker` command.
  public init(
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
  public static var installedWatcher: String? {
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

extension ServiceOptions {
  fileprivate struct Machine: Sendable {
    var freeSpace: @Sendable (Path) -> FreeSpace? = { FreeSpace(of: $0) }
    var fileSystem: @Sendable (Path) -> FileSystemKind? = { FileSystemKind(of: $0) }
    var wallClock: @Sendable () -> Double = { Double(Timestamp.now.milliseconds) / 1000 }
    var isReadOnly: @Sendable (Path) -> Bool = { $0.isOnReadOnlyFileSystem }
    var sandbox = SandboxLevel.available
  }

  /// Free space where a path lies.
  public var freeSpace: @Sendable (Path) -> FreeSpace? {
    get { machine.freeSpace }
    set { machine.freeSpace = newValue }
  }

  /// What a path lies on.
  public var fileSystem: @Sendable (Path) -> FileSystemKind? {
    get { machine.fileSystem }
    set { machine.fileSystem = newValue }
  }

  /// Seconds since 1970 by the wall clock.
  public var wallClock: @Sendable () -> Double {
    get { machine.wallClock }
    set { machine.wallClock = newValue }
  }

  /// Whether a path is on a file system that is mounted read-only.
  public var isReadOnly: @Sendable (Path) -> Bool {
    get { machine.isReadOnly }
    set { machine.isReadOnly = newValue }
  }

  /// What the kernel offers to confine workers with.
  public var sandbox: SandboxLevel {
    get { machine.sandbox }
    set { machine.sandbox = newValue }
  }
}
