import Configuration
import Daemon
import Foundation
import Jobs
import Testing

/// Tokens of memory, without a daemon.
@Suite struct MemoryTokenTests {
  @Test("The reservations of running jobs stay within the budget")
  func runningReservationsStayWithinBudget() {
    var tokens = MemoryTokens(budget: 1000)
    var numbers = SystemRandomNumberGenerator()
    var waiting: [(id: JobID, token: Int)] = (0..<300).map { _ in
      (.new(), Int.random(in: 1...1000, using: &numbers))
    }
    var running: [Int] = []
    var together = 0
    while !waiting.isEmpty {
      while let place = tokens.choose(of: waiting, given: running.reduce(0, +), isIdle: running.isEmpty) {
        running.append(waiting.remove(at: place).token)
        #expect(running.reduce(0, +) <= 1000)
        together = max(together, running.count)
        if waiting.isEmpty { break }
      }
      running.remove(at: Int.random(in: running.indices, using: &numbers))
    }
    #expect(together > 1, "small ones run beside one another")
  }

  /// A stream of small jobs that never ends, and a large one: it is overtaken `patience` times and no more.
  @Test("A large job is overtaken at most four times")
  func largeJobIsOvertakenAtMostFourTimes() {
    var tokens = MemoryTokens(budget: 1000, patience: 4)
    let large = (id: JobID.new(), token: 900)
    var running = [300, 300]
    var overtakers = 0
    for round in 0..<20 {
      let waiting = [large, (id: JobID.new(), token: 300)]
      guard let place = tokens.choose(of: waiting, given: running.reduce(0, +), isIdle: running.isEmpty) else {
        running.removeFirst()
        continue
      }
      if place == 0 {
        #expect(overtakers == 4 && running.isEmpty, "in round \(round)")
        return
      }
      overtakers += 1
      running.append(300)
      running.removeFirst()
    }
    Issue.record("the large job never started; \(overtakers) went before it")
  }

  @Test("A job that must run alone waits for all others and is not overtaken")
  func soloJobWaitsAndIsNotOvertaken() {
    var tokens = MemoryTokens(budget: 1000)
    let waiting = [(id: JobID.new(), token: Int.max), (id: JobID.new(), token: 1)]
    #expect(tokens.choose(of: waiting, given: 10, isIdle: false) == nil)
    #expect(tokens.choose(of: waiting, given: 0, isIdle: true) == 0)
    // Larger than the budget: it runs when no other job does.
    let huge = [(id: JobID.new(), token: 5000)]
    #expect(tokens.choose(of: huge, given: 1, isIdle: false) == nil)
    #expect(tokens.choose(of: huge, given: 0, isIdle: true) == 0)
    #expect(tokens.choose(of: [], given: 0, isIdle: true) == nil)
  }

  /// systemd sets MemoryHigh and MemoryMax on the unit; a slice above it may allow less.
  @Test("The budget is the smallest limit of the control groups")
  func budgetIsTheSmallestGroupLimit() throws {
    let spool = try TestSpool()
    try spool.write(
      [
        "system.slice/memory.max": "4294967296\n", "system.slice/memory.high": "max\n",
        "system.slice/radiomicsd.service/memory.high": "3221225472\n",
        "system.slice/radiomicsd.service/memory.max": "max\n", "memory.max": "max\n",
      ], to: spool.root + "/groups")
    let limits = MachineMemory.groups(
      membership: "1:name=systemd:/x\n0::/system.slice/radiomicsd.service\n", root: spool.root + "/groups")
    #expect(limits.sorted() == [3_221_225_472, 4_294_967_296])
    #expect(MachineMemory.groups(membership: "0::/\n", root: spool.root + "/groups") == [])
    #expect(MachineMemory.budget(configured: 700) == 700)
    let available = try #require(MachineMemory.available)
    let budget = try #require(MachineMemory.budget(configured: 0))
    #expect(budget < available * 11 / 10 && budget > 0)
  }

  @Test("Kills for memory are counted in both versions of control groups")
  func memoryKillsAreCountedInBothVersions() throws {
    let spool = try TestSpool()
    try spool.write(
      [
        "v2/service/memory.events": "low 0\noom 3\noom_kill 2\n",
        "v1/memory/service/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 7\n",
      ], to: spool.root + "/groups")
    #expect(MemoryEvents.kills(membership: "0::/service\n", root: spool.root + "/groups/v2") == 2)
    #expect(
      MemoryEvents.kills(membership: "4:memory:/service\n0::/\n", root: spool.root + "/groups/v1") == 7)
    #expect(MemoryEvents.kills(membership: "0::/\n", root: spool.root) == nil)
  }
}

