internal import Imaging

/// An image that is read ahead: before it is known for sure that it will be wanted.
public struct ImageAhead: Sendable {
  let path: String
  let pending: Pending<Volume>

  /// Begins to read on another thread. What is wrong with the file is thrown by the extraction that takes it.
  public init(_ path: String) {
    self.path = path
    pending = Pending(beside: true) { try ExtractionInput.read(path) }
  }
}
