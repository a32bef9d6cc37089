package import Errors

extension ErrorCode {
  /// The model bundle, or its `bundle.json`, is missing.
  package static let modelMissing = ErrorCode("E_MODEL_MISSING", .configuration)
  /// The bundle's files are not those that `bundle.json` lists: one is absent, unlisted, a link, or too large.
  package static let modelFiles = ErrorCode("E_MODEL_FILES", .configuration)
  /// A file of the bundle is not the one that was frozen: its SHA-256 or its size differs.
  package static let modelHash = ErrorCode("E_MODEL_HASH", .configuration)
  /// A JSON file of the bundle is malformed, of another schema, or contradicts itself.
  package static let modelSchema = ErrorCode("E_MODEL_SCHEMA", .configuration)
  /// The bundle uses a step, activation or type that this version does not compute.
  package static let modelUnsupported = ErrorCode("E_MODEL_UNSUPPORTED", .configuration)
  /// The weights file is not a well-formed safetensors file, or lacks a tensor.
  package static let modelWeights = ErrorCode("E_MODEL_WEIGHTS", .configuration)
  /// The shapes of the weights do not lead from the features to one probability.
  package static let modelShape = ErrorCode("E_MODEL_SHAPE", .configuration)
  /// A weight or statistic is NaN, infinite, or not positive where it must be.
  package static let modelNumbers = ErrorCode("E_MODEL_NUMBERS", .configuration)
  /// The model does not reproduce the probabilities of its own self-test.
  package static let modelSelfTest = ErrorCode("E_MODEL_SELFTEST", .configuration)
  /// A signature is absent, by an unknown key, or not of this bundle.
  package static let modelSignature = ErrorCode("E_MODEL_SIGNATURE", .configuration)
  /// The features were extracted with a profile other than the model's.
  package static let modelProfile = ErrorCode("E_MODEL_PROFILE", .configuration)
}

/// Hint of every refusal that means the files on disk are not the frozen ones.
let restoreHint = "restore the bundle from where it was released; do not edit its files"
