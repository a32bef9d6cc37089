internal import Imaging

/// An image that is read ahead, before it is certain that it is needed.
public struct ImageAhead: Sendable {
  let path: String
  let pending: Pending<Volume>

  /// Starts to read on another thread. The extraction that uses the image throws its error.
  public init(_ path: String) {
    self.path = path
    pending = Pending(beside: true) { try ExtractionInput.read(path) }
  }
}
