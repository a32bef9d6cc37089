public import Errors
import Imaging

extension StudyError {
  /// A copy that is still under way looks like this: a file that ends early, a slice that is missing. Whoever watches
  /// a folder waits before refusing; whoever is asked to process now refuses at once.
  public var mayBeIncompleteCopy: Bool {
    code == .truncated || code == .sliceGap || code == .tooFewSlices
  }
}
