internal import CLinux
internal import Glibc

/// What a folder lies on (statfs(2), f_type).
enum FileSystemKind {
  private static let network: [Int64: String] = [
    0x6969: "NFS", 0x517B: "SMB", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB2", 0x6573_5546: "FUSE", 0x0102_1997: "9p",
    0x0BD0_0BD0: "Lustre", 0x4750_4653: "GPFS", 0x00C3_6400: "Ceph", 0x5346_414F: "AFS",
  ]
  private static let local: [Int64: String] = [
    0xEF53: "ext4", 0x5846_5342: "XFS", 0x9123_683E: "Btrfs", 0x0102_1994: "tmpfs", 0x794C_7630: "overlay",
    0x2FC1_2FC1: "ZFS", 0xF2F5_2010: "F2FS",
  ]

  static func finding(_ name: String, _ path: String) -> Finding {
    let check = "\(name).filesystem"
    let kind = path.withCString { clinux_filesystem_type($0) }
    guard kind >= 0 else { return Finding(check, .warn, "cannot be asked", "check the mount") }
    if let remote = network[kind] {
      if name == "state" {
        return Finding(
          check, .fail, "\(remote): a file system of the network",
          "put state on a local disk: SQLite and the lock need it")
      }
      return name == "inbox"
        ? Finding(check, .warn, "\(remote): no events come from other machines", "set rescan_seconds: 15")
        : Finding(check, .ok, remote)
    }
    let text = local[kind] ?? "type 0x\(String(kind, radix: 16))"
    return Finding(
      check, !(name == "state" && kind == 0x0102_1994), text, else: .warn, "tmpfs forgets the record at a restart")
  }
}
