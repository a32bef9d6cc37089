/// Why a statistic cannot be estimated from a sample: a sentence for the reader of a report.
///
/// Statistics of small cohorts are often undefined (one class only, a variance of zero). Such a result is this value and
/// never NaN, so that no table or file can contain a meaningless number.
package struct NotEstimable: Error, Sendable, Hashable, CustomStringConvertible {
  package let reason: String

  package init(_ reason: String) { self.reason = reason }

  package var description: String { "not estimable: \(reason)" }
}

/// A statistic, or the reason why it cannot be estimated from the sample.
package typealias Estimate<Value> = Result<Value, NotEstimable>

extension Result where Failure == NotEstimable {
  /// The result of the computation, or why it failed.
  package static func of(_ compute: () throws(NotEstimable) -> Success) -> Self {
    do throws(NotEstimable) { return .success(try compute()) } catch { return .failure(error) }
  }

  /// The statistic, nil where it is not estimable.
  package var value: Success? {
    if case .success(let value) = self { value } else { nil }
  }

  /// Why it is not estimable, nil where it is.
  package var reason: String? {
    if case .failure(let error) = self { error.reason } else { nil }
  }
}
