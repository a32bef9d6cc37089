import Daemon
import Jobs
import Testing

/// Every order of events that a few studies, late answers, operators and crashes can make, played against the coordinator.
/// What must hold is in `ModelWorld`: no study is lost, no job ends twice, every commit is of the job as it is on record, no
/// job waits for nothing, no name reaches the log.
@Suite struct ModelCheckTests {
  private typealias Study = ModelWorld.Study

  private static let all: [Study] = ModelWorld.Nature.allCases.map { Study(name: "ZZ-\($0.rawValue)", nature: $0) }

  /// A generator of the same numbers every time (SplitMix64).
  private struct Dice {
    var state: UInt64

    mutating func roll(_ count: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((value ^ (value >> 31)) % UInt64(count))
    }
  }

  private func expectEnd(_ world: ModelWorld, _ label: String) {
    #expect(world.faults.isEmpty, "\(label): \(world.faults.prefix(3))")
    for job in world.rows.values where job.swept {
      let study = world.dropped.first { $0.name == job.study }
      let expected: Set<JobState>
      switch study?.nature {
      case .good, .twin: expected = [.done, .duplicate, .cancelled]
      case .refused: expected = [.rejected, .cancelled]
      case .crashes: expected = [.failed, .cancelled]
      case .changes: expected = [.done, .cancelled]
      default: expected = [.done, .cancelled]
      }
      #expect(expected.contains(job.state), "\(label): \(job.study) is \(job.state.rawValue)")
      #expect(world.finals[job.id] == 1, "\(label)")
      #expect(job.charges <= 2, "\(label): \(job.study) is charged \(job.charges) runs")
    }
    #expect(world.claimed.isEmpty || world.rows.values.contains { !$0.swept }, "\(label): claims are left")
  }

  @Test("Random orders of events with crashes, late answers and operators keep every rule", arguments: 0..<8)
  func randomInterleavings(_ part: Int) {
    for seed in 0..<40 {
      var dice = Dice(state: UInt64(part * 1000 + seed))
      var world = ModelWorld(maxJobs: 1 + dice.roll(3))
      var waiting = Self.all
      var crashes = 0
      for _ in 0..<220 where world.faults.isEmpty {
        switch dice.roll(20) {
        case 0, 1: if !waiting.isEmpty { world.drop(waiting.remove(at: dice.roll(waiting.count))) }
        case 2 where crashes < 6:
          crashes += 1
          let done = dice.roll(1 << 16)
          world.crash { done >> ($0 % 16) & 1 == 1 }
        case 3:
          let jobs = world.rows.values.sorted { $0.sequence < $1.sequence }
          if !jobs.isEmpty {
            let verbs: [JobRequest.Verb] = [.hold, .release, .retry, .resolve, .cancel]
            world.request(
              verbs[dice.roll(verbs.count)], jobs[dice.roll(jobs.count)], choices: JobChoices(series: "1.2.3"))
          }
        case 4: world.fail(publications: dice.roll(3), copies: dice.roll(2))
        case 5...8: world.wait()
        default: if world.pending.isEmpty { world.wait() } else { world.complete(dice.roll(world.pending.count)) }
        }
      }
      for study in waiting { world.drop(study) }
      // People do their part, then everything must come to its end.
      world.settle()
      for job in world.rows.values.filter({ $0.state == .held }).sorted(by: { $0.sequence < $1.sequence }) {
        world.request(.release, job)
      }
      world.settle()
      for job in world.rows.values.filter({ $0.state == .needsReview }) {
        world.request(.resolve, job, choices: JobChoices(series: "1.2.3"))
      }
      world.settle()
      #expect(world.isSettled)
      expectEnd(world, "seed \(part).\(seed)")
    }
  }

  @Test("Every order of two studies' tasks, with a crash at every place, keeps every rule")
  func exhaustiveInterleavings() {
    for pair in [[0, 1], [0, 3], [2, 5], [4, 1]] {
      var start = ModelWorld()
      for place in pair { start.drop(Self.all[place]) }
      var seen: Set<String> = []
      var stack: [(world: ModelWorld, crashes: Int)] = [(start, 0)]
      var ends = 0
      while let (found, crashes) = stack.popLast() {
        var world = found
        world.quiesce()
        #expect(world.faults.isEmpty, "\(world.faults.prefix(3))")
        guard world.faults.isEmpty, seen.insert("\(crashes) \(world.signature)").inserted else { continue }
        if world.pending.isEmpty, world.isSettled {
          ends += 1
          expectEnd(world, "\(pair)")
          continue
        }
        // Time passes before anything else comes back.
        if !world.pending.isEmpty {
          var next = world
          next.wait()
          stack.append((next, crashes))
        }
        for place in world.pending.indices {
          var next = world
          next.complete(place)
          stack.append((next, crashes))
        }
        if crashes < 1 {
          // Each of what was under way is done or not.
          for mask in 0..<(1 << min(world.pending.count, 3)) {
            var next = world
            next.crash { mask >> $0 & 1 == 1 }
            stack.append((next, crashes + 1))
          }
        }
      }
      #expect(ends > 0 && seen.count > 50, "\(pair): \(seen.count) states")
    }
  }

  @Test("Recovery that is interrupted and begun again changes nothing more")
  func recoveryIsIdempotent() {
    for seed in 0..<60 {
      var dice = Dice(state: UInt64(seed))
      var world = ModelWorld()
      for study in Self.all { world.drop(study) }
      for _ in 0..<(20 + dice.roll(60)) {
        if world.pending.isEmpty { world.wait() } else { world.complete(dice.roll(world.pending.count)) }
      }
      world.crash { _ in false }
      let once = world.rows.mapValues(\.state)
      world.crash { _ in false }
      #expect(world.rows.mapValues(\.state) == once, "seed \(seed)")
      world.crash { _ in true }
      world.settle()
      #expect(world.faults.isEmpty, "seed \(seed): \(world.faults.prefix(3))")
    }
  }

  @Test("A study that always crashes its worker delays the others by no more than its own place")
  func badStudyIsIsolated() {
    var world = ModelWorld(maxJobs: 1)
    world.drop(Study(name: "ZZ-crashes", nature: .crashes))
    world.drop(Study(name: "ZZ-good", nature: .good))
    world.settle()
    expectEnd(world, "isolation")
    #expect(world.rows.values.first { $0.study == "ZZ-good" }?.state == .done)
  }

  @Test("Every drop is shown to its user")
  func everyDropIsShown() {
    var world = ModelWorld()
    for study in Self.all { world.drop(study) }
    for _ in 0..<6 where world.shown.count < Self.all.count {
      if world.pending.isEmpty { world.wait() } else { world.complete(0) }
    }
    #expect(Set(world.shown.keys) == Set(Self.all.map(\.name)))
  }
}
