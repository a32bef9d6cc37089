import DICOM
import Errors
import Imaging
import Testing

@Suite("Phases that share one series")
struct PhaseTests {
  /// Two phases of eight slices; `mark` writes what tells them apart: phase, slice.
  private func series(_ mark: (inout CTSlice, Int, Int) -> Void) -> [CTSlice] {
    var slices: [CTSlice] = []
    for phase in 0..<2 {
      for (index, slice) in smallSlices(8, seed: 5 + UInt64(phase)).enumerated() {
        var slice = slice
        slice.attributes[0x0020_000E] = smallSlices()[0].attributes[0x0020_000E]
        slice.attributes[0x0020_000D] = smallSlices()[0].attributes[0x0020_000D]
        slice.attributes[0x0020_0052] = smallSlices()[0].attributes[0x0020_0052]
        slice.set(0x0008_0018, "2.25.\(phase + 1)\(index)")
        mark(&slice, phase, index)
        slices.append(slice)
      }
    }
    return slices
  }

  enum Mark: CaseIterable {
    case acquisition, time, slowTime, content, temporal, trigger
  }

  @Test(
    "phases are separated by number or time, and each is a series of its own",
    arguments: [
      (.acquisition, "acquisition-2", "acquisition-10"), (.time, "time-081000", "time-081230.5"),
      (.slowTime, "time-081000", "time-081100"), (.content, "content-081000", "content-081100"),
      (.temporal, "temporal-1", "temporal-2"), (.trigger, "trigger-0", "trigger-350.5"),
    ] as [(Mark, String, String)])
  func phasesBecomeSeriesOfTheirOwn(_ mark: Mark, _ first: String, _ second: String) throws {
    let folder = try StudyFolder()
    var slices = series { slice, phase, index in
      switch mark {
      case .acquisition: slice.set(0x0020_0012, phase == 0 ? "2" : "10")
      case .time: slice.set(0x0008_0032, phase == 0 ? "081000" : "081230.5")
      // Every slice has a time of its own; all of the second phase are later.
      case .slowTime: slice.set(0x0008_0032, "081\(phase)0\(index)")
      case .content: slice.set(0x0008_0033, "081\(phase)0\(index)")
      case .temporal: slice.set(0x0020_0100, "\(phase + 1)")
      case .trigger: slice.set(0x0018_1060, phase == 0 ? "0" : "350.5")
      }
    }
    // A scout and a copy do not come between.
    var scout = slices[0]
    scout.set(0x0008_0018, "2.25.8")
    scout.set(0x0008_0008, "ORIGINAL\\PRIMARY\\LOCALIZER")
    slices += [scout, slices[3]]
    slices.shuffle()
    try folder.write(slices)
    let scan = try folder.scan()
    try #require(scan.ctSeries.map(\.part) == [first, second])
    #expect(Set(scan.series.map(\.uid)).count == 1)
    #expect(scan.series[1].identifier == scan.series[1].uid + "#" + second)
    #expect(scan.series[1].isNamed(scan.series[0].uid) && !scan.series[1].isNamed(scan.series[0].identifier))
    let volumes = try scan.series.map { try loadVolume($0) }
    #expect(volumes[0].volume.voxels == smallVolume().voxels)
    #expect(volumes[1].volume.voxels == smallVolume(8, seed: 6).voxels)
    #expect(volumes.allSatisfy { $0.stack.dropped.contains { $0.reason == .localizer } })
  }

  @Test("where nothing separates the phases, or a part has a gap, the series is refused", arguments: 0..<3)
  func inseparablePhasesAreRefused(_ kind: Int) throws {
    let folder = try StudyFolder()
    var slices = series { slice, phase, index in
      switch kind {
      case 0: break
      // Times overlap: an interleaved acquisition is no two phases.
      case 1: slice.set(0x0008_0032, "0810\(10 + 2 * index + phase)")
      default: slice.set(0x0020_0012, String(phase))
      }
    }
    if kind == 2 { slices.remove(at: 11) }
    try folder.write(slices)
    let scan = try folder.scan()
    #expect(scan.series.map(\.part) == [nil])
    #expect(try folder.refusal() == "E_DUPLICATE_POSITION")
  }

  @Test("two stretches without a repeated position stay one series, whatever their numbers")
  func stretchesStayOneSeries() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in slices.indices { slices[i].set(0x0020_0012, i < 4 ? "1" : "2") }
    try folder.write(slices)
    #expect(try folder.scan().series.map(\.part) == [nil])
    #expect(try folder.load().volume == smallVolume())
  }
}
