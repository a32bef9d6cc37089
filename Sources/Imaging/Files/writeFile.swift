/// Writes a file beside its final name and puts it in its place when it is complete and on disk.
///
/// - Parameter durable: false does not wait for the disk: a machine that loses its power may have lost the file.
/// - Throws: `E_IO`.
public func writeFile(_ bytes: [UInt8], to path: String, durable: Bool = true) throws {
  try ReplacedFile.write(to: path, durable: durable) { file in try bytes.withUnsafeBytes { try file.append($0) } }
}
