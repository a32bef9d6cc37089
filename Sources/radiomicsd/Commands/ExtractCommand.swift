import ArgumentParser
import CLinux
import Documents
import Errors
import Files
import Imaging
import Radiomics
import Report
import Research
import Study

/// `radiomicsd extract`: features of an image and a mask, or of a table of them.
struct ExtractCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract",
    abstract: "Compute the features of a region in an image, or of many.",
    discussion: """
      Reads an image and a label map (NIfTI, NRRD or MetaImage; content decides) and prints features with PyRadiomics 3.1.0's names, \
      order and numbers. Files are read in their own storage order, as in PyRadiomics.

      JSON: {"features": {name: number}, "diagnostics": {...}}. CSV: one row; with the profile jiao2024 its 975 columns.

      With --batch a CSV with the columns Image and Mask, and optionally Label and Label_channel, names the cases; paths are \
      relative to it, other columns pass through (a column named like a feature is renamed, with a note). Every case gets a row, in the table's order; radiomicsd_code and radiomicsd_message say \
      why one failed. Ends with 0 where all succeeded, 65 where some failed.

      With --voxel every feature but those of shape is computed around each voxel of the region, as PyRadiomics' \
      --mode voxel does. --output names a folder: it gets a map <image type>_<class>_<feature>.nii.gz of each feature \
      (float64, the region's box and kernelRadius voxels around it) and features.json, which lists them. The profile's \
      section voxelSetting holds kernelRadius (1), maskedKernel (true), initValue (0), voxelBatch.

      With --batch and --voxel --output names a folder as well: it gets a folder case-0001, case-0002, … of maps for each \
      case, and cases.csv (or cases.json) with a row a case: its folder, maps and voxels, or why it failed.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case json, csv }
  enum Names: String, ExpressibleByArgument, CaseIterable { case pyradiomics, ibsi }

  @Option(help: "Image (.nii, .nii.gz, .nrrd).")
  var image: String?

  @Option(help: "Label map (.nii, .nii.gz, .nrrd).")
  var mask: String?

  @Option(help: "A table of cases (CSV) instead of --image and --mask.")
  var batch: String?

  @Option(help: "Label of the region (default: the profile's, otherwise the only one).")
  var label: Int?

  @Option(help: "A built-in profile (jiao2024, ctu-982, pyradiomics-defaults) or a PyRadiomics parameter file.")
  var profile = ExtractionProfile.defaultName

  @Option(help: "json or csv (default: by the extension of --output with --batch, otherwise json).")
  var format: Format?

  @Option(help: "pyradiomics, or ibsi to add IBSI's codes to the names.")
  var names = Names.pyradiomics

  @Option(
    name: .shortAndLong, help: "File to write (default: standard output; needed with --batch), with --voxel a folder.")
  var output: String?

  @Option(help: "Number of threads per case (default: one per processor; with --batch those that --jobs leaves).")
  var threads: Int?

  @Option(help: "With --batch: cases in parallel (default: one per processor).")
  var jobs: Int?

  @Flag(help: "With --batch: keep the rows of an interrupted run.")
  var resume = false

  @Flag(help: "Compute maps of features by voxel into the folder --output.")
  var voxel = false

  @Option(help: "Maximum MiB of memory (default: the available memory).")
  var memoryLimit: Int?

  @Flag(help: "Show an error as a JSON object.")
  var json = false

  func validate() throws {
    try ThreadCount.validate(threads)
    try ThreadCount.validate(jobs)
    if let memoryLimit, !(1...(1 << 30)).contains(memoryLimit) {
      throw ValidationError("--memory-limit takes a number of MiB")
    }
    if batch == nil {
      guard image != nil, mask != nil else { throw ValidationError("--image and --mask are needed, or --batch") }
      if voxel, output == nil || output == "-" || format != nil || names == .ibsi {
        throw ValidationError("--voxel needs --output FOLDER and takes neither --format nor --names")
      }
      if jobs != nil || resume { throw ValidationError("--jobs and --resume belong to --batch") }
    } else {
      if image != nil || mask != nil || label != nil {
        throw ValidationError("--image, --mask and --label do not go with --batch: the table names them")
      }
      guard let output, output != "-" else { throw ValidationError("--batch needs --output") }
      if names == .ibsi { throw ValidationError("--names ibsi does not go with --batch") }
    }
  }

  func run() throws {
    if let output { try voxel ? OutputPath.requireFolder(output) : OutputPath.requireFile(output) }
    let profile = try ExtractionProfile.named(profile)
    if let batch, let output {
      try run(batch, profile, output)
    } else if let image, let mask {
      try run(image, mask, profile)
    }
  }

  /// The heap's growth increment: the need of a large tumour. Its pages are not touched before they are used.
  private static let heapBytes: UInt64 = 256 << 20

  /// Reserves the heap for the extraction; once.
  static func keepHeap() { _ = heap }

  private static let heap: Void = clinux_keep_heap(heapBytes)

  private func run(_ image: String, _ mask: String, _ profile: ExtractionProfile) throws {
    Self.keepHeap()
    let threads = ThreadCount.resolve(threads)
    let input = try ExtractionInput(
      image: image, mask: mask, label: label, profile: profile, threads: threads, ahead: ReadAhead.image)
    for note in input.notes { StandardError.write("radiomicsd: note: \(note)\n") }
    let extractor = Extractor(
      profile: input.profile, threads: threads, memoryLimit: memoryLimit.map { $0 << 20 })
    if voxel, let output {
      let folder = VoxelMapFolder(path: output)
      let bar = ProgressBar()
      let maps = try folder.write(input, extractor: extractor) { bar.show($0, $1) }
      bar.end()
      for note in maps.notes { StandardError.write("radiomicsd: note: \(note)\n") }
      return
    }
    let extraction = try extractor.extract(on: input.geometry, mask: input.mask, uncorrected: input.uncorrected) {
      try input.image
    }
    let bytes: [UInt8]
    switch format ?? .json {
    case .json:
      var document = FeaturesDocument(extraction)
      if names == .ibsi {
        document.codes = document.features.compactMap { feature in IBSICode.of(feature.name).map { (feature.name, $0) }
        }
      }
      bytes = document.json.fileBytes()
    case .csv:
      let columns = extraction.columns(of: input.profile)
      let named = columns.map { column in
        (column.name + (names == .ibsi ? IBSICode.of(column.name).map { " [\($0)]" } ?? "" : ""), column.value)
      }
      var table = FeatureTable(columns: named.map(\.0))
      table.append(
        FeatureTable.Row(study: image, series: image, roi: mask, label: input.mask.label, features: named))
      bytes = table.csvBytes()
    }
    try Output.write(bytes, to: output)
  }

  private func run(_ path: String, _ profile: ExtractionProfile, _ output: String) throws {
    let table = try BatchTable(contentsOf: path)
    let processors = ThreadCount.resolve(nil)
    let jobs = jobs ?? processors
    let batch = Batch(
      table: table, profile: profile, output: output,
      format: (format ?? (output.lowercased().hasSuffix(".json") ? .json : .csv)) == .csv ? .csv : .json, jobs: jobs,
      threads: threads ?? max(1, processors / jobs), memoryLimit: memoryLimit.map { $0 << 20 },
      content: voxel ? .maps : .features)
    let failed = try batch.run(
      resume: resume, note: { StandardError.write("radiomicsd: note: \($0.escapedForLine)\n") },
      progress: { BatchProgress.show($0) })
    guard failed == 0 else { throw ExitCode(ExitStatus.badInput.rawValue) }
  }
}
