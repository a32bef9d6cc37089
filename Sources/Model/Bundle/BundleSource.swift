/// Where a bundle's files are read from: a folder, or one file that contains them all.
protocol BundleSource: ~Copyable {
  /// For messages only.
  var path: String { get }
  /// Names of all entries, sorted. Stops with an error beyond `limit` entries.
  borrowing func entries(limit: Int) throws -> [String]
  /// The bytes of one file.
  ///
  /// - Throws: `modelMissing` for an absent `bundle.json`; `modelFiles` where another is absent, is not a regular file,
  ///   or is larger than `limit` bytes.
  borrowing func read(_ name: String, limit: Int) throws -> [UInt8]
}
