internal import Dispatch
internal import Synchronization

/// Computes `count` independent values, at most `threads` at once, and returns them in order: the result does not depend
/// on the number of threads. The error of the lowest index is thrown.
public func parallelMap<Value: Sendable>(
  _ count: Int, threads: Int, progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
  _ body: @Sendable (Int) throws -> Value
) throws -> [Value] {
  let results = Mutex<[Result<Value, any Error>?]>([Result<Value, any Error>?](repeating: nil, count: count))
  let next = Atomic<Int>(0)
  let done = Atomic<Int>(0)
  let failed = Atomic<Bool>(false)
  DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      // Indices are taken in order, so every index below a failed one has been taken and will be finished.
      guard index < count, !failed.load(ordering: .relaxed) else { return }
      let result = Result { try body(index) }
      if case .failure = result { failed.store(true, ordering: .relaxed) }
      results.withLock { $0[index] = result }
      progress(done.wrappingAdd(1, ordering: .relaxed).newValue, count)
    }
  }
  let all = results.withLock { $0 }
  for case .failure(let error)? in all { throw error }
  return try all.map { try $0!.get() }
}
