import Files
import Intake
import Jobs
import Testing

/// `Settling` behind a reference, since an expectation cannot call what changes a value.
private final class Desk {
  private var value: Settling
  init(_ value: Settling) { self.value = value }
  func present(_ names: [InboxEntry], at now: Double) -> [InboxEntry] { value.present(names, at: now) }
  func listing(_ names: [InboxEntry]) { value.listing(names) }
  func listed(_ name: InboxEntry, _ listing: Listing, at now: Double) -> Bool { value.listed(name, listing, at: now) }
  func probed(_ name: InboxEntry, fingerprint: String, _ verdict: Settling.Verdict, at now: Double) {
    value.probed(name, fingerprint: fingerprint, verdict, at: now)
  }
  func hint(_ name: InboxEntry) { value.hint(name) }
  func remove(_ name: InboxEntry) { value.remove(name) }
  func due(at now: Double) -> [InboxEntry] { value.due(at: now) }
  var nextDue: Double? { value.nextDue }
  var takeable: [InboxEntry] { value.takeable }
  var studies: [InboxEntry: WaitingStudy] { value.studies }
}

/// When a study is looked at and taken, second by second, without a clock.
@Suite struct SettlingTests {
  private static let name = InboxEntry(FileName("study")!)

  private func listing(_ fingerprint: String, files: Int = 1, _ edit: (inout Listing) -> Void = { _ in }) -> Listing {
    var listing = Listing()
    listing.fingerprint = fingerprint
    listing.files = files
    edit(&listing)
    return listing
  }

  private func settling() -> Desk {
    let settling = Desk(Settling(timing: Settling.Timing(settle: 10, incomplete: 300)))
    #expect(settling.present([Self.name], at: 0) == [])
    return settling
  }

  @Test func aStudyIsProbedOneQuietTimeAfterItsLastChange() {
    let settling = settling()
    #expect(settling.due(at: 0) == [Self.name])
    settling.listing([Self.name])
    #expect(!settling.listed(Self.name, listing("a"), at: 1))
    #expect(settling.nextDue == 11)
    #expect(!settling.listed(Self.name, listing("b"), at: 11), "it changed")
    #expect(!settling.listed(Self.name, listing("b"), at: 20), "nine seconds are not ten")
    #expect(settling.listed(Self.name, listing("b"), at: 21))
    #expect(settling.studies[Self.name]?.phase == .probing)
    #expect(settling.due(at: 100) == [], "while it is probed it is left alone")
    settling.probed(Self.name, fingerprint: "b", .complete, at: 22)
    #expect(settling.takeable == [Self.name])
  }

  @Test func aChangeDuringTheProbeIsSeenBeforeAnythingIsTaken() {
    let settling = settling()
    settling.listing([Self.name])
    _ = settling.listed(Self.name, listing("a"), at: 1)
    _ = settling.listed(Self.name, listing("a"), at: 11)
    settling.hint(Self.name)
    settling.probed(Self.name, fingerprint: "a", .complete, at: 12)
    #expect(settling.takeable == [])
    #expect(settling.due(at: 13) == [Self.name])
    settling.listing([Self.name])
    #expect(!settling.listed(Self.name, listing("b"), at: 13))
    #expect(settling.takeable == [])
    #expect(settling.studies[Self.name]?.phase == .settling)
  }

  @Test func anEventDuringAListingCallsForAnother() {
    let settling = settling()
    settling.listing([Self.name])
    settling.hint(Self.name)
    _ = settling.listed(Self.name, listing("a"), at: 1)
    #expect(settling.due(at: 2) == [Self.name])
  }

