import DICOM
import Errors
import Testing

@Suite("Counts that a series states")
struct StatedCountTests {
  private func outcome(
    images total: Int, present: [Int], _ change: (Int, inout CTSlice) -> Void = { _, _ in }
  ) throws -> (error: StudyError?, notes: [String]) {
    let folder = try StudyFolder()
    var slices = smallSlices(10)
    for i in slices.indices {
      slices[i].set(0x0020_1002, "\(total)")
      slices[i].set(0x0020_0012, "1")
      slices[i].set(0x0020_0013, "\(i + 1)")
      change(i, &slices[i])
    }
    try folder.write(present.map { slices[$0] })
    do {
      return (nil, try folder.load().warnings.map(\.code))
    } catch let error as StudyError {
      return (error, [])
    }
  }

  @Test("images missing at an end are named by their numbers, and a study that may still be copied waits")
  func imagesMissingAtAnEndAreNamed() throws {
    let found = try outcome(images: 10, present: Array(1..<8))
    #expect(found.error?.code.name == "E_IMAGES_MISSING")
    #expect(found.error?.message.contains("7 of the 10 images") == true)
    #expect(found.error?.message.contains("Instance Numbers 1, 9 to 10") == true)
    #expect(found.error?.mayBeIncompleteCopy == true)
  }

  @Test("a whole series, and a smaller stated number, give no note")
  func wholeSeriesGivesNoNote() throws {
    for total in [10, 8, 0] {
      let found = try outcome(images: total, present: Array(0..<10))
      #expect(found.error == nil && found.notes.isEmpty)
    }
  }

  enum Doubt: CaseIterable { case acquisitions, numbersBeyond, sharedNumbers, noNumbers }

  @Test("where other series may have been counted too, the difference is a note", arguments: Doubt.allCases)
  func countOverOtherSeriesIsANote(_ doubt: Doubt) throws {
    let found = try outcome(images: 40, present: Array(0..<10)) { i, slice in
      switch doubt {
      case .acquisitions: slice.set(0x0020_0012, i < 5 ? "1" : "2")
      case .numbersBeyond: slice.set(0x0020_0013, "\(100 + i)")
      case .sharedNumbers: slice.set(0x0020_0013, "\(i / 2 + 1)")
      case .noNumbers: slice.attributes[0x0020_0013] = nil
      }
    }
    #expect(found.error == nil)
    #expect(found.notes == ["IMAGES_IN_ACQUISITION"])
  }

  @Test("numbers that differ from image to image are ignored")
  func differingCountsAreIgnored() throws {
    let found = try outcome(images: 40, present: Array(0..<10)) { i, slice in slice.set(0x0020_1002, "\(20 + i)") }
    #expect(found.error == nil && found.notes.isEmpty)
  }

  @Test("scouts and copies count once")
  func scoutsAndCopiesCountOnce() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in slices.indices {
      slices[i].set(0x0020_1002, "8")
      slices[i].set(0x0020_0012, "1")
      slices[i].set(0x0020_0013, "\(i + 1)")
    }
    slices[0].set(0x0008_0008, "ORIGINAL\\PRIMARY\\LOCALIZER")
    try folder.write(slices)
    try folder.write([slices[3]], prefix: "copy of ")
    #expect(try folder.load().warnings.isEmpty)
  }

  @Test("pixels of more frames than the header says are refused, a few bytes more are noted")
  func excessPixelsAreRefused() throws {
    for (extra, code, notes) in [
      (2, nil, ["PIXEL_EXCESS"]), (1000, nil, ["PIXEL_EXCESS"]), (1024, "E_ATTRIBUTE", []),
    ] as [(Int, String?, [String])] {
      let folder = try StudyFolder()
      var slices = smallSlices()
      slices[2].pixels += [UInt16](repeating: 7, count: extra)
      try folder.write(slices)
      #expect(try folder.refusal() == code)
      if code == nil {
        let loaded = try folder.load()
        #expect(loaded.warnings.map(\.code) == notes)
        #expect(loaded.volume == smallVolume())
      }
    }
    let folder = try StudyFolder()
    var object = EnhancedCT(smallSlices(), order: EnhancedCTTests.order)
    object.object.pixels += object.object.pixels.prefix(1024)
    try object.write(to: folder.path + "/mf")
    #expect(try folder.refusal() == "E_ATTRIBUTE")
  }
}
