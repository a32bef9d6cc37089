internal import Files
internal import Intake

/// What is in the way outside of any study.
package struct Health: Sendable, Equatable {
  /// Why results cannot be published; nil while they can.
  var outboxFault: String?
  /// A comparison with an original has not come back for too long: none is waited for.
  var isComparisonStuck = false
  /// When the daemon ends its runs; nil while it is not stopping.
  var stopAt: BootTime?

  var isStopping: Bool { stopAt != nil }
}
