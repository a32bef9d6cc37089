/// A sentence in which the report judges its own numbers.
public struct Statement: Sendable, Hashable {
  public enum Weight: String, Sendable {
    /// Speaks against relying on the model; shown in red with a mark.
    case caution
    case note
  }

  /// Stable name, for tests and scripts: `no-evidence`.
  public var id: String
  public var weight: Weight
  public var text: String

  init(_ id: String, _ weight: Weight, _ text: String) {
    self.id = id
    self.weight = weight
    self.text = text
  }
}
