internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// Keeps the page of the metrics socket fresh.
final class MetricsPublisher {
  private let socket: MetricsSocket
  private let software: String
  private var next = 0.0

  /// - Throws: `E_IO` where the socket cannot be made.
  init(_ path: String, _ layout: Layout, software: String) throws(StudyError) {
    self.software = software
    socket = try MetricsSocket(path) { MetricsPage.freeSpace(layout) }
  }

  func serve() { socket.serve() }
  func finish() { socket.finish() }

  /// Once a second.
  func publish(_ core: Coordinator, _ watch: RecordWatch, _ chain: ChainKeeper, at now: BootTime) {
    guard now >= next else { return }
    next = now + 1
    let page = MetricsPage(
      software: software, walBytes: watch.walBytes, isMirrorBehind: watch.mirrorFault != nil, anchored: chain.anchored,
      time: Timestamp.now.milliseconds)
    socket.publish(page.text(core, at: now))
  }
}
