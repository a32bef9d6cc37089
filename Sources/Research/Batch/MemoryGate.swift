internal import Dispatch
internal import Synchronization

/// Lets as many cases run at once as fit into memory; one always may.
final class MemoryGate: Sendable {
  private struct State {
    var used = 0
    var running = 0
    var waiting = 0
  }

  private let limit: Int
  private let state = Mutex(State())
  private let wake = DispatchSemaphore(value: 0)

  init(limit: Int) { self.limit = limit }

  /// Waits until there is room, runs the work and gives the room back.
  func run(bytes: Int, _ work: () -> Void) {
    while true {
      let mayRun = state.withLock { state -> Bool in
        if state.running == 0 || state.used <= limit - min(bytes, limit) {
          state.running += 1
          state.used += bytes
          return true
        }
        state.waiting += 1
        return false
      }
      if mayRun { break }
      wake.wait()
    }
    work()
    let sleepers = state.withLock { state -> Int in
      state.running -= 1
      state.used -= bytes
      defer { state.waiting = 0 }
      return state.waiting
    }
    for _ in 0..<sleepers { wake.signal() }
  }
}
