/// A bundle's unchanged files, to write them elsewhere: nothing is generated, so the copy has the same id.
package struct BundleCopy: Sendable {
  package let bundle: ModelBundle
  let files: [String: [UInt8]]

  /// Reads and verifies a bundle, and keeps every file.
  ///
  /// - Throws: the errors of loading.
  package init(contentsOf path: String) throws {
    let files =
      try BundleArchive.isFile(path) ? Self.all(BundleArchive(contentsOf: path)) : Self.all(BundleFolder(path: path))
    // The verified bytes are those that were read and will be written.
    bundle = try ModelBundle(files: files, path: path)
    self.files = files
  }

  /// The bundle as one file: uncompressed ustar, the same bytes whenever it is made.
  package func archive() throws -> [UInt8] { try BundleArchive.encode(files) }

  /// Writes the bundle as a folder.
  ///
  /// - Throws: `bundleExists`, `io`.
  package func write(to folder: String) throws { try BundleWriter.write(files, to: folder) }

  private static func all<Source: BundleSource & ~Copyable>(_ source: consuming Source) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try source.entries(limit: BundleManifest.fileLimit + 2) {
      let limit = BundleManifest.requiredFiles[name] ?? BundleManifest.optionalFiles[name]
      files[name] = try source.read(name, limit: limit ?? BundleManifest.otherFileLimit)
    }
    return files
  }
}
