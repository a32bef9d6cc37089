import Files
import Intake
import Synchronization

/// The disk, until operation number `point`: there the process seems to die, before the operation (even numbers) or
/// right after it (odd ones), and nothing is done any more.
final class CrashingOperations: FileOperations {
  private let disk = LinuxFileOperations()
  private let point: Int
  private let count = Atomic<Int>(0)
  private let dead = Atomic<Bool>(false)

  init(point: Int) { self.point = point }

  /// Operations begun.
  var operations: Int { count.load(ordering: .relaxed) }
  var hasCrashed: Bool { dead.load(ordering: .relaxed) }

  private func operation<Value>(_ body: () throws -> Value) throws -> Value {
    if hasCrashed { throw SimulatedCrash() }
    let number = count.wrappingAdd(1, ordering: .relaxed).oldValue
    if number == point / 2, point % 2 == 0 {
      dead.store(true, ordering: .relaxed)
      throw SimulatedCrash()
    }
    let value = try body()
    if number == point / 2 {
      dead.store(true, ordering: .relaxed)
      throw SimulatedCrash()
    }
    return value
  }

  func makeFolder(_ path: Path, mode: UInt32) throws { try operation { try disk.makeFolder(path, mode: mode) } }
  func rename(_ from: Path, to: Path) throws { try operation { try disk.rename(from, to: to) } }
  func remove(_ path: Path) throws { try operation { try disk.remove(path) } }
  func copy(_ descriptor: Int32, to: Path, mode: UInt32) throws -> (sha256: String, bytes: Int64) {
    try operation { try disk.copy(descriptor, to: to, mode: mode) }
  }
  func write(_ bytes: [UInt8], to: Path, mode: UInt32) throws {
    try operation { try disk.write(bytes, to: to, mode: mode) }
  }
  func sync(_ path: Path) throws { try operation { try disk.sync(path) } }
  func syncFileSystem(of path: Path) throws { try operation { try disk.syncFileSystem(of: path) } }
  func step() throws { try operation {} }
}