  @Test func anIncompleteStudyWaitsAndIsThenRefusedForWhatItLacks() {
    let missing = JobError(code: "E_MASK_MISSING", message: "no mask")
    let settling = settling()
    settling.listing([Self.name])
    _ = settling.listed(Self.name, listing("a"), at: 1)
    _ = settling.listed(Self.name, listing("a"), at: 11)
    settling.probed(Self.name, fingerprint: "a", .incomplete(missing), at: 12)
    #expect(settling.studies[Self.name]?.phase == .incomplete(missing))
    #expect(settling.nextDue == 301, "300 s after the last change at 1")
    #expect(!settling.listed(Self.name, listing("a"), at: 200))
    #expect(settling.takeable == [])
    #expect(!settling.listed(Self.name, listing("a"), at: 301))
    #expect(settling.studies[Self.name]?.phase == .ready(refusal: missing))
    #expect(settling.takeable == [Self.name])
  }

  @Test func aFolderWithNothingInItIsIgnoredForADay() {
    let settling = settling()
    let nothing = listing("a", files: 0)
    for time in [0.0, 11, 86_000] {
      settling.listing([Self.name])
      #expect(!settling.listed(Self.name, nothing, at: time))
      #expect(settling.takeable == [])
    }
    #expect(settling.studies[Self.name]?.phase == .empty)
    settling.listing([Self.name])
    _ = settling.listed(Self.name, nothing, at: 86_500)
    guard case .ready(let refusal?) = settling.studies[Self.name]?.phase else {
      Issue.record("\(String(describing: settling.studies[Self.name]?.phase))")
      return
    }
    #expect(refusal.code == "E_EMPTY" && settling.takeable == [Self.name])
  }

  @Test func aFileThatIsOpenToWriteHoldsAStudyBackForAsLongAsItIs() {
    let settling = settling()
    settling.listing([Self.name])
    _ = settling.listed(Self.name, listing("a"), at: 1)
    for time in [11.0, 21, 1000] {
      #expect(settling.due(at: time) == [Self.name], "its end is looked for")
      settling.listing([Self.name])
      #expect(!settling.listed(Self.name, listing("a") { $0.written = "slice" }, at: time))
      #expect(settling.studies[Self.name]?.phase == .written(file: "slice") && settling.takeable == [])
    }
    #expect(settling.listed(Self.name, listing("a"), at: 1010))
  }

  @Test func unwrittenBlocksHoldAStudyBackAsLongAsAnIncompleteOne() {
    let settling = settling()
    settling.listing([Self.name])
    let sparse = listing("a") { $0.sparse = "slice" }
    _ = settling.listed(Self.name, sparse, at: 1)
    settling.listing([Self.name])
    #expect(!settling.listed(Self.name, sparse, at: 11))
    #expect(settling.studies[Self.name]?.phase == .sparse(file: "slice"))
    #expect(settling.due(at: 300) == [] && settling.nextDue == 301)
    settling.listing([Self.name])
    #expect(settling.listed(Self.name, sparse, at: 301))
  }

  @Test func nothingIsDecidedByAListingThatDidNotLookAtTheFiles() {
    let settling = settling()
    settling.listing([Self.name])
    _ = settling.listed(Self.name, listing("a"), at: 1)
    #expect(!settling.listed(Self.name, listing("a") { $0.isClose = false }, at: 11))
    #expect(settling.studies[Self.name]?.phase == .settling && settling.due(at: 12) == [Self.name])
    #expect(settling.listed(Self.name, listing("a"), at: 12))
  }

  @Test func aCopyThatGoesOnIsProbedAgain() {
    let settling = settling()
    settling.listing([Self.name])
    _ = settling.listed(Self.name, listing("a"), at: 1)
    _ = settling.listed(Self.name, listing("a"), at: 11)
    settling.probed(Self.name, fingerprint: "a", .incomplete(JobError(code: "E_X", message: "")), at: 12)
    #expect(!settling.listed(Self.name, listing("b"), at: 290))
    #expect(!settling.listed(Self.name, listing("b"), at: 299))
    #expect(settling.listed(Self.name, listing("b"), at: 300))
  }

