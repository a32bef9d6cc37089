internal import Documents

/// The stage of a study's computation, for progress and timings.
package enum Stage: String, Sendable, CaseIterable {
  /// Scanning the folder and pairing series and mask.
  case reading
  /// DICOM to volume, mask onto its grid, both to NIfTI.
  case converting
  case features
  case model
  /// Writing the result's files.
  case writing
}

/// Seconds by stage, and progress at the start of each stage.
struct StageTimings {
  private let progress: @Sendable (Stage, Double) -> Void
  private let clock = ContinuousClock()
  private var begins: [(stage: Stage, instant: ContinuousClock.Instant)] = []

  init(_ progress: @escaping @Sendable (Stage, Double) -> Void) { self.progress = progress }

  mutating func begin(_ stage: Stage) {
    begins.append((stage, clock.now))
    progress(stage, 0)
  }

  /// Seconds by stage, to the millisecond; the last one until now.
  func json() -> JSONObject {
    var object = JSONObject()
    for (i, begin) in begins.enumerated() {
      let end = i + 1 < begins.count ? begins[i + 1].instant : clock.now
      object.append(begin.stage.rawValue, .number(seconds(begin.instant.duration(to: end))))
    }
    if let first = begins.first { object.append("total", .number(seconds(first.instant.duration(to: clock.now)))) }
    return object
  }

  private func seconds(_ duration: Duration) -> Double {
    ((Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18) * 1000).rounded() / 1000
  }
}
