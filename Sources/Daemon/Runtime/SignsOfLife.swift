internal import Files
internal import Intake
internal import Jobs

/// Shows systemd, and readers of the lock's time, that the daemon's loop turns.
final class SignsOfLife {
  let notifier = ServiceNotifier()
  let heartbeat: Heartbeat
  private var next = 0.0
  private var line = ""

  init(_ layout: Layout) { heartbeat = Heartbeat(String(decoding: layout.lock.bytes, as: UTF8.self)) }

  /// When the next sign is due.
  var deadline: BootTime { next }

  func give(at now: BootTime) {
    guard now >= next else { return }
    notifier.alive()
    heartbeat.beat()
    next = now + min(notifier.watchdogInterval ?? Heartbeat.interval, Heartbeat.interval)
  }

  func show(_ status: String) {
    guard status != line else { return }
    line = status
    notifier.status(status)
  }
}
