import Dispatch

/// Splits `0..<count` into at most `threads` adjacent ranges and runs `body` on each, concurrently where there is more
/// than one. Ranges never overlap, so the output of a range does not depend on the number of threads.
func forEachSlab(of count: Int, threads: Int, _ body: @Sendable (Range<Int>) -> Void) {
  let slabs = max(1, min(threads, count))
  guard slabs > 1 else {
    body(0..<count)
    return
  }
  DispatchQueue.concurrentPerform(iterations: slabs) { slab in
    body(slab * count / slabs..<(slab + 1) * count / slabs)
  }
}
