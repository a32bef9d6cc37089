internal import Dispatch
internal import Synchronization

/// A piece of work that may produce more work.
package struct Work: Sendable {
  let body: @Sendable () throws -> [Work]

  package init(_ body: @escaping @Sendable () throws -> [Work]) { self.body = body }
}

/// Runs work on several threads until none is left.
///
/// New work is taken before older work: an image that was started is finished before the next is made, so at most as
/// many images are in memory as there are threads. Work writes to its own places; results do not depend on the threads.
package final class WorkQueue: Sendable {
  private struct State {
    /// Taken from the end.
    var waiting: [Work]
    var running = 0
    /// Threads that sleep until there is work, or until no more can come.
    var sleeping = 0
    var failure: (any Error)?

    var isFinished: Bool { running == 0 && waiting.isEmpty }
  }

  private let state: Mutex<State>
  private let wake = DispatchSemaphore(value: 0)

  private init(_ work: [Work]) { state = Mutex(State(waiting: work.reversed())) }

  /// - Parameter work: in the order in which it is started.
  /// - Throws: the error of the work that failed first; work that had not started by then is dropped.
  package static func run(_ work: [Work], threads: Int) throws {
    let queue = WorkQueue(work)
    DispatchQueue.concurrentPerform(iterations: max(1, threads)) { _ in queue.work() }
    if let failure = queue.state.withLock({ $0.failure }) { throw failure }
  }

  private func work() {
    while let next = take() {
      do {
        finish(try next.body())
      } catch {
        fail(error)
      }
    }
  }

  private func take() -> Work? {
    while true {
      let (next, mustSleep) = state.withLock { state -> (Work?, Bool) in
        if let next = state.waiting.popLast() {
          state.running += 1
          return (next, false)
        }
        if state.isFinished { return (nil, false) }
        state.sleeping += 1
        return (nil, true)
      }
      if !mustSleep { return next }
      wake.wait()
    }
  }

  private func finish(_ more: [Work]) {
    change { state in state.waiting.append(contentsOf: more.reversed()) }
  }

  private func fail(_ error: any Error) {
    change { state in
      state.failure = state.failure ?? error
      state.waiting.removeAll()
    }
  }

  private func change(_ body: (inout State) -> Void) {
    let sleepers = state.withLock { state -> Int in
      state.running -= 1
      body(&state)
      guard !state.waiting.isEmpty || state.isFinished else { return 0 }
      defer { state.sleeping = 0 }
      return state.sleeping
    }
    for _ in 0..<sleepers { wake.signal() }
  }
}
