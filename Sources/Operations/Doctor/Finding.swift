/// One check: its result, and the advice.
package struct Finding: Sendable, Equatable {
  package enum Level: String, Sendable, Comparable {
    case ok
    /// It works, but not as well or as safely as it could.
    case warn
    /// It does not work, or must not be used in this way.
    case fail

    package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
    private var rank: Int { self == .ok ? 0 : self == .warn ? 1 : 2 }
  }

  /// Stable word for scripts: `kernel`, `state.filesystem`, …
  package var check: String
  package var level: Level
  /// The observation, with the numbers.
  package var message: String
  /// What to do; empty where there is nothing to do.
  package var advice: String

  init(_ check: String, _ level: Level, _ message: String, _ advice: String = "") {
    self.check = check
    self.level = level
    self.message = message
    self.advice = advice
  }

  /// Ok where a condition holds, otherwise as given.
  init(_ check: String, _ holds: Bool, _ message: String, else level: Level, _ advice: String) {
    self.init(check, holds ? .ok : level, message, holds ? "" : advice)
  }
}
