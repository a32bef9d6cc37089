internal import CLinux
internal import Configuration
internal import FoundationEssentials
internal import Glibc

/// The six folders: their file systems, who may enter, how much room there is.
enum FolderChecks {
  static func all(_ folders: Folders, _ permissions: StatePermissions) -> [Finding] {
    let shared = [
      ("inbox", folders.inbox), ("outbox", folders.outbox), ("done", folders.done), ("failed", folders.failed),
      ("status", folders.status),
    ]
    var findings: [Finding] = []
    for (name, path) in shared + [("state", folders.state)] {
      guard let about = Self.about(path) else {
        findings.append(Finding(name, .warn, "\(path) is not there", "serve makes it; or check the path"))
        continue
      }
      guard about.st_mode & S_IFMT == S_IFDIR else {
        findings.append(Finding(name, .fail, "\(path) is not a folder", "name a folder"))
        continue
      }
      findings += [FileSystemChecks.finding(name, path), FolderTrial.run(name, path, about), space(name, path)]
      if name == "state" { findings.append(privacy(path, about, permissions)) }
      if name == "inbox" { findings += sharing(path, about) }
    }
    findings.append(sameFileSystem(folders))
    return findings
  }

  static func about(_ path: String) -> stat? {
    var about = stat()
    return stat(path, &about) == 0 ? about : nil
  }

  private static func space(_ name: String, _ path: String) -> Finding {
    var about = statvfs()
    guard statvfs(path, &about) == 0 else { return Finding("\(name).space", .warn, "cannot be asked", "") }
    let free = Double(about.f_bavail) * Double(about.f_frsize) / 1e9
    let inodes = about.f_files == 0 ? nil : about.f_favail
    let text = "\((free * 10).rounded() / 10) GB free" + (inodes.map { ", \($0) inodes" } ?? "")
    let isTight = free < 5 || inodes.map { $0 < 20_000 } ?? false
    let isFull = free < 0.5 || inodes.map { $0 < 1000 } ?? false
    return Finding(
      "\(name).space", isFull ? .fail : isTight ? .warn : .ok, text,
      isTight ? "free space: a study takes up to three times its size while it is computed" : "")
  }

  /// Copies of studies and the record lie there.
  private static func privacy(_ path: String, _ about: stat, _ permissions: StatePermissions) -> Finding {
    let mode = about.st_mode & 0o777
    let isRefused = permissions == .ownerOnly
    return Finding(
      "state.permissions", mode & 0o077 == 0, "mode \(String(mode, radix: 8)), owner \(about.st_uid)",
      else: isRefused || mode & 0o007 != 0 ? .fail : .warn,
      "chmod 0700 \(path): copies of studies lie there" + (isRefused ? "; serve does not start" : ""))
  }

  /// A dropped study must belong to a group of the daemon, which could not move it otherwise.
  private static func sharing(_ path: String, _ about: stat) -> [Finding] {
    let group = getgrgid(about.st_gid).map { String(cString: $0.pointee.gr_name) } ?? "\(about.st_gid)"
    let isShared = about.st_mode & 0o020 != 0
    let isSetgid = about.st_mode & UInt32(S_ISGID) != 0
    let mode = String(about.st_mode & 0o7777, radix: 8)
    var groups = [gid_t](repeating: 0, count: 256)
    let count = getgroups(256, &groups)
    let isMember = getegid() == about.st_gid || groups.prefix(max(0, Int(count))).contains(about.st_gid)
    return [
      Finding(
        "inbox.setgid", isSetgid || !isShared, "mode \(mode), group \(group)", else: .warn,
        "chmod g+s: else what people drop belongs to their own groups, and the daemon may not move it"),
      Finding(
        "inbox.group", isMember || geteuid() == 0,
        isMember ? "this user is in \(group)" : "this user is not in \(group)", else: .warn,
        "run doctor as the daemon's user; add that user to the group"),
    ]
  }

  private static func sameFileSystem(_ folders: Folders) -> Finding {
    let devices = [folders.inbox, folders.done, folders.failed].map { about($0)?.st_dev }
    let isSame = devices.allSatisfy { $0 == nil || $0 == devices[0] }
    return Finding(
      "originals", isSame,
      isSame ? "inbox, done and failed share a file system" : "inbox, done and failed do not share",
      else: .warn, "put them on one file system: then originals are moved by a rename instead of a copy")
  }
}