extension WholeDaemon {
  /// How a daemon distributes memory.
  @Suite struct MemoryTests {
    private func spool(_ settings: String) throws -> TestSpool {
      let spool = try TestSpool(settings)
      try spool.wrapWorker(
        """
        if [ "$verb" = probe ] && [ -f "$input/memory" ]; then
          echo "{\\"state\\":\\"complete\\",\\"memory_mb\\":$(cat "$input/memory")}"
          exit 0
        fi
        if [ "$verb" = run ]; then
          echo "begin $memory $(cat "$input/mask")" >> "\(spool.root)/trace"
          if [ -f "$input/large" ] && [ "$memory" -lt 800 ]; then
            echo '{"error":{"code":"E_MEMORY_ESTIMATE","message":"about 700 MiB","details":{"limit":"1"}}}' > "$output/error.json"
            exit 65
          fi
          real "$@"
          code=$?
          echo "end $memory $(cat "$input/mask")" >> "\(spool.root)/trace"
          exit $code
        fi
        """)
      return spool
    }

    @Test("A large job waits for memory, and memory is never overcommitted")
    func memoryIsNeverOvercommitted() async throws {
      let spool = try spool("max_jobs: 4\nmemory_budget_mb: 1000\nmemory_limit_mb: 950")
      let service = spool.start()
      try spool.drop("first", ["mask": "first", "memory": "400", "delay": "0.8"])
      try spool.drop("second", ["mask": "second", "memory": "400", "delay": "0.8"])
      try await spool.wait { (try? spool.jobs().count { $0.state == .running }) == 2 }
      // More than one job may have: it gets the largest reservation.
      try spool.drop("large", ["mask": "large", "memory": "5000", "delay": "0.2"])
      try await spool.wait { (try? spool.jobs().count) == 3 }
      for number in 1...8 {
        try spool.drop("small \(number)", ["mask": "s\(number)", "memory": "150", "delay": "0.5"])
      }
      try await spool.wait { spool.text("status/large.txt")?.contains("waits for memory: about 950 MiB") == true }
      try await spool.waitForJobs(11)
      try await service.stop()
      #expect(try spool.jobs().allSatisfy { $0.state == .done })
      let trace = try #require(spool.text("trace")).split(separator: "\n").map { $0.split(separator: " ") }
      var given = 0
      var most = 0
      for line in trace {
        given += (line[0] == "begin" ? 1 : -1) * (Int(line[1]) ?? 0)
        most = max(most, given)
      }
      #expect(most <= 1000 && most >= 950, "\(most) MiB were given away at once")
      let place = try #require(trace.firstIndex { $0 == ["begin", "950", "large"] })
      let before = trace[..<place].count { $0[0] == "begin" && $0[2].hasPrefix("s") && $0[2] != "second" }
      #expect(before <= 4, "\(before) small jobs went before the large one")
      let large = try spool.store().history(of: try spool.store().job(named: "large"))
      #expect(large.job.memory == 5000)
      #expect(large.events.contains { $0.kind == .started && $0.details["memory_mb"] == "950" })
      #expect(JobReport.history(large).contains("5000 MiB estimated"))
    }

    /// The worker itself knows best: a refusal because of its token is not a fault of the study.
    @Test("A reservation that was too small is followed by one run alone")
    func smallReservationIsRetriedAlone() async throws {
      let spool = try spool("max_jobs: 2\nmemory_budget_mb: 1000\nmemory_limit_mb: 900")
      let service = spool.start()
      try spool.drop("study", ["mask": "m", "memory": "300", "large": ""])
      try await spool.waitForJobs(1)
      try await service.stop()
      let job = try #require(try spool.jobs().first)
      #expect(job.state == .done && job.attempt == 2)
      #expect(spool.text("trace") == "begin 300 m\nbegin 900 m\nend 900 m\n")
      let events = try spool.store().events()
      #expect(events.contains { $0.kind == .retrying && $0.details["code"] == "E_OOM" })
    }
  }
}
