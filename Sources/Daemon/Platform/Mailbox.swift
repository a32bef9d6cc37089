internal import Dispatch
internal import Synchronization

/// Messages from any thread to the one that waits. Never blocks the sender.
final class Mailbox<Message: Sendable>: Sendable {
  private let waiting = Mutex<[Message]>([])
  private let signal = DispatchSemaphore(value: 0)

  func post(_ message: Message) {
    waiting.withLock { $0.append(message) }
    signal.signal()
  }

  /// All messages present; waits for the first at most so many seconds.
  func take(within seconds: Double) -> [Message] {
    _ = signal.wait(timeout: .now() + .nanoseconds(Int(max(0, min(seconds, 3600)) * 1e9)))
    let messages = waiting.withLock { waiting in
      defer { waiting.removeAll() }
      return waiting
    }
    // One signal a message was given; those of the messages taken together are used up here.
    for _ in messages.dropFirst() { _ = signal.wait(timeout: .now()) }
    return messages
  }
}
