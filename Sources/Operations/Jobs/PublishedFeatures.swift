internal import Foundation
internal import Hashing
package import Jobs
internal import Model

/// What jobs measured, read from the outbox where it still is what was recorded: the cases that `radiomicsd drift` holds
/// against a cohort.
package struct PublishedFeatures {
  /// One dictionary per case, by feature.
  package private(set) var cases: [[String: Double]] = []
  /// Jobs whose features are gone, are not the recorded ones any more, or lack a wanted one.
  package private(set) var unreadable = 0

  /// - Parameter names: the features that are wanted.
  package init(of jobs: some Sequence<(job: Job, result: ResultRecord?)>, outbox: String, names: [String]) {
    for (job, result) in jobs {
      if let numbers = Self.features(outbox, job.publishedAs, result?.featuresSHA256, names) {
        cases.append(numbers)
      } else {
        unreadable += 1
      }
    }
  }

  private static func features(
    _ outbox: String, _ name: String?, _ sha256: String?, _ names: [String]
  ) -> [String: Double]? {
    guard let name, let sha256 else { return nil }
    let path = "\(outbox)/\(name)/features.json"
    guard let data = FileManager.default.contents(atPath: path), Hashing.sha256(Array(data)) == sha256,
      let record = try? FeatureFile(bytes: Array(data), file: path).records.first
    else { return nil }
    return try? record.numbers(for: names)
  }
}
