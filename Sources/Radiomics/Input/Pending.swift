internal import Dispatch
internal import Imaging
internal import Synchronization

/// A value that another thread is making.
final class Pending<Value: Sendable>: Sendable {
  private let group = DispatchGroup()
  private let result = Mutex<Result<Value, any Error>?>(nil)

  /// Starts at once.
  ///
  /// - Parameter beside: false computes the value here, before this returns.
  init(beside: Bool, _ make: @escaping @Sendable () throws -> Value) {
    guard beside else {
      let made = Result(catching: make)
      result.withLock { $0 = made }
      return
    }
    group.enter()
    // A higher quality of service is a lower nice value, which users may not set: each refusal is a line in the
    // journal.
    DispatchQueue.global().async {
      let made = Result(catching: make)
      self.result.withLock { $0 = made }
      self.group.leave()
    }
  }

  /// Waits for the value.
  func get() throws -> Value {
    group.wait()
    guard let result = result.withLock({ $0 }) else { preconditionFailure("a value is there once its maker has ended") }
    return try result.get()
  }
}

/// An image that is read ahead, before it is certain that it is needed.
package struct ImageAhead: Sendable {
  let path: String
  let pending: Pending<Volume>

  /// Starts to read on another thread. The extraction that uses the image throws its error.
  package init(_ path: String) {
    self.path = path
    pending = Pending(beside: true) { try ExtractionInput.read(path) }
  }
}
