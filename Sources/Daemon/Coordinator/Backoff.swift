/// How long to wait before something that failed is tried again: one rule per kind.
struct Backoff: Sendable, Equatable {
  /// Seconds after the first failure.
  private let first: Double
  /// What each further failure in a row multiplies the delay with; 1 adds `first` instead.
  private let factor: Double
  private let most: Double

  /// Seconds to wait after this many failures before the last one, from 0.
  func delay(after failures: Int) -> Double {
    let failures = max(0, min(failures, 10))
    guard factor > 1 else { return min(first * Double(failures + 1), most) }
    var delay = first
    for _ in 0..<failures { delay *= factor }
    return min(delay, most)
  }

  /// The machine, a share or the outbox is in the way: 30 s by default, doubled up to 10 min.
  static func machine(first: Double) -> Backoff { Backoff(first: first, factor: 2, most: 600) }
  /// A study cannot be read: other studies are not held up, so it is tried again soon.
  static func unreadableStudy(first: Double) -> Backoff { Backoff(first: first / 6, factor: 1, most: 600) }
  /// A study that may not be read: permissions may have changed.
  static func forbiddenStudy(first: Double) -> Backoff { Backoff(first: first, factor: 2, most: 600) }
  /// An answer (`study.yaml`) cannot be added to its study.
  static let answer = Backoff(first: 5, factor: 1, most: 600)
  /// The watcher ended.
  static let watcher = Backoff(first: 1, factor: 2, most: 60)
  /// A follower of the record failed.
  static func follower(first: Double) -> Backoff { Backoff(first: first, factor: 2, most: 600) }
}
