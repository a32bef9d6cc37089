import ArgumentParser
import Documents
import Errors
import Files
import Radiomics
import Research
import Study

/// `radiomicsd stability`: which features do not depend on the reader's contour.
struct StabilityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stability",
    abstract: "Change the masks as another reader might, and report which features keep their value.",
    discussion: """
      Each mask is eroded, dilated, shifted by a voxel and redrawn along supervoxels; features are extracted of every \
      version, and ICC(2,1) and ICC(3,1) with 95 % intervals are reported for each (CSV, or JSON by the ending of \
      --output). --stable writes the features that keep --threshold, one a line, as train --stable-features reads them.

      With a single case there is no ICC: only the variation of each feature is reported. Ends with 0 where all cases were \
      computed, 65 where some were left out.
      """)

  enum Criterion: String, ExpressibleByArgument, CaseIterable { case lower, estimate }

  @Option(help: "Image (.nii, .nii.gz, .nrrd).") var image: String?
  @Option(help: "Label map (.nii, .nii.gz, .nrrd).") var mask: String?
  @Option(help: "A table of cases (CSV: Image, Mask, optionally Label) instead of --image and --mask.") var batch:
    String?
  @Option(help: "Label of the region.") var label: Int?
  @Option(help: "A built-in profile or a PyRadiomics parameter file.") var profile = ExtractionProfile.defaultName
  @Option(name: .shortAndLong, help: "File to write, .csv or .json (default: CSV on standard output).") var output:
    String?
  @Option(help: "File for the list of stable features.") var stable: String?
  @Option(help: "Threshold for ICC(2,1).") var threshold = 0.75
  @Option(help: "lower (end of the 95 % interval) or estimate.") var criterion = Criterion.lower
  @Option(help: "Random contours per case, 0 to 100.") var contours = 3
  @Flag(help: "Also shift by a slice.") var acrossSlices = false
  @Option(help: "Seed of the random contours.") var seed: UInt64 = 1
  @Option(help: "Cases in parallel (default: one per processor).") var jobs: Int?
  @Option(help: "Number of threads per case.") var threads: Int?
  @Option(help: "Maximum MiB of memory (default: the available memory).") var memoryLimit: Int?
  @Flag(help: "Show an error as a JSON object.") var json = false

  func validate() throws {
    try ThreadCount.validate(threads)
    try ThreadCount.validate(jobs)
    if let memoryLimit, !(1...(1 << 30)).contains(memoryLimit) {
      throw ValidationError("--memory-limit takes a number of MiB")
    }
    guard (0...100).contains(contours) else { throw ValidationError("--contours takes 0 to 100") }
    guard (0...1).contains(threshold) else { throw ValidationError("--threshold takes 0 to 1") }
    if batch == nil {
      guard image != nil, mask != nil else { throw ValidationError("--image and --mask are needed, or --batch") }
    } else if image != nil || mask != nil || label != nil {
      throw ValidationError("--image, --mask and --label do not go with --batch: the table names them")
    }
  }

  func run() throws {
    for path in [output, stable].compactMap({ $0 }) { try OutputPath.requireFile(path) }
    let cases = try cases()
    let processors = ThreadCount.resolve(nil)
    let jobs = min(jobs ?? processors, max(cases.count, 1))
    let stability = Stability(
      cases: cases, profile: try ExtractionProfile.named(profile),
      perturbations: MaskPerturbation.standard(contours: contours, acrossSlices: acrossSlices), seed: seed, jobs: jobs,
      threads: threads ?? max(1, processors / jobs), memoryLimit: memoryLimit.map { $0 << 20 })
    let report = stability.run { done, total in StandardError.write("radiomicsd: \(done)/\(total) cases\n") }
    let byEstimate = criterion == .estimate
    let names = report.stable(threshold: threshold, byEstimate: byEstimate)
    let asJSON = output?.lowercased().hasSuffix(".json") == true
    try Output.write(
      asJSON
        ? report.jsonBytes(stable: Set(names), threshold: threshold, byEstimate: byEstimate)
        : report.csv(stable: Set(names)), to: output)
    if let stable {
      try Output.write(report.list(names, threshold: threshold, byEstimate: byEstimate), to: stable)
    }
    for item in report.leftOut {
      StandardError.write(
        "radiomicsd: left out: \(item.image.escapedForLine): \(item.code): \(item.message.escapedForLine)\n")
    }
    StandardError.write(
      "radiomicsd: \(names.count) of \(report.features.count) features are stable over \(report.cases) cases"
        + (report.cases < 2 ? " (one case has no ICC)\n" : "\n"))
    guard report.leftOut.isEmpty else { throw ExitCode(ExitStatus.badInput.rawValue) }
  }

  private func cases() throws -> [Stability.Case] {
    guard let batch else { return [Stability.Case(image: image ?? "", mask: mask ?? "", label: label)] }
    return try BatchTable(contentsOf: batch).cases.map { item in
      Stability.Case(
        image: item.image, mask: item.mask, label: try item.labelNumber(), channel: try item.channelNumber())
    }
  }
}
