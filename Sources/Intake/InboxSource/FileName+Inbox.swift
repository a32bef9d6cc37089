internal import Errors
package import Files

extension FileName {
  /// A file that operating systems and file servers leave behind: ignored wherever it is.
  package var isJunk: Bool { StudyFileName.isLeftover(bytes) }

  /// A name that copying programs give an unfinished file or folder: it holds the study back.
  package var isInProgress: Bool {
    if bytes[0] == 0x2E || bytes[0] == 0x7E { return true }
    let name = String(decoding: bytes, as: UTF8.self).lowercased()
    return Self.unfinished.contains { name.hasSuffix($0) }
  }

  /// The name without the suffix of an archive (`.zip`, `.tar`, `.tar.gz`, `.tgz`): the study's name.
  package var archiveTitle: FileName? {
    let lower = bytes.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
    for suffix in [".tar.gz", ".tgz", ".tar", ".zip"] where lower.ends(with: suffix) {
      return FileName(Array(bytes.dropLast(suffix.utf8.count)))
    }
    return nil
  }

  /// The file in which a user chooses series, mask and region.
  package var isChoices: Bool { StudyFileName.instructions(bytes) != .no }

  /// The marker of a complete study.
  package var isReadyMarker: Bool { bytes == Array("READY".utf8) }

  private static let unfinished = [".part", ".partial", ".filepart", ".tmp", ".crdownload"]
}

extension [UInt8] {
  fileprivate func ends(with suffix: String) -> Bool { Array(self.suffix(suffix.utf8.count)) == Array(suffix.utf8) }
}
