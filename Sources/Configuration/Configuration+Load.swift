internal import Documents
package import Errors
internal import Foundation
internal import Yams

extension ErrorCode {
  /// The configuration file is missing, not YAML, or has an unknown key or an invalid value.
  package static let configuration = ErrorCode("E_CONFIG", .configuration)
}

extension Configuration {
  /// All keys.
  package static let keys = [
    "inbox", "outbox", "state", "done", "failed", "status", "model", "profile", "roi", "phase", "window",
    "report_language", "max_jobs",
    "threads_per_job",
    "time_limit_seconds", "memory_limit_mb", "memory_budget_mb", "settle_seconds", "rescan_seconds", "stall_seconds",
    "incomplete_seconds", "retry_seconds",
    "max_attempts", "crash_limit", "crash_probe_seconds", "stop_seconds", "archive_max_entries", "archive_max_mb",
    "archive_max_ratio", "originals", "log_level", "sandbox", "metrics_socket", "reserve_mb",
    "state_permissions",
  ]

  /// Where commands search for the configuration by default: the system's, then the checkout's.
  package static let standardPaths = ["/etc/radiomicsd/radiomicsd.yaml", "etc/radiomicsd.yaml"]

  /// The configuration file of a command: the named one, otherwise the first of `standardPaths` that exists.
  ///
  /// - Throws: `E_CONFIG` when none is named and none exists.
  package static func locate(_ named: String?) throws(StudyError) -> String {
    if let named { return named }
    for path in standardPaths where FileManager.default.fileExists(atPath: path) { return path }
    throw StudyError(
      .configuration, "there is no configuration file at \(standardPaths.joined(separator: " or "))",
      hint: "name one with --config")
  }

  /// Reads a configuration file. Relative paths in it are relative to the folder of the file.
  ///
  /// - Throws: `E_CONFIG`, with key and line, for a file that cannot be read, is not YAML, has an unknown key, a value
  ///   out of its range, or folders inside one another (a result would come in as a study).
  ///
  /// - Parameter copy: read the text from this file, as if it were at `path`.
  package static func load(_ path: String, copy: String? = nil) throws(StudyError) -> Configuration {
    guard let data = FileManager.default.contents(atPath: copy ?? path) else {
      throw StudyError(
        .configuration, "the configuration cannot be read", file: path, hint: "check path and permissions")
    }
    guard data.count <= 1 << 20, let text = PlainText.decode(data) else {
      throw StudyError(.configuration, "the configuration is not a text of at most 1 MiB", file: path)
    }
    return try parse(text, path: path)
  }

  /// Reads the text of a configuration file that is, or would be, at `path`.
  package static func parse(_ text: String, path: String) throws(StudyError) -> Configuration {
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw StudyError(
        .configuration, "not YAML: \("\(error)".split(separator: "\n").first ?? "")", file: path,
        hint: "check the file's indentation and colons")
    } catch {
      throw StudyError(.configuration, "not YAML", file: path)
    }
    var result = Configuration()
    // Workers start in a folder of their own: the path must be valid there too.
    result.path = URL(fileURLWithPath: path).standardizedFileURL.path
    result.text = text
    guard let node, node.null == nil else { return result }
    var reader = try MappingReader(node, MappingReader.Source(path, .configuration))
    try result.read(&reader, base: URL(fileURLWithPath: path).deletingLastPathComponent())
    try reader.finish(known: keys)
    try result.checkFolders()
    return result
  }

  private mutating func read(_ reader: inout MappingReader, base: URL) throws(StudyError) {
    func resolved(_ path: String?) -> String? {
      path.map { URL(fileURLWithPath: $0, relativeTo: base).standardizedFileURL.path }
    }
    inbox = resolved(try reader.text("inbox"))
    outbox = resolved(try reader.text("outbox"))
    state = resolved(try reader.text("state"))
    statePermissions = try reader.choice("state_permissions") ?? statePermissions
    done = resolved(try reader.text("done"))
    failed = resolved(try reader.text("failed"))
    status = resolved(try reader.text("status"))
    if reader.holdsMapping("model"), var choice = try reader.nested("model") {
      model = resolved(try choice.text("bundle"))
      shadowModel = resolved(try choice.text("shadow"))
      outOfDistribution = try choice.choice("out_of_distribution") ?? outOfDistribution
      requireSignature = try choice.truth("require_signature") ?? false
      trustedKeys = try choice.texts("trusted_keys") ?? []
      try choice.finish(known: ["bundle", "shadow", "out_of_distribution", "require_signature", "trusted_keys"])
    } else {
      model = resolved(try reader.text("model"))
    }
    if let name = try reader.text("profile") {
      profile = name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") ? resolved(name) : name
    }
    if var region = try reader.nested("roi") {
      roi.names = try region.texts("names") ?? []
      roi.label = try region.integer("label", in: 1...Int(Int32.max))
      let union: LabelUnion? = try region.choice("labels")
      roi.union = union != nil
      try region.finish(known: ["names", "label", "labels"])
    }
    if let pattern = try reader.text("phase") {
      guard pattern.count <= 256, (try? Regex(pattern)) != nil else {
        throw StudyError(
          .configuration, "phase is not a regular expression of at most 256 characters", file: path,
          hint: "for example phase: \"excret|delay\"")
      }
      phase = pattern
    }
    reportLanguage = try reader.choice("report_language") ?? reportLanguage
    window = try reader.window("window") ?? window
    maxJobs = try reader.integer("max_jobs", in: 1...256) ?? maxJobs
    threadsPerJob = try reader.integer("threads_per_job", in: 0...1024) ?? threadsPerJob
    timeLimit = try reader.seconds("time_limit_seconds", in: 0.1...604_800) ?? timeLimit
    memoryLimit = try reader.integer("memory_limit_mb", in: 0...16_777_216) ?? memoryLimit
    memoryBudget = try reader.integer("memory_budget_mb", in: 0...16_777_216) ?? memoryBudget
    sandbox = try reader.choice("sandbox") ?? sandbox
    settle = try reader.seconds("settle_seconds", in: 0.05...86400) ?? settle
    rescan = try reader.seconds("rescan_seconds", in: 0.1...86400) ?? rescan
    stall = try reader.seconds("stall_seconds", in: 0.1...86400) ?? stall
    incomplete = try reader.seconds("incomplete_seconds", in: 0.1...2_592_000) ?? 12 * settle
    retry = try reader.secondsList("retry_seconds", in: 0...86400) ?? retry
    maxAttempts = try reader.integer("max_attempts", in: 1...100) ?? maxAttempts
    crashLimit = try reader.integer("crash_limit", in: 1...1000) ?? crashLimit
    crashProbe = try reader.seconds("crash_probe_seconds", in: 0.1...86400) ?? crashProbe
    stopGrace = try reader.seconds("stop_seconds", in: 0...3600) ?? stopGrace
    metricsSocket = resolved(try reader.text("metrics_socket"))
    reserve = try reader.integer("reserve_mb", in: 0...16_777_216) ?? reserve
    archiveEntries = try reader.integer("archive_max_entries", in: 1...1_000_000) ?? archiveEntries
    archiveMegabytes = try reader.integer("archive_max_mb", in: 1...1_048_576) ?? archiveMegabytes
    archiveRatio = try reader.integer("archive_max_ratio", in: 2...100_000) ?? archiveRatio
    originals = try reader.choice("originals") ?? originals
    logLevel = try reader.choice("log_level") ?? logLevel
  }
}

private enum LabelUnion: String, CaseIterable {
  case union
}
