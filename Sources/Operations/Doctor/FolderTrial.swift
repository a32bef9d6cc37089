internal import CLinux
internal import Glibc

/// Makes, renames and deletes something in a folder: permissions, access lists and a share's rules are believed for what
/// they let happen.
enum FolderTrial {
  static func run(_ name: String, _ path: String, _ about: stat) -> Finding {
    let check = "\(name).writable"
    // Hidden, so that the daemon takes it for nothing.
    let draft = "\(path)/.radiomicsd-doctor-\(getpid())"
    let final = draft + "-2"
    defer {
      for place in [draft, final] {
        unlink(place + "/file")
        rmdir(place)
      }
    }
    func failure(_ what: String) -> Finding {
      let reason = String(cString: strerror(errno))
      return Finding(
        check, .fail, "\(path): cannot \(what) as user \(geteuid()): \(reason)",
        "give the daemon's user or its group rwx on the folder; run doctor as that user")
    }
    guard mkdir(draft, 0o770) == 0 else {
      guard errno == EROFS, name == "inbox" else { return failure("make a folder") }
      return Finding(
        check, .warn, "\(path) is read-only: studies are copied and stay there", "mount it writable to have them moved")
    }
    let file = open(draft + "/file", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o660)
    guard file >= 0 else { return failure("make a file") }
    let isSynced = write(file, "x", 1) == 1 && fsync(file) == 0
    close(file)
    guard isSynced else { return failure("write to disk") }
    let renamed = draft.withCString { from in final.withCString { clinux_rename_noreplace(from, $0) } }
    guard renamed == 0 else {
      errno = -renamed
      return failure("rename")
    }
    let group = FolderChecks.about(final + "/file")?.st_gid
    guard unlink(final + "/file") == 0, rmdir(final) == 0 else { return failure("delete") }
    if about.st_mode & UInt32(S_ISGID) != 0, group != about.st_gid {
      return Finding(
        check, .warn, "files do not take the folder's group", "the share ignores setgid: use force group = … (Samba)")
    }
    return Finding(check, .ok, "make, rename, delete: done in \(path)")
  }
}
