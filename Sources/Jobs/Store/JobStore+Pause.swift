extension JobStore {
  /// The key of the reason why computing is paused; empty while it is not.
  package static let pauseKey = "paused"

  /// Why computing is paused, in a sentence; nil while it is not.
  package func pauseReason() throws -> String? { try value(Self.pauseKey).flatMap { $0.isEmpty ? nil : $0 } }

  /// The key of the report that the inbox does not answer; empty while it does.
  package static let stallKey = "stalled"

  /// Since when the inbox does not answer, in a sentence; nil while it does.
  package func stallReason() throws -> String? { try value(Self.stallKey).flatMap { $0.isEmpty ? nil : $0 } }

  /// The key of the reason why results cannot be published; empty while they can.
  package static let outboxKey = "outbox"

  /// Why results cannot be published, in a sentence; nil while they can.
  package func outboxReason() throws -> String? { try value(Self.outboxKey).flatMap { $0.isEmpty ? nil : $0 } }

  /// The last event.
  package func head() throws -> Int64 { try read { try EventChain.head(in: $0).sequence } }
}
