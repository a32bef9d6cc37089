package import Jobs

/// Distributes memory among the jobs that run at once: each has a token, and the sum of the tokens stays within a
/// budget.
///
/// A job that does not fit waits, and a smaller one behind it may go before it; but only `patience` others, then no job
/// starts before it: the running ones end one after the other, and it has its room. A value without clock or disk;
/// tokens and budget are in MiB.
package struct MemoryTokens: Sendable, Equatable {
  /// Number of jobs that may overtake a job that waits for memory.
  package let patience: Int
  /// Largest sum of the tokens.
  package private(set) var budget: Int
  /// How often each waiting job was overtaken.
  private var overtaken: [JobID: Int] = [:]

  package init(budget: Int = .max, patience: Int = 4) {
    self.budget = budget
    self.patience = patience
  }

  /// The waiting job that starts now; nil where all must wait.
  ///
  /// - Parameters:
  ///   - waiting: jobs in the order in which they should start, each with its token; one with `Int.max` runs alone.
  ///   - given: the tokens of the running jobs.
  ///   - isIdle: no job runs; then the first starts, however large.
  package mutating func choose(of waiting: [(id: JobID, token: Int)], given: Int, isIdle: Bool) -> Int? {
    overtaken = overtaken.filter { entry in waiting.contains { $0.id == entry.key } }
    let room = budget - min(given, budget)
    func fits(_ place: Int) -> Bool {
      isIdle || (waiting[place].token != .max && min(waiting[place].token, budget) <= room)
    }
    // A job that was overtaken often enough is next, whatever the order.
    let next = waiting.indices.first { overtaken[waiting[$0].id, default: 0] >= patience } ?? waiting.startIndex
    guard next < waiting.endIndex else { return nil }
    if fits(next) { return started(next, waiting) }
    // A failure required a run alone: it is not delayed any further.
    guard waiting[next].token != .max, overtaken[waiting[next].id, default: 0] < patience else { return nil }
    guard let other = waiting.indices.first(where: { $0 > next && fits($0) }) else { return nil }
    for place in next..<other { overtaken[waiting[place].id, default: 0] += 1 }
    return started(other, waiting)
  }

  private mutating func started(_ place: Int, _ waiting: [(id: JobID, token: Int)]) -> Int {
    overtaken[waiting[place].id] = nil
    return place
  }

  /// Sets the budget to the executor's capacity.
  mutating func take(_ capacity: ExecutorCapacity) { budget = capacity.memory }
}
