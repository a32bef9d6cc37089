internal import Glibc

/// Size and time of last change of a file.
enum FileStamp {
  static func text(_ path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return "-" }
    return "\(status.st_size)/\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }
}
