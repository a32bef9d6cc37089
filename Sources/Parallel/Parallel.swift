internal import Dispatch
internal import Glibc
internal import Synchronization

/// Shares independent pieces of work among threads. Results do not depend on the number of threads: a piece
/// has its index and, where it writes, places of its own.
package enum Parallel {
  /// Number of threads that a caller gets who names none: one per processor.
  package static var defaultThreadCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Runs `body` for each index of `0..<count`, at most `threads` at once. Indices are begun in order.
  ///
  /// - Throws: the error of the lowest index that failed. After an error no more indices are begun.
  package static func forEach<Failure: Error>(
    _ count: Int, threads: Int, _ body: @Sendable (_ index: Int) throws(Failure) -> Void
  ) throws(Failure) {
    try forEach(count, threads: threads, worker: ()) { (_, index) throws(Failure) in try body(index) }
  }

  /// The same with something that each thread keeps from one index to the next, such as scratch memory.
  ///
  /// - Parameter worker: evaluated once per thread that has work.
  package static func forEach<Worker: ~Copyable, Failure: Error>(
    _ count: Int, threads: Int, worker: @autoclosure @Sendable () -> Worker,
    _ body: @Sendable (_ worker: inout Worker, _ index: Int) throws(Failure) -> Void
  ) throws(Failure) {
    let turns = Turns<Failure>(count)
    @Sendable func run(_: Int) {
      guard var index = turns.next() else { return }
      var own = worker()
      while true {
        do throws(Failure) {
          try body(&own, index)
        } catch {
          turns.fail(index, error)
        }
        guard let following = turns.next() else { return }
        index = following
      }
    }
    let workers = min(threads, count)
    if workers > 1 {
      DispatchQueue.concurrentPerform(iterations: workers, execute: run)
    } else {
      run(0)
    }
    if let failure = turns.failure { throw failure }
  }

  /// The values of `body` for each index of `0..<count`, in order of the index, computed at most `threads` at once.
  ///
  /// - Parameter progress: called after each value, from any thread.
  /// - Throws: the error of the lowest index that failed. After an error no more indices are begun.
  package static func map<Value: Sendable, Failure: Error>(
    _ count: Int, threads: Int, progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
    _ body: @Sendable (_ index: Int) throws(Failure) -> Value
  ) throws(Failure) -> [Value] {
    let done = Atomic<Int>(0)
    return try map(count, threads: threads, worker: ()) { (_, index) throws(Failure) in
      let value = try body(index)
      progress(done.wrappingAdd(1, ordering: .relaxed).newValue, count)
      return value
    }
  }

  /// The same with something that each thread keeps from one index to the next.
  package static func map<Value: Sendable, Worker: ~Copyable, Failure: Error>(
    _ count: Int, threads: Int, worker: @autoclosure @Sendable () -> Worker,
    _ body: @Sendable (_ worker: inout Worker, _ index: Int) throws(Failure) -> Value
  ) throws(Failure) -> [Value] {
    let places = Results<Value>(count: count)
    try forEach(count, threads: threads, worker: worker()) { (own, index) throws(Failure) in
      places.set(index, try body(&own, index))
    }
    return places.all
  }

  /// Splits `0..<count` into at most `threads` neighbouring ranges and runs `body` on each, at once where there is more
  /// than one. Ranges do not overlap, so what a range writes does not depend on the number of threads.
  package static func forEachSlab(of count: Int, threads: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let slabs = max(1, min(threads, count))
    guard slabs > 1 else {
      body(0..<count)
      return
    }
    DispatchQueue.concurrentPerform(iterations: slabs) { slab in
      body(slab * count / slabs..<(slab + 1) * count / slabs)
    }
  }
}

/// Hands out indices in order until there are no more or one has failed.
private final class Turns<Failure: Error>: Sendable {
  private let count: Int
  private let taken = Atomic<Int>(0)
  private let hasFailed = Atomic<Bool>(false)
  private let lowest = Mutex<(index: Int, error: Failure)?>(nil)

  init(_ count: Int) { self.count = count }

  func next() -> Int? {
    guard !hasFailed.load(ordering: .relaxed) else { return nil }
    // A thread that takes an index finishes it, so every index below one that failed is finished.
    let index = taken.wrappingAdd(1, ordering: .relaxed).oldValue
    return index < count ? index : nil
  }

  func fail(_ index: Int, _ error: Failure) {
    lowest.withLock { if $0.map({ index < $0.index }) ?? true { $0 = (index, error) } }
    hasFailed.store(true, ordering: .relaxed)
  }

  var failure: Failure? { lowest.withLock { $0?.error } }
}