  @Test func aReadyFileShortensTheWait() {
    let settling = settling()
    settling.listing([Self.name])
    _ = settling.listed(Self.name, listing("a") { $0.isReady = true }, at: 1)
    #expect(settling.nextDue == 2)
    #expect(settling.listed(Self.name, listing("a") { $0.isReady = true }, at: 2))
    settling.probed(Self.name, fingerprint: "a", .incomplete(JobError(code: "E_X", message: "")), at: 3)
    #expect(settling.takeable == [Self.name], "it says it is complete, so what is missing will not come")
  }

  @Test func aProbeThatFailsIsTriedOnceMoreAndThenAJobFindsOut() {
    let settling = settling()
    settling.listing([Self.name])
    _ = settling.listed(Self.name, listing("a"), at: 1)
    #expect(settling.listed(Self.name, listing("a"), at: 11))
    settling.probed(Self.name, fingerprint: "a", .unknown, at: 12)
    #expect(settling.takeable == [])
    #expect(settling.listed(Self.name, listing("a"), at: 13))
    settling.probed(Self.name, fingerprint: "a", .unknown, at: 14)
    #expect(settling.takeable == [Self.name])
  }

  @Test func manyStudiesAreListedAFewAtATime() {
    let names = (0..<1000).map { InboxEntry(FileName("s\($0)")!) }
    let settling = Desk(Settling(timing: Settling.Timing(settle: 10, incomplete: 300), breadth: 64))
    _ = settling.present(names, at: 0)
    let first = settling.due(at: 0)
    #expect(first.count == 64)
    settling.listing(first)
    for name in first { _ = settling.listed(name, listing("a"), at: 1) }
    #expect(settling.due(at: 2) == [])
    #expect(settling.nextDue == 11)
    settling.remove(first[0])
    #expect(settling.due(at: 2).count == 1)
  }

  @Test func studiesThatAreGoneAreForgotten() {
    let settling = settling()
    #expect(settling.present([], at: 1) == [Self.name])
    #expect(settling.studies.isEmpty)
    #expect(settling.nextDue == nil)
    #expect(!settling.listed(Self.name, listing("a"), at: 2))
  }

  @Test func namesThatLookAlikeAreTwoNames() throws {
    let composed = try #require(FileName("caf\u{E9}"))
    let decomposed = try #require(FileName("cafe\u{301}"))
    #expect(composed != decomposed)
    #expect(composed.display != decomposed.display || composed.bytes != decomposed.bytes)
    for bytes: [UInt8] in [
      [], [0x2E], [0x2E, 0x2E], Array("a/b".utf8), [0x61, 0], [UInt8](repeating: 0x61, count: 256),
    ] {
      #expect(FileName(bytes) == nil)
    }
    #expect(FileName([0x61, 0xFF])?.display == "a%FF")
    #expect(FileName("a\nb")?.display == "a%0Ab")
    #expect(FileName("50% grey")?.display == "50% grey")
    #expect(FileName(" x.")?.display == "%20x.")
  }

  @Test(arguments: [
    ("event /in/study/a b", WatchRecord.event(SettlingTests.name)), ("event /in/study", .event(SettlingTests.name)),
    ("event /in/urgent/study/a b", .event(InboxEntry(FileName("study")!, isUrgent: true))),
    ("event /in/urgent", .other),
    ("event /in", .other), ("event /elsewhere/x", .other), ("overflow", .overflow), ("lost", .lost),
    ("watching 12", .watching(folders: 12)), ("degraded no watches", .degraded(reason: "no watches")),
  ])
  func recordsOfTheWatcher(text: String, record: WatchRecord) {
    var reader = WatchRecordReader(inbox: Path("/in"))
    let bytes = Array(text.utf8)
    let first = reader.read(bytes.prefix(3))
    let rest = reader.read(bytes.dropFirst(3) + [0] + Array("nonsense\0".utf8))
    #expect(first == [])
    #expect(rest == [record])
  }
}
