import Foundation
import Jobs
import Testing

extension WholeDaemon {
  @Suite struct MetricsTests {
    @Test("The socket serves the metrics of the service")
    func socketServesTheMetrics() async throws {
      let spool = try TestSpool("metrics_socket: m.sock\nmax_attempts: 1")
      // A socket left by an earlier daemon does not stand in the way.
      let service = spool.start()
      try spool.drop("good")
      try spool.drop("refused", ["mask": "m", "refuse": ""])
      try spool.drop("crash", ["mask": "m", "crash": "x"])
      try await spool.waitForJobs(3)
      var text = ""
      try await spool.wait {
        text = (try? Self.ask(spool.root + "/m.sock")) ?? ""
        return text.contains("radiomicsd_jobs{state=\"failed\"} 1")
      }
      try await service.stop()
      #expect(text.hasPrefix("HTTP/1.0 200 OK\r\nContent-Type: text/plain; version=0.0.4"))
      for line in [
        "radiomicsd_jobs{state=\"done\"} 1", "radiomicsd_jobs{state=\"rejected\"} 1",
        "radiomicsd_jobs{state=\"running\"} 0", "radiomicsd_inbox_studies 0", "radiomicsd_queue_oldest_seconds 0",
        "radiomicsd_paused{what=\"computing\"} 0", "radiomicsd_failures_total{code=\"E_SLICE_GAP\"} 1",
        "radiomicsd_failures_total{code=\"E_WORKER_CRASH\"} 1", "radiomicsd_stage_seconds_count{state=\"running\"} 3",
        "# TYPE radiomicsd_free_bytes gauge",
      ] { #expect(text.contains("\n\(line)\n"), "\(line) in \(text)") }
      for folder in ["inbox", "outbox", "state"] {
        #expect(text.contains("radiomicsd_free_bytes{folder=\"\(folder)\"} "))
      }
      // Every line is a comment or a name with a number (Prometheus' exposition format).
      let body = try #require(text.components(separatedBy: "\r\n\r\n").last)
      for line in body.split(separator: "\n") where !line.hasPrefix("# ") {
        #expect(line.wholeMatch(of: #/[a-z_]+(\{[a-z]+="[^"]*"\})? [0-9.e+-]+/#) != nil, "\(line)")
      }
      #expect(!text.contains("good") && !text.contains("refuse\""), "no name of a study")
      #expect(!spool.exists("m.sock"), "gone with the daemon")
    }

    @Test("Without the key there is no socket, and a silent client blocks nothing")
    func silentClientBlocksNothing() async throws {
      let spool = try TestSpool("metrics_socket: m.sock")
      let service = spool.start()
      try await spool.wait { spool.exists("m.sock") }
      let silent = try Self.connected(spool.root + "/m.sock")
      defer { close(silent) }
      #expect(try Self.ask(spool.root + "/m.sock").contains("radiomicsd_info"))
      try await service.stop()
      let plain = try TestSpool()
      let quiet = plain.start()
      try await plain.wait { quiet.log.text.contains("started") }
      try await quiet.stop()
      #expect(!plain.exists("m.sock"))
    }

    private static func connected(_ path: String) throws -> Int32 {
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
      let status = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      guard status == 0 else {
        close(descriptor)
        throw POSIXError(.ECONNREFUSED)
      }
      return descriptor
    }

    private static func ask(_ path: String) throws -> String {
      let descriptor = try connected(path)
      defer { close(descriptor) }
      let request = Array("GET /metrics HTTP/1.0\r\n\r\n".utf8)
      _ = request.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65536)
      while true {
        let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { break }
        bytes += buffer.prefix(count)
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
