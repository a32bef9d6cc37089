internal import Errors
internal import Foundation
internal import Glibc
internal import Synchronization

/// A Unix socket that answers every request with the latest metrics, as HTTP. The content of requests is ignored.
final class MetricsSocket: Sendable {
  private let descriptor: Int32
  private let path: String
  private let latest = Mutex("")
  private let late: @Sendable () -> String

  /// - Parameter late: text that is made on request, on the socket's own thread.
  /// - Throws: `E_IO` where the socket cannot be made.
  init(_ path: String, late: @escaping @Sendable () -> String) throws(StudyError) {
    self.path = path
    self.late = late
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw Self.failure(path, "the path is too long for a socket")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    var about = stat()
    // A socket that an earlier daemon left; never any other file.
    if lstat(path, &about) == 0, about.st_mode & S_IFMT == S_IFSOCK { unlink(path) }
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Self.failure(path, String(cString: strerror(errno))) }
    let socket = descriptor
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0, chmod(path, 0o660) == 0, listen(socket, 8) == 0 else {
      let reason = String(cString: strerror(errno))
      close(socket)
      throw Self.failure(path, reason)
    }
  }

  func publish(_ text: String) { latest.withLock { $0 = text } }

  func serve() {
    Thread.detachNewThread { [self] in
      while true {
        let client = accept(descriptor, nil, nil)
        if client < 0 {
          if errno == EINTR || errno == ECONNABORTED { continue }
          return
        }
        // Children inherit only the descriptors they are given, so it need not be marked.
        answer(client)
        close(client)
      }
    }
  }

  func finish() {
    shutdown(descriptor, Int32(SHUT_RDWR))
    unlink(path)
  }

  /// A slow client is not waited for beyond a second.
  private func answer(_ client: Int32) {
    var limit = timeval(tv_sec: 1, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    var request = [UInt8](repeating: 0, count: 4096)
    _ = request.withUnsafeMutableBytes { recv(client, $0.baseAddress, $0.count, 0) }
    let body = Array((latest.withLock { $0 } + late()).utf8)
    let head = "HTTP/1.0 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
    var rest = (Array((head + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n").utf8) + body)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  private static func failure(_ path: String, _ reason: String) -> StudyError {
    StudyError(.io, "the socket of metrics cannot be made: \(reason)", file: path, hint: "check metrics_socket")
  }
}
