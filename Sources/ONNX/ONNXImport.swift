package import Errors
internal import FoundationEssentials
package import Model

extension ErrorCode {
  /// An ONNX file cannot become a bundle: an operation, type or arrangement that is not computed.
  package static let onnx = ErrorCode("E_ONNX", .badInput)
}

/// Makes a bundle from an ONNX file, proved by reference rows.
package struct ONNXImport: Sendable {
  /// `--rows`: cases with the probabilities from the training software, at least five that differ. They become
  /// the bundle's self-test: use synthetic rows, not those of patients.
  ///
  ///     {"rows": [{"features": [numbers in the schema's order], "probability": p}, …]}
  package struct ReferenceRows: Sendable, Decodable {
    package var rows: [SelfTest.Row]

    /// - Throws: `onnx` where the file is malformed.
    package init(_ bytes: [UInt8], file: String) throws {
      do {
        self = try JSONDecoder().decode(ReferenceRows.self, from: Data(bytes))
      } catch let error as DecodingError {
        throw StudyError(
          .onnx, "the reference rows cannot be read: \(error.place)", file: file,
          hint: "{\"rows\": [{\"features\": […], \"probability\": p}, …]}")
      }
    }
  }

  package let contents: BundleContents
  /// Whether the file's weights are single precision.
  package let isFloat32: Bool
  /// Warnings for the user, one sentence each.
  package let warnings: [String]

  /// Largest |dp| of a reference row.
  static let tolerance = 1e-9
  static let floatTolerance = 1e-6
  /// Beyond this |mean / scale| single precision loses digits that affect a probability.
  static let offsetLimit = 1e3

  /// - Parameters:
  ///   - schema: names of the file's input columns.
  ///   - manifest: the facts that only the user knows; its features and steps are filled in.
  ///   - profile: the parameter file with which the training features were extracted.
  /// - Throws: `onnx` for an unrecognised graph, `modelSelfTest` where a reference row is not reproduced.
  package init(
    _ bytes: [UInt8], schema: [String], rows: ReferenceRows, manifest: BundleManifest, profile: [UInt8],
    cohort: Cohort?
  ) throws {
    let pipeline = try ONNXPipeline(bytes, features: schema.count)
    let selfTest = SelfTest(
      rows: try rows.rows.enumerated().map { index, row in
        guard row.features.count == schema.count else {
          throw StudyError(
            .onnx, "reference row \(index) has \(row.features.count) numbers; the schema names \(schema.count)",
            hint: "give every column of the file's input, in the schema's order")
        }
        return SelfTest.Row(features: pipeline.columns.map { row.features[$0] }, probability: row.probability)
      }, tolerance: pipeline.isFloat32 ? Self.floatTolerance : nil)
    try Self.checkRows(selfTest.rows)
    var manifest = manifest
    manifest.features = pipeline.columns.map { schema[$0] }
    manifest.steps = pipeline.steps
    var tensors = pipeline.tensors
    if let variance = cohort?.componentVariance, let step = pipeline.steps.first(where: { $0.op == "pca" }),
      step.whiten != true, variance.count == step.components
    {
      tensors.append(Tensor("pca.explained_variance", [variance.count], variance))
    }
    isFloat32 = pipeline.isFloat32
    warnings = Self.warnings(pipeline, cohort)
    let note = warnings.map { "- \($0)\n" }.joined()
    let card = """
      # \(manifest.name) \(manifest.version)

      Imported from an ONNX file; \(selfTest.rows.count) reference rows are reproduced within \
      \(selfTest.tolerance ?? Self.tolerance).

      \(note)
      Research use only. Not for diagnosis.

      """
    contents = BundleContents(
      manifest: manifest, tensors: tensors, profile: profile, selfTest: selfTest,
      cohort: cohort?.selecting(pipeline.columns, of: schema.count), card: card)
  }

  private static func checkRows(_ rows: [SelfTest.Row]) throws {
    guard rows.count >= SelfTest.fewestRows else {
      throw StudyError(
        .onnx, "there are \(rows.count) reference rows; at least \(SelfTest.fewestRows) are due",
        hint: "an ONNX file is never trusted without rows that it reproduces")
    }
    let probabilities = rows.map(\.probability)
    guard probabilities.allSatisfy({ (0...1).contains($0) }),
      probabilities.max()! - probabilities.min()! > 1e-3
    else {
      throw StudyError(
        .onnx, "the reference rows all have nearly one probability; they prove nothing",
        hint: "give rows on both sides of the threshold")
    }
  }

  private static func warnings(_ pipeline: ONNXPipeline, _ cohort: Cohort?) -> [String] {
    var warnings: [String] = []
    if pipeline.isFloat32 {
      warnings.append("the weights are single precision; export with DoubleTensorType for all digits")
      if pipeline.largestOffset > offsetLimit {
        warnings.append(
          "a feature's mean is \(Int(min(pipeline.largestOffset, 1e15))) times its deviation: in single precision its digits"
            + " are lost, and probabilities may be off by more than 1e-4")
      }
    }
    if pipeline.hadImputer {
      warnings.append("the imputer was left out: a case with a missing feature gets no probability")
    }
    if cohort == nil {
      warnings.append("there is no cohort: how far a case lies from the training cases cannot be told")
    }
    return warnings
  }
}

extension Cohort {
  /// The statistics of some of the features.
  func selecting(_ columns: [Int], of count: Int) -> Cohort {
    guard features.mean.count == count, features.sd.count == count, features.quantiles.count == count else {
      return self
    }
    var cohort = self
    cohort.features.mean = columns.map { features.mean[$0] }
    cohort.features.sd = columns.map { features.sd[$0] }
    cohort.features.quantiles = columns.map { features.quantiles[$0] }
    return cohort
  }
}
