internal import Files
internal import Glibc
internal import Intake
internal import Jobs

/// The record as the runtime writes it: each transaction whole, with the places before and after it where a test may stop.
struct Record {
  let store: JobStore
  private let operations: any FileOperations

  init(_ store: JobStore, _ operations: any FileOperations) {
    self.store = store
    self.operations = operations
  }

  private func transaction<Value>(_ body: () throws -> Value) throws -> Value {
    try operations.step()
    let value = try body()
    try operations.step()
    return value
  }

  /// - Returns: the job as it is on record; nil where its row was deleted.
  func commit(_ commit: Commit) throws -> Job? {
    var change = commit.change
    if let user = commit.user { change.actor = "user:" + Self.name(of: user) }
    return try transaction { [change] in
      switch commit.kind {
      case .insert: return try store.insert(commit.after, change)
      case .move: return try store.move(commit.before, to: commit.after.state, change) { $0 = commit.after }
      case .amend: return try store.amend(commit.before, change) { $0 = commit.after }
      case .withdraw(let reason):
        try store.withdraw(commit.before, reason: reason)
        return nil
      }
    }
  }

  func note(_ note: Note) throws {
    guard note.isVital else {
      try? write(note)
      return
    }
    try transaction { try write(note) }
  }

  private func write(_ note: Note) throws {
    guard !note.values.isEmpty else {
      return try store.note(note.kind, job: note.job, actor: note.actor, details: note.details)
    }
    let values = note.appendsTime ? note.values.mapValues { "\($0)\(Timestamp.now)" } : note.values
    try store.note(note.kind, details: note.details, setting: values)
  }

  /// The name of a user of this machine, or the number.
  private static func name(of id: UInt32) -> String {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16384)
    guard getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name else {
      return "uid \(id)"
    }
    return String(String(cString: name).prefix(64))
  }
}
