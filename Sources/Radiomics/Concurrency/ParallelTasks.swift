internal import Dispatch
internal import Synchronization

/// Runs tasks on several threads, each taking the next one that is left. Put the largest first.
///
/// Tasks write to places of their own, so results do not depend on which thread runs what, nor on how many there are.
enum ParallelTasks {
  static func run(_ count: Int, threads: Int, _ task: @Sendable (Int) -> Void) {
    let workers = min(threads, count)
    guard workers > 1 else {
      for i in 0..<count { task(i) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard i < count else { return }
        task(i)
      }
    }
  }

  /// The results of `count` tasks, in order.
  static func map<Result: Sendable>(_ count: Int, threads: Int, _ task: @Sendable (Int) -> Result) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { results, initialized in
      nonisolated(unsafe) let results = results
      run(count, threads: threads) { results.initializeElement(at: $0, to: task($0)) }
      initialized = count
    }
  }
}
