/// Writes a file beside its final name and puts it in its place when it is complete and on disk.
///
/// - Throws: `E_IO`.
public func writeFile(_ bytes: [UInt8], to path: String) throws {
  try ReplacedFile.write(to: path) { file in try bytes.withUnsafeBytes { try file.append($0) } }
}
