import Files
import Foundation
import Intake
import Synchronization

/// What a disk answers in place of doing what it is asked.
enum DiskFault: String, CaseIterable, Sendable {
  case noSpace, quota, readOnly, stale, unreadable, lostWrite, interrupted

  var code: Int32 {
    switch self {
    case .noSpace: ENOSPC
    case .quota: EDQUOT
    case .readOnly: EROFS
    case .stale: ESTALE
    case .unreadable, .lostWrite: EIO
    case .interrupted: EINTR
    }
  }

  /// Operations in a row that it meets.
  var times: Int { self == .interrupted ? 1 : 4 }
}

/// The disk, which from operation number `first` on answers with a fault as often as the fault says, then is well again.
final class FaultyDisk: FileOperations {
  private let disk = LinuxFileOperations()
  private let first: Int
  private let fault: DiskFault
  private let state = Mutex((operations: 0, faults: 0))

  init(_ fault: DiskFault, from first: Int) {
    self.fault = fault
    self.first = first
  }

  /// Operations begun, and how many of them met the fault.
  var counts: (operations: Int, faults: Int) { state.withLock { $0 } }

  private enum Kind {
    case make, move, remove, copy, write, sync
  }

  private func fails(_ kind: Kind) -> Bool {
    state.withLock { state in
      state.operations += 1
      guard state.operations > first, state.faults < fault.times, isPossible(kind) else { return false }
      state.faults += 1
      return true
    }
  }

  private func isPossible(_ kind: Kind) -> Bool {
    switch fault {
    case .noSpace, .quota: kind != .remove
    case .readOnly: kind != .sync
    case .unreadable: kind == .copy
    case .lostWrite, .stale, .interrupted: true
    }
  }

  func makeFolder(_ path: Path, mode: UInt32) throws {
    if fails(.make) { throw FileError("mkdir", fault.code) }
    try disk.makeFolder(path, mode: mode)
  }

  func rename(_ from: Path, to: Path) throws {
    if fails(.move) { throw FileError("rename", fault.code) }
    try disk.rename(from, to: to)
  }

  func remove(_ path: Path) throws {
    if fails(.remove) { throw FileError("unlink", fault.code) }
    try disk.remove(path)
  }

  /// A part of it is written.
  func copy(_ descriptor: Int32, to path: Path, mode: UInt32) throws -> (sha256: String, bytes: Int64) {
    if fails(.copy) {
      try? disk.write([0x3F], to: path, mode: mode)
      throw FileError(fault == .unreadable ? "read" : "write", fault.code)
    }
    return try disk.copy(descriptor, to: path, mode: mode)
  }

  func write(_ bytes: [UInt8], to path: Path, mode: UInt32) throws {
    if fails(.write) {
      try? disk.write([UInt8](bytes.prefix(bytes.count / 2)), to: path, mode: mode)
      throw FileError("write", fault.code)
    }
    try disk.write(bytes, to: path, mode: mode)
  }

  func sync(_ path: Path) throws {
    if fails(.sync) { throw FileError("fsync", fault.code) }
    try disk.sync(path)
  }

  func syncFileSystem(of path: Path) throws {
    if fails(.sync) { throw FileError("syncfs", fault.code) }
    try disk.syncFileSystem(of: path)
  }
}
