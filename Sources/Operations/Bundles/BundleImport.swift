internal import Errors
internal import Foundation
package import Model
package import ONNX
internal import Radiomics

/// A bundle made of an ONNX file and proved by reference rows: what `radiomicsd model import` does.
package struct BundleImport {
  /// The ONNX file.
  package var file: String
  /// File with the names of its input columns.
  package var schema: String
  /// A built-in profile or a parameter file.
  package var profile: String
  /// File with the reference rows.
  package var rows: String
  /// File with the training cases' statistics; nil for none.
  package var cohort: String?
  /// Folder to make.
  package var output: String
  /// What only the caller knows. An empty name takes the output's; an empty time is now.
  package var manifest: BundleManifest

  package init(
    file: String, schema: String, profile: String, rows: String, output: String, manifest: BundleManifest
  ) {
    self.file = file
    self.schema = schema
    self.profile = profile
    self.rows = rows
    self.output = output
    self.manifest = manifest
  }

  /// - Parameter note: what the caller should know, a sentence at a time, before the bundle is written.
  /// - Throws: `E_NOT_FOUND`, `E_ONNX`, `E_PROFILE`, what `ONNXImport` throws, `E_IO`.
  package func run(note: (String) -> Void = { _ in }) throws -> (bundle: ModelBundle, imported: ONNXImport) {
    let bytes = try Self.read(file, limit: 64 << 20)
    let names = FeatureSchema(text: String(decoding: try Self.read(schema, limit: 16 << 20), as: UTF8.self)).names
    let reference = try ONNXImport.ReferenceRows(try Self.read(rows, limit: 64 << 20), file: rows)
    let settings = try ExtractionProfile.named(profile)
    let statistics = try cohort.map { path in
      try Cohort(json: try Self.read(path, limit: 64 << 20), file: path)
    }
    var manifest = manifest
    if manifest.name.isEmpty {
      let own = output.split(separator: "/").last.map(String.init) ?? "imported"
      manifest.name = own.hasSuffix(".bundle") ? String(own.dropLast(7)) : own
    }
    if manifest.created.isEmpty { manifest.created = Date().formatted(.iso8601) }
    manifest.profile.name = settings.name
    let imported = try ONNXImport(
      bytes, schema: names, rows: reference, manifest: manifest, profile: Array(settings.text.utf8),
      cohort: statistics)
    for warning in imported.warnings { note(warning) }
    return (try imported.contents.write(to: output), imported)
  }

  private static func read(_ path: String, limit: Int) throws -> [UInt8] {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw StudyError(.notFound, "the file cannot be opened", file: path, hint: "check path and permissions")
    }
    guard let data = try? handle.read(upToCount: limit + 1), data.count <= limit else {
      throw StudyError(.onnx, "the file cannot be read, or has more than \(limit) bytes", file: path)
    }
    return Array(data)
  }
}
