/// Exit codes of every command (sysexits.h).
package enum ExitStatus: Int32, Sendable, Codable {
  case ok = 0
  /// The command line was wrong.
  case usage = 64
  /// The input exists but cannot be used: it will be refused again.
  case badInput = 65
  /// A named file, folder or label does not exist.
  case inputMissing = 66
  /// A fault of radiomicsd.
  case `internal` = 70
  /// A worker could not get the memory that it needs.
  case outOfMemory = 71
  /// Reading or writing failed.
  case io = 74
  /// It may work later: something is busy, full or not complete yet.
  case temporary = 75
  /// The configuration, a profile or a model bundle is wrong.
  case configuration = 78
}
