internal import Files
internal import Intake

/// What each folder lies on.
enum FileSystemChecks {
  static func finding(_ name: String, _ path: String) -> Finding {
    let check = "\(name).filesystem"
    guard let kind = FileSystemKind(of: Path(path)) else {
      return Finding(check, .warn, "cannot be asked", "check the mount")
    }
    if kind.isRemote {
      if name == "state" {
        return Finding(
          check, .fail, "\(kind.name): a file system of the network",
          "put state on a local disk: SQLite and the lock need it; serve does not start")
      }
      return name == "inbox"
        ? Finding(check, .warn, "\(kind.name): no events come from other machines", "it is listed every 15 s")
        : Finding(check, .ok, kind.name)
    }
    return Finding(
      check, !(name == "state" && kind.isVolatile), kind.name, else: .warn, "tmpfs forgets the record at a restart")
  }
}
