internal import Documents

/// All jobs as one table: one row per job, with its prediction.
package enum JobTable {
  private typealias Entry = (job: Job, result: ResultRecord?)

  private static let table = Table<Entry>([
    Column("job") { $0.job.id.text },
    Column("study") { $0.job.study },
    Column("state") { $0.job.state.rawValue },
    Column("created") { $0.job.created.description },
    Column("started") { $0.job.started?.description },
    Column("finished") { $0.job.finished?.description },
    Column("attempts") { $0.job.attempt },
    Column("probability") { $0.result?.probability },
    Column("positive") { $0.result?.positive },
    Column("threshold") { $0.result?.threshold },
    Column("outside_cohort") { $0.result?.isOutsideCohort },
    Column("withheld") { $0.result?.facts["withheld"] },
    Column("model") { $0.result?.modelName },
    Column("model_version") { $0.result?.modelVersion },
    Column("model_sha256") { $0.result?.modelSHA256 },
    Column("demonstration") { $0.result?.demonstration },
    Column("profile") { $0.result?.profileName },
    Column("features") { $0.result?.featureCount },
    Column("features_sha256") { $0.result?.featuresSHA256 },
    Column("manifest_sha256") { $0.result?.manifestSHA256 },
    Column("input_digest") { $0.job.inputDigest },
    Column("input_files") { $0.job.inputFiles },
    Column("input_bytes") { $0.job.inputBytes },
    Column("published_as") { $0.job.publishedAs },
    Column("error_code") { $0.job.error?.code },
    Column("error_message") { $0.job.error?.message },
  ])

  package static var header: [String] { table.header }

  /// The table as RFC 4180 text with a header line.
  package static func csv(_ jobs: [(job: Job, result: ResultRecord?)]) -> String { table.csv(jobs) }
}
