import Dispatch
import Glibc

/// Number of threads for a caller that names none: one per processor.
public var defaultThreadCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

/// Runs `body` for 0 ..< count on at most `threads` threads and returns the results in order of the index.
/// The results do not depend on the number of threads.
func inParallel<Result: Sendable>(
  count: Int, threads: Int, _ body: @Sendable (Int) -> Result
) -> [Result] {
  let lanes = max(1, min(threads, count))
  guard lanes > 1 else { return (0..<count).map(body) }
  var results = [Result?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { buffer in
    // Lane l uses the indices l, l + lanes, ...: no two lanes write the same place.
    nonisolated(unsafe) let places = buffer
    DispatchQueue.concurrentPerform(iterations: lanes) { lane in
      for index in stride(from: lane, to: count, by: lanes) { places[index] = body(index) }
    }
  }
  return results.compactMap { $0 }
}
