/// A sentence in which the report judges its own numbers.
package struct Statement: Sendable, Hashable {
  package enum Weight: String, Sendable {
    /// Speaks against relying on the model; shown in red with a mark.
    case caution
    case note
  }

  /// Stable name, for tests and scripts: `no-evidence`.
  package var id: String
  package var weight: Weight
  package var text: String

  init(_ id: String, _ weight: Weight, _ text: String) {
    self.id = id
    self.weight = weight
    self.text = text
  }
}
