internal import Files
internal import Model
internal import ONNX

/// A verified bundle in another form: what `radiomicsd model export` does.
package enum BundleExport {
  /// `folder`, `file` or `onnx`.
  package enum Form: String, Sendable {
    case folder, file, onnx
  }

  /// Writes the bundle: as ONNX where that is asked for, as one file where the name ends in `.tar`, else as a folder.
  ///
  /// - Returns: the form, and the bundle's id.
  /// - Throws: what loading the bundle throws, `E_IO`.
  package static func write(_ path: String, to output: String, asONNX: Bool) throws -> (form: Form, id: String) {
    let copy = try BundleCopy(contentsOf: path)
    if asONNX {
      try writeFile(copy.bundle.onnx(), to: output)
      return (.onnx, copy.bundle.id)
    }
    if output.lowercased().hasSuffix(".tar") {
      try writeFile(try copy.archive(), to: output)
      return (.file, copy.bundle.id)
    }
    try copy.write(to: output)
    return (.folder, copy.bundle.id)
  }
}
