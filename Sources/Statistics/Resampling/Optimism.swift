/// Harrell's bootstrap correction (1996): the whole pipeline is fitted again in each resample, and its loss from the
/// resample to the original cases is subtracted from the apparent value.
package struct OptimismCorrection: Sendable, Equatable {
  /// The value on the cases that the model was fitted to.
  package let apparent: Double
  /// Mean of (value on the resample - value on the original cases) over the refitted models.
  package let optimism: Double
  package var corrected: Double { apparent - optimism }

  /// - Parameters:
  ///   - resampled: value of each refitted model on its own resample.
  ///   - original: value of the same model on the original cases.
  /// - Throws: `NotEstimable` without resamples, or with a value that is not finite.
  package init(apparent: Double, resampled: [Double], original: [Double]) throws(NotEstimable) {
    precondition(resampled.count == original.count, "two values a resample")
    guard !resampled.isEmpty else { throw NotEstimable("no resample was computed") }
    guard apparent.isFinite, (resampled + original).allSatisfy(\.isFinite) else {
      throw NotEstimable("a resample has no value")
    }
    self.apparent = apparent
    optimism = zip(resampled, original).reduce(0) { $0 + $1.0 - $1.1 } / Double(resampled.count)
  }
}
