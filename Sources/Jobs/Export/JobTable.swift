/// All jobs as one table: a row a job, with its prediction.
public enum JobTable {
  public static let header = [
    "job", "study", "state", "created", "started", "finished", "attempts", "probability", "positive", "threshold",
    "model", "model_version", "model_sha256", "demonstration", "profile", "features", "features_sha256",
    "manifest_sha256", "input_digest", "input_files", "input_bytes", "published_as", "error_code", "error_message",
  ]

  /// The table as RFC 4180 text with a header line.
  public static func csv(_ jobs: [(job: Job, result: ResultRecord?)]) -> String {
    var text = CSV.line(header.map(CSV.Cell.text))
    for (job, result) in jobs { text += CSV.line(cells(job, result)) }
    return text
  }

  private static func cells(_ job: Job, _ result: ResultRecord?) -> [CSV.Cell] {
    [
      .text(job.id.text), .text(job.study), .text(job.state.rawValue), .text(job.created.description),
      CSV.Cell(job.started?.description), CSV.Cell(job.finished?.description), .integer(Int64(job.attempt)),
      CSV.Cell(result?.probability), CSV.Cell(result?.positive), CSV.Cell(result?.threshold),
      CSV.Cell(result?.modelName), CSV.Cell(result?.modelVersion), CSV.Cell(result?.modelSHA256),
      CSV.Cell(result?.demonstration), CSV.Cell(result?.profileName), CSV.Cell(result?.featureCount),
      CSV.Cell(result?.featuresSHA256), CSV.Cell(result?.manifestSHA256), CSV.Cell(job.inputDigest),
      CSV.Cell(job.inputFiles), CSV.Cell(job.inputBytes), CSV.Cell(job.publishedAs), CSV.Cell(job.error?.code),
      CSV.Cell(job.error?.message),
    ]
  }
}
