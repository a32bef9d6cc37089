package import Errors

extension ErrorCode {
  /// The features of several jobs do not fit into one table: different profiles, or different columns.
  package static let mixedFeatures = ErrorCode("E_MIXED_FEATURES", .badInput)
  /// No selected job has features.
  package static let noFeatures = ErrorCode("E_NO_FEATURES", .inputMissing)
}

/// The jobs whose features form one table: one row per case, all measured with one profile.
///
/// Left out are jobs without a result (refused, failed, cancelled, waiting, duplicates of another), and results that a
/// later one replaced, or whose original changed after they were published: of several jobs with one study name, or
/// with the same content and the same choices, the latest stays.
package struct FeatureSelection: Sendable {
  package struct Profile: Sendable, Hashable {
    package var name: String
    /// Of the parameter file's bytes.
    package var sha256: String
  }

  /// In order of admission.
  package let jobs: [(job: Job, result: ResultRecord)]
  package let profile: Profile
  /// Replaced by a later job, in order of admission.
  package let superseded: [Job]
  /// Jobs that have no result.
  package let withoutResult: Int
  /// Jobs of a profile that was not requested.
  package let ofOtherProfiles: Int

  /// - Parameters:
  ///   - jobs: in order of admission.
  ///   - profile: name of the profile, or the beginning of its SHA-256 (8 digits or more); nil: there must be only one.
  ///   - keepsSuperseded: whether replaced results stay.
  /// - Throws: `E_MIXED_FEATURES` naming the profiles where there are several, `E_NO_FEATURES`.
  package init(
    _ jobs: [(job: Job, result: ResultRecord?)], profile wanted: String? = nil, keepsSuperseded: Bool = false
  ) throws {
    let measured = jobs.compactMap { job, result -> (job: Job, result: ResultRecord)? in
      guard job.state == .done, let result, result.featuresSHA256 != nil, result.profileSHA256 != nil else {
        return nil
      }
      return (job, result)
    }
    withoutResult = jobs.count - measured.count
    let chosen = measured.filter { Self.fits($0.result, wanted) }
    ofOtherProfiles = measured.count - chosen.count
    profile = try Self.oneProfile(of: chosen.map(\.result), wanted, measured: measured.map(\.result))

    var names: Set<[UInt8]> = []
    var contents: Set<String> = []
    var kept: [(job: Job, result: ResultRecord)] = []
    var replaced: [Job] = []
    for (job, result) in chosen.reversed() {
      let isNew =
        !job.hasChangedOriginal && !names.contains(job.studyBytes)
        && Self.content(job).map { !contents.contains($0) } ?? true
      if isNew || keepsSuperseded { kept.append((job, result)) } else { replaced.append(job) }
      names.insert(job.studyBytes)
      Self.content(job).map { _ = contents.insert($0) }
    }
    self.jobs = kept.reversed()
    superseded = replaced.reversed()
  }

  /// The content of a computation: the input, and an operator's choices in it.
  private static func content(_ job: Job) -> String? {
    job.inputDigest.map { digest in
      let choices = job.choices
      return [digest, choices?.series, choices?.mask, choices?.roi, choices?.anyNumber.map { "\($0)" }]
        .map { $0 ?? "" }.joined(separator: "\u{0}")
    }
  }

  private static func fits(_ result: ResultRecord, _ wanted: String?) -> Bool {
    guard let wanted else { return true }
    return result.profileName == wanted || (wanted.count >= 8 && result.profileSHA256?.hasPrefix(wanted) == true)
  }

  private static func oneProfile(
    of results: [ResultRecord], _ wanted: String?, measured: [ResultRecord]
  ) throws -> Profile {
    let found = counts(results)
    guard let first = found.first else {
      let others = counts(measured).map(\.text).joined(separator: "; ")
      throw StudyError(
        .noFeatures,
        wanted.map { "no done job was measured with the profile \($0)" } ?? "none of these jobs has a result",
        hint: others.isEmpty ? "see radiomicsd jobs list" : "there are: \(others)")
    }
    guard found.count == 1 else {
      throw StudyError(
        .mixedFeatures,
        "the jobs were measured with \(found.count) profiles: \(found.map(\.text).joined(separator: "; "))",
        hint: "one table holds one profile: choose with --profile, by name or by the beginning of the SHA-256")
    }
    return first.profile
  }

  /// Profiles in the order of their first job.
  private static func counts(_ results: [ResultRecord]) -> [(profile: Profile, text: String)] {
    var order: [Profile] = []
    var counts: [Profile: Int] = [:]
    for result in results {
      // The bytes identify the profile; a file's name does not.
      let sha256 = result.profileSHA256 ?? ""
      let known = order.first { $0.sha256 == sha256 }
      let profile = known ?? Profile(name: result.profileName ?? "", sha256: sha256)
      if known == nil { order.append(profile) }
      counts[profile, default: 0] += 1
    }
    return order.map { profile in
      let n = counts[profile, default: 0]
      return (profile, "\(profile.name) (\(profile.sha256.prefix(12))), \(n) job\(n == 1 ? "" : "s")")
    }
  }
}
