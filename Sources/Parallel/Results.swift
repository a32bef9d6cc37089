internal import Synchronization

/// Results that pieces of work store at their places.
package final class Results<Value: Sendable>: Sendable {
  private let values: Mutex<[Value?]>

  package init(count: Int) { values = Mutex([Value?](repeating: nil, count: count)) }

  package func set(_ index: Int, _ value: Value) { values.withLock { $0[index] = value } }

  /// In order, without places where nothing was stored.
  package var all: [Value] { values.withLock { $0.compactMap { $0 } } }

  package subscript(index: Int) -> Value? { values.withLock { $0[index] } }
}
