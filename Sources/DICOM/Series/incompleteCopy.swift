public import Errors
import Imaging

extension StudyError {
  /// A copy that is still under way looks like this: a file that ends early, slices or parts that are missing. Whoever watches
  /// a folder waits before refusing; whoever is asked to process now refuses at once.
  public var mayBeIncompleteCopy: Bool {
    [.truncated, .sliceGap, .tooFewSlices, .concatenation, .imagesMissing, .slicesMissing].contains(code)
  }
}
