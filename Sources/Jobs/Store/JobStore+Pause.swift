extension JobStore {
  /// The key of the reason why computing is paused; empty while it is not.
  public static let pauseKey = "paused"

  /// Why computing is paused, in a sentence; nil while it is not.
  public func pauseReason() throws -> String? { try value(Self.pauseKey).flatMap { $0.isEmpty ? nil : $0 } }

  /// The key of the report that the inbox does not answer; empty while it does.
  public static let stallKey = "stalled"

  /// Since when the inbox does not answer, in a sentence; nil while it does.
  public func stallReason() throws -> String? { try value(Self.stallKey).flatMap { $0.isEmpty ? nil : $0 } }

  /// The key of the reason why results cannot be published; empty while they can.
  public static let outboxKey = "outbox"

  /// Why results cannot be published, in a sentence; nil while they can.
  public func outboxReason() throws -> String? { try value(Self.outboxKey).flatMap { $0.isEmpty ? nil : $0 } }

  /// The last event.
  public func head() throws -> Int64 { try read { try EventChain.head(in: $0).sequence } }
}
