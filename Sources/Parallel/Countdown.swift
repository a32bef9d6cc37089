internal import Synchronization

/// Counts the work that is left; any thread may count down.
package final class Countdown: Sendable {
  private let left: Atomic<Int>

  package init(_ count: Int) { left = Atomic(count) }

  /// - Returns: whether this was the last.
  package func countDown() -> Bool { left.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
}
