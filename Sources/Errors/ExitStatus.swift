/// Exit codes of every command (sysexits.h).
public enum ExitStatus: Int32, Sendable, Codable {
  case ok = 0
  /// The command line was wrong.
  case usage = 64
  /// The input is there but cannot be used: it will be refused again.
  case badInput = 65
  /// A file, folder or label that was named does not exist.
  case inputMissing = 66
  /// A fault of ours.
  case `internal` = 70
  /// A worker was refused the memory it needs.
  case outOfMemory = 71
  /// Reading or writing failed.
  case io = 74
  /// It may work later: something is busy, full or not complete yet.
  case temporary = 75
  /// The configuration, a profile or a model bundle is wrong.
  case configuration = 78
}
