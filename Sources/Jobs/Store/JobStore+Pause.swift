extension JobStore {
  /// The value under which the daemon keeps why computing is paused; empty while it is not.
  public static let pauseKey = "paused"

  /// Why computing is paused, in a sentence; nil while it is not.
  public func pauseReason() throws -> String? { try value(Self.pauseKey).flatMap { $0.isEmpty ? nil : $0 } }

  /// The last event.
  public func head() throws -> Int64 { try read { try EventChain.head(in: $0).sequence } }
}
