/// Modes of what the daemon puts where the group reads it, set whatever the umask: the group reads and changes nothing.
///
/// What is private (the state folder, claims, drafts) is 0700 and 0600 and has no place here.
public enum PublishedModes {
  /// A folder of the outbox.
  public static let resultFolder: UInt32 = 0o750
  /// A file in it.
  public static let resultFile: UInt32 = 0o640
  /// `status/<study>.txt`.
  public static let statusFile: UInt32 = 0o640
  /// A file or folder of an original that was copied into `done` or `failed`: people may put it away.
  public static let originalFile: UInt32 = 0o660
  public static let originalFolder: UInt32 = 0o770
  /// `inbox`, where people drop; `done`, `failed`, where they may put away.
  public static let sharedFolder: UInt32 = 0o770
  /// `outbox`, `status`: they read.
  public static let readFolder: UInt32 = 0o750
}
