import ArgumentParser
import Documents
import Errors
import Model
import ONNX
import Operations
import Radiomics

extension ModelCommand {
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a bundle as one file, as a folder, or as ONNX.",
      discussion: """
        By the extension of --output: .tar is the bundle as one file (uncompressed, the same bytes every time), .onnx with \
        --onnx the pipeline in double precision, anything else a folder. The bundle is verified first. An ONNX file has the \
        numbers only: no profile, no cohort, no check of its input.
        """)

    @Argument(help: "The model bundle: a folder, or one file.") var bundle: String
    @Option(name: .shortAndLong, help: "The file or folder to write.") var output: String
    @Flag(help: "Write the pipeline as ONNX.") var onnx = false
    @Flag(help: "Print a JSON object.") var json = false

    func run() throws {
      let (form, id) = try BundleExport.write(bundle, to: output, asONNX: onnx)
      if json {
        let object: JSONValue = [
          "written": .string(output), "form": .string(form.rawValue), "sha256": .string(id),
        ]
        print(object.text(.compact))
      } else {
        print("\(output.escapedForLine): written, bundle \(id)")
      }
    }
  }

  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a bundle from an ONNX file, proved by reference rows.",
      discussion: """
        For pipelines that skl2onnx writes from StandardScaler, PCA and MLPClassifier, LogisticRegression or \
        RandomForestClassifier. The file is refused unless every reference row is reproduced (within 1e-9, 1e-6 where its \
        weights are single precision). Reference rows become the bundle's self-test: use synthetic rows.
        """)

    @Argument(help: "The .onnx file.") var file: String
    @Option(help: "Names of the file's input columns, one per line.") var schema: String
    @Option(help: "A built-in profile, or the PyRadiomics parameter file of the training features.") var profile: String
    @Option(help: "Reference rows: {\"rows\": [{\"features\": […], \"probability\": p}, …]}.") var rows: String
    @Option(help: "Statistics of the training cases (cohort.json), for the distance from them.") var cohort: String?
    @Option(name: .shortAndLong, help: "Folder to create.") var output: String
    @Option(help: "The model's name (default: the output's).") var name: String?
    @Option(help: "The model's version.") var modelVersion = "1.0.0"
    @Option(help: "Name of the negative class.") var negative = "negative"
    @Option(help: "Name of the positive class.") var positive = "positive"
    @Option(help: "What the positive class means.") var labelDefinition = "not described"
    @Option(help: "A probability of at least this is called positive.") var threshold = 0.5
    @Option(help: "What the model is for.") var intendedUse = "not described"
    @Option(help: "Time of making, ISO 8601 UTC (default: now); the same time gives the same bytes.") var created:
      String?
    @Flag(help: "Print a JSON object.") var json = false

    func run() throws {
      let manifest = BundleManifest(
        name: name ?? "", version: modelVersion, created: created ?? "", demonstration: false,
        classes: [negative, positive], labelDefinition: labelDefinition, features: [], profileName: profile, steps: [],
        decision: BundleManifest.Decision(threshold: threshold, rule: "given at import"), intendedUse: intendedUse,
        notFor: [])
      var run = BundleImport(
        file: file, schema: schema, profile: profile, rows: rows, output: output, manifest: manifest)
      run.cohort = cohort
      let (bundle, imported) = try run.run { StandardError.write("radiomicsd: note: \($0)\n") }
      if json {
        let object: JSONValue = [
          "written": .string(output), "sha256": .string(bundle.id), "singlePrecision": .bool(imported.isFloat32),
          "selfTestDifference": .number(bundle.selfTestDifference), "warnings": JSONValue(imported.warnings),
        ]
        print(object.text(.compact))
      } else {
        print(
          "\(output.escapedForLine): written, sha256 \(bundle.id), reference rows within \(bundle.selfTestDifference)")
      }
    }
  }

  struct Activate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a bundle the active one of its folder.",
      discussion: """
        Verifies the bundle, then replaces the link 'active' beside it in one step. If the configuration has \
        model: …/active, the daemon uses it from the next job on. Bundles are never changed or removed: the previous one \
        serves again by activating it.
        """)

    @Argument(help: "The bundle, beside 'active'.") var bundle: String
    @OptionGroup var trust: Trust
    @Flag(help: "Print a JSON object.") var json = false

    func run() throws {
      let done = try ActiveModel.activate(bundle, trust: try trust.value())
      if json {
        let object: JSONValue = [
          "active": .string(done.pointer), "name": .string(done.bundle.manifest.name),
          "version": .string(done.bundle.manifest.version), "sha256": .string(done.bundle.id),
          "previous": JSONValue(done.previous),
        ]
        print(object.text(.compact))
      } else {
        print(
          "\(done.pointer.escapedForLine): \(done.bundle.manifest.name) \(done.bundle.manifest.version)"
            + (done.previous.map { ", before: \($0.escapedForLine)" } ?? ""))
      }
    }
  }
}
