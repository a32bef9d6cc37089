import Jobs
import Testing

@Suite struct JobStateTests {
  @Test("Final states have no successors")
  func finalStatesHaveNoSuccessors() {
    #expect(JobState.allCases.filter(\.isFinal) == [.done, .rejected, .failed, .cancelled, .duplicate])
  }

  @Test("Every state can be reached and leads to a final state")
  func everyStateIsReachableAndEnds() {
    for state in JobState.allCases {
      var reached: Set<JobState> = [state]
      var rest = [state]
      while let next = rest.popLast() {
        for successor in next.successors where reached.insert(successor).inserted { rest.append(successor) }
      }
      #expect(reached.contains { $0.isFinal }, "\(state) leads to no end")
      if state == .claiming { #expect(reached == Set(JobState.allCases)) }
    }
  }

  @Test("Results come only from publishing")
  func resultsComeOnlyFromPublishing() {
    for state in JobState.allCases where state != .publishing {
      #expect(state.successors.isDisjoint(with: [.done, .rejected, .failed]), "\(state)")
    }
  }

  @Test("A run asks for a choice, and the answer queues the job again")
  func runAsksForAChoiceAndResumes() {
    #expect(JobState.needsReview.rawValue == "needs-review")
    #expect(JobState.allCases.filter { $0.successors.contains(.needsReview) } == [.running, .held])
    #expect(JobState.needsReview.successors == [.queued, .claiming, .held, .cancelled])
    #expect(!JobState.needsReview.isFinal)
  }

  @Test("Choices accumulate, and a region is named or numbered")
  func choicesAccumulate() {
    let first = JobChoices(series: "1.2", roi: "GTV")
    #expect(first.adding(JobChoices(number: 2)) == JobChoices(series: "1.2", number: 2))
    #expect(first.adding(JobChoices(series: "1.3")) == JobChoices(series: "1.3", roi: "GTV"))
    #expect(first.keys == ["series", "roi"] && JobChoices().isEmpty)
  }

  @Test("Only queued jobs run")
  func onlyQueuedJobsRun() {
    #expect(JobState.allCases.filter { $0.successors.contains(.running) } == [.queued])
  }

  @Test("Ids sort by time and are validated when read")
  func idsSortByTimeAndAreValidated() {
    let ids = (0..<5000).map { _ in JobID.new() }
    #expect(ids == ids.sorted())
    #expect(Set(ids).count == ids.count)
    #expect(JobID(ids[0].text) == ids[0])
    for text in [
      "", "x", ids[0].text + "0", ids[0].text.uppercased() + " ", "../../../../etc/passwd.............",
      "0123456789abcdef0123456789abcdef0123",
    ] {
      #expect(JobID(text) == nil, "\(text)")
    }
  }

  @Test("Timestamps are read back as they were written")
  func timestampsRoundTrip() throws {
    let now = Timestamp(milliseconds: 1_795_432_424_348)
    #expect(now.description == "2026-11-23T11:13:44.348Z")
    #expect(Timestamp.since("2026-11-23T11:13:44.348Z") == now)
    #expect(Timestamp.since("24h", now: now)?.milliseconds == now.milliseconds - 86_400_000)
    #expect(Timestamp.since("7d", now: now)?.milliseconds == now.milliseconds - 604_800_000)
    #expect(Timestamp.since("2026-11-23")?.description == "2026-11-23T00:00:00.000Z")
    #expect(Timestamp.since("2026-11-23T11:13")?.description == "2026-11-23T11:13:00.000Z")
    for text in ["", "yesterday", "2026-13-01", "2026-11-23X", "-5h", "99999999999d"] {
      #expect(Timestamp.since(text) == nil, "\(text)")
    }
  }
}
