internal import Errors

/// One name in a folder, as the bytes it has on disk. Names are never compared as text: two names that look alike
/// (composed and decomposed letters) are two names, and a name need not be text at all.
public struct FileName: Sendable, Hashable {
  public let bytes: [UInt8]

  /// Nil for bytes that cannot be a name: none, `.`, `..`, more than 255 bytes, or with `/` or NUL in them.
  public init?(_ bytes: [UInt8]) {
    guard !bytes.isEmpty, bytes.count <= 255, bytes != [0x2E], bytes != [0x2E, 0x2E], !bytes.contains(0x2F),
      !bytes.contains(0)
    else { return nil }
    self.bytes = bytes
  }

  public init?(_ text: String) { self.init(Array(text.utf8)) }

  /// The name for people, databases and the outbox: unchanged when it is clean UTF-8, else percent-encoded.
  ///
  /// Names are encoded that have control, formatting or unassigned characters, a leading or trailing blank, a leading
  /// or trailing dot, or bytes that are not UTF-8.
  public var display: String { Self.display(bytes) }

  static func display(_ bytes: [UInt8]) -> String {
    guard let text = String(validating: bytes, as: UTF8.self), isClean(text) else {
      return PercentEncoding.encoded(bytes)
    }
    return text
  }

  /// A path in a study for people: its names, each as `display`, joined with `/`.
  static func display(path: [UInt8]) -> String {
    path.split(separator: 0x2F).map { display(Array($0)) }.joined(separator: "/")
  }

  private static func isClean(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    guard let first = scalars.first, let last = scalars.last, first != " ", first != ".", last != " ", last != "."
    else {
      return false
    }
    return scalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
      default: true
      }
    }
  }
}

extension FileName {
  /// A file that operating systems and file servers leave behind: ignored wherever it is.
  public var isJunk: Bool { StudyFileName.isLeftover(bytes) }

  /// A name that copying programs give an unfinished file or folder: it holds the study back.
  public var isInProgress: Bool {
    if bytes[0] == 0x2E || bytes[0] == 0x7E { return true }
    let name = String(decoding: bytes, as: UTF8.self).lowercased()
    return Self.unfinished.contains { name.hasSuffix($0) }
  }

  /// The name without the suffix of an archive (`.zip`, `.tar`, `.tar.gz`, `.tgz`): the study's name.
  public var archiveTitle: FileName? {
    let lower = bytes.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
    for suffix in [".tar.gz", ".tgz", ".tar", ".zip"] where lower.ends(with: suffix) {
      return FileName(Array(bytes.dropLast(suffix.utf8.count)))
    }
    return nil
  }

  /// The file in which a user chooses series, mask and region.
  public var isChoices: Bool { StudyFileName.instructions(bytes) != .no }

  /// The marker of a complete study.
  public var isReadyMarker: Bool { bytes == Array("READY".utf8) }

  private static let unfinished = [".part", ".partial", ".filepart", ".tmp", ".crdownload"]
}

extension [UInt8] {
  fileprivate func ends(with suffix: String) -> Bool { Array(self.suffix(suffix.utf8.count)) == Array(suffix.utf8) }
}
