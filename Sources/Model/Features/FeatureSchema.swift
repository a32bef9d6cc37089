internal import Hashing

/// An ordered list of feature names, one per line in a file such as `etc/schemas/jiao2024-975.txt`.
package struct FeatureSchema: Sendable, Equatable {
  package let names: [String]

  /// - Parameter text: one name per line; empty lines and lines that start with `#` are ignored.
  package init(text: String) {
    names = text.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.hasPrefix("#") }
  }

  /// SHA-256 of the names joined by line feeds: `features_sha256` of a bundle.
  package var sha256: String { Hashing.sha256(names.joined(separator: "\n")) }
}
