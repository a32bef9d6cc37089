internal import CLinux

/// The kind of file system that a folder lies on (statfs(2), f_type).
package struct FileSystemKind: Sendable, Equatable {
  /// Its name, for example `ext4` or `NFS`; the number where the name is not known.
  package let name: String
  /// Other machines write there too: no events come from them, and locks may mean little.
  package let isRemote: Bool
  /// Its content is lost at a restart of the machine.
  package let isVolatile: Bool

  /// - Parameter type: the `f_type` of statfs(2).
  package init(type: Int64) {
    name = Self.remote[type] ?? Self.local[type] ?? "type 0x\(String(type, radix: 16))"
    isRemote = Self.remote[type] != nil
    isVolatile = type == 0x0102_1994
  }

  /// Kind of the file system that a path lies on; nil when it cannot be asked.
  package init?(of path: Path) {
    let type = path.withCString { clinux_filesystem_type($0) }
    guard type >= 0 else { return nil }
    self.init(type: type)
  }

  private static let remote: [Int64: String] = [
    0x6969: "NFS", 0x517B: "SMB", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB2", 0x6573_5546: "FUSE", 0x0102_1997: "9p",
    0x0BD0_0BD0: "Lustre", 0x4750_4653: "GPFS", 0x00C3_6400: "Ceph", 0x5346_414F: "AFS",
  ]
  private static let local: [Int64: String] = [
    0xEF53: "ext4", 0x5846_5342: "XFS", 0x9123_683E: "Btrfs", 0x0102_1994: "tmpfs", 0x794C_7630: "overlay",
    0x2FC1_2FC1: "ZFS", 0xF2F5_2010: "F2FS",
  ]
}
