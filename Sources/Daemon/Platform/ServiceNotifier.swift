internal import Glibc

/// Reports the service's state to systemd (sd_notify(3)): one datagram per message, to the socket of `NOTIFY_SOCKET`.
/// Without that variable every call does nothing.
struct ServiceNotifier: Sendable {
  private let socketName: [UInt8]?
  /// Seconds between signs of life, half of what systemd allows; nil when it asks for none.
  let watchdogInterval: Double?

  init() {
    socketName = getenv("NOTIFY_SOCKET").map { Array(String(cString: $0).utf8) }
    let forUs = getenv("WATCHDOG_PID").map { String(cString: $0) == String(getpid()) } ?? true
    let allowed = getenv("WATCHDOG_USEC").flatMap { Double(String(cString: $0)) }
    watchdogInterval = forUs ? allowed.map { $0 / 2e6 } : nil
  }

  func ready() { send("READY=1") }
  func status(_ text: String) { send("STATUS=\(text)") }
  func stopping() { send("STOPPING=1") }
  func alive() { send("WATCHDOG=1") }
  /// Asks for more time to start or stop.
  func extend(seconds: Double) { send("EXTEND_TIMEOUT_USEC=\(Int(seconds * 1e6))") }

  private func send(_ message: String) {
    guard let socketName, var address = Self.address(socketName) else { return }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + socketName.count)
    let bytes = Array(message.utf8)
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        _ = bytes.withUnsafeBytes {
          sendto(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), address, length)
        }
      }
    }
  }

  /// A path, or with a leading `@` a name in the abstract namespace.
  private static func address(_ name: [UInt8]) -> sockaddr_un? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard let first = name.first, first == 0x2F || first == 0x40,
      name.count < MemoryLayout.size(ofValue: address.sun_path)
    else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { place in
      place.copyBytes(from: name)
      if first == 0x40 { place[0] = 0 }
    }
    return address
  }
}
