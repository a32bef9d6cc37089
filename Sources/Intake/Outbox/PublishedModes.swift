/// Modes of the files and folders that the group may read, set whatever the umask: the group reads and changes nothing.
///
/// Private files (the state folder, claims, drafts) have 0700 and 0600 and are not listed here.
package enum PublishedModes {
  /// A folder of the outbox.
  package static let resultFolder: UInt32 = 0o750
  /// A file in it.
  package static let resultFile: UInt32 = 0o640
  /// `status/<study>.txt`.
  package static let statusFile: UInt32 = 0o640
  /// A file or folder of an original that was copied into `done` or `failed`: people may put it away.
  package static let originalFile: UInt32 = 0o660
  package static let originalFolder: UInt32 = 0o770
  /// `inbox`, where people drop; `done`, `failed`, where they may put away.
  package static let sharedFolder: UInt32 = 0o770
  /// `outbox`, `status`: they read.
  package static let readFolder: UInt32 = 0o750
}
