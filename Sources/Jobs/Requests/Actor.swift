internal import Foundation
internal import Glibc

/// Who makes a request: for the record, `alice (1000)`; under sudo `alice (1000) as root`.
package enum Actor {
  package static var current: String {
    let environment = ProcessInfo.processInfo.environment
    if geteuid() == 0, let name = environment["SUDO_USER"], let id = environment["SUDO_UID"].flatMap({ Int($0) }),
      name.utf8.count <= 32
    {
      return "\(name) (\(id)) as root"
    }
    return "\(name(of: getuid())) (\(getuid()))"
  }

  private static func name(of user: uid_t) -> String {
    guard let entry = getpwuid(user) else { return "user" }
    return String(String(cString: entry.pointee.pw_name).prefix(32))
  }
}
