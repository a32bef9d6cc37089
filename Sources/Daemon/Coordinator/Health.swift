internal import Files
internal import Intake

/// Faults outside of any study.
package struct Health: Sendable, Equatable {
  /// Why results cannot be published; nil while they can.
  var outboxFault: String?
  /// A comparison with an original has taken too long: the daemon waits for none.
  var isComparisonStuck = false
  /// When the daemon ends its runs; nil while it is not stopping.
  var stopAt: BootTime?

  var isStopping: Bool { stopAt != nil }
}
