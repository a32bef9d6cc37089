public import Errors
import Imaging

extension StudyError {
  /// Whether the error may come from a copy that is still under way: a file that ends early, missing slices or parts. A
  /// folder watcher waits before it refuses such a study; a direct command refuses it at once.
  public var mayBeIncompleteCopy: Bool {
    [.truncated, .sliceGap, .tooFewSlices, .concatenation, .imagesMissing, .slicesMissing].contains(code)
  }
}
