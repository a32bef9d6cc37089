import Parallel
import Synchronization
import Testing

@Suite("Work shared among threads")
struct ParallelTests {
  private struct Failed: Error, Equatable { var index: Int }

  @Test("Results are in order for every number of threads", arguments: [0, 1, 2, 7, 64])
  func resultsAreInOrderForEveryThreadCount(_ threads: Int) {
    #expect(Parallel.map(100, threads: threads) { $0 * $0 } == (0..<100).map { $0 * $0 })
    #expect(Parallel.map(0, threads: threads) { $0 } == [])
    #expect(Parallel.map(3, threads: threads) { index -> Int? in index == 1 ? nil : index } == [0, nil, 2])
  }

  @Test("The error of the lowest index is thrown and ends the work", arguments: [1, 4])
  func errorOfLowestIndexEndsWork(_ threads: Int) {
    let begun = Atomic<Int>(0)
    #expect(throws: Failed(index: 10)) {
      try Parallel.forEach(100_000, threads: threads) { index in
        begun.wrappingAdd(1, ordering: .relaxed)
        if index >= 10 { throw Failed(index: index) }
      }
    }
    #expect((11...10 + threads).contains(begun.load(ordering: .relaxed)))
  }

  @Test("A thread keeps its scratch from one index to the next")
  func threadKeepsScratchBetweenIndices() {
    let made = Atomic<Int>(0)
    let sums = Mutex<[Int]>([])
    Parallel.forEach(1000, threads: 3, worker: [made.wrappingAdd(1, ordering: .relaxed).oldValue]) { own, index in
      own.append(index)
      if index == 999 { sums.withLock { $0.append(own.count) } }
    }
    #expect((1...3).contains(made.load(ordering: .relaxed)))
    #expect(sums.withLock { $0.count == 1 && $0[0] > 1 })
  }

  @Test("Slabs cover every index once", arguments: [1, 3, 8])
  func slabsCoverEveryIndexOnce(_ threads: Int) {
    var counts = [Int](repeating: 0, count: 100)
    counts.withUnsafeMutableBufferPointer { buffer in
      let places = DisjointPlaces(buffer)
      Parallel.forEachSlab(of: 100, threads: threads) { for index in $0 { places[index] += 1 } }
    }
    #expect(counts.allSatisfy { $0 == 1 })
  }

  @Test("Work adds more work, and its error is thrown")
  func workAddsWorkAndItsErrorIsThrown() throws {
    let done = Atomic<Int>(0)
    @Sendable func work(_ depth: Int) -> Work {
      Work {
        done.wrappingAdd(1, ordering: .relaxed)
        return depth == 0 ? [] : [work(depth - 1), work(depth - 1)]
      }
    }
    try WorkQueue.run([work(5)], threads: 4)
    #expect(done.load(ordering: .relaxed) == 63)
    #expect(throws: Failed(index: 1)) { try WorkQueue.run([Work { throw Failed(index: 1) }], threads: 2) }
  }
}
