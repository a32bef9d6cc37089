internal import Files
internal import Intake
internal import Jobs

/// An inbox that is mounted read-only is served by copies alone: nothing in it is moved, marked or answered. That a study
/// was taken is in its job's row (`original_at` is `inbox`) with the fingerprint of its listing, which holds inode, size,
/// modification and change time of every file; the digest of its content shows the same study under another name.
///
/// The device's number is no part of it: that of a share is another one after every mount.
extension Service {
  /// Puts on record how the inbox is served from now on.
  func noteReadOnly() throws {
    log.warning(
      isInboxReadOnly
        ? "the inbox is read-only: studies are copied and stay where they are"
        : "the inbox can be written again: studies are moved out of it")
    try record { try store.note(.inboxReadOnly, details: ["read_only": String(isInboxReadOnly)]) }
  }

  /// The inbox was mounted anew, read-only or no longer so. One that can be written again gets what it lacks first.
  func checkAccess(_ scan: Scan) {
    guard scan.isReadOnly != isInboxReadOnly, scan.isReadOnly || scan.hasControl || source.remake() else { return }
    isInboxReadOnly = scan.isReadOnly
    try? noteReadOnly()
  }
}
