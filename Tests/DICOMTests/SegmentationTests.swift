import DICOM
import DICOMMasks
import Errors
import Imaging
import TestKit
import Testing

@Suite("Segmentations")
struct SegmentationTests {
  /// 5 x 3 voxels: frames of 15 bits, so that none but the first begins with a byte.
  private let grid = Geometry(size: SIMD3(5, 3, 4), spacing: Vector3(2, 1, 5), origin: Vector3(-4, 8, -20))

  private func place(_ slice: Double) -> SIMD3<Double> { grid.point(at: Vector3(0, 0, slice)) }

  private func frame(_ voxels: Int...) -> [UInt8] { (0..<15).map { voxels.contains($0) ? 1 : 0 } }

  private func draft(_ frames: [SegmentationDraft.Frame]) -> SegmentationDraft {
    var draft = SegmentationDraft(
      rows: 3, columns: 5, segments: [(1, "kidney", "64033007"), (2, "tumour", "86049000")], frames: frames)
    draft.spacing = (1, 2)
    return draft
  }

  private func masks(_ draft: SegmentationDraft) throws -> [(voxels: [Int], notes: [String])] {
    try MaskFiles.withSegmentation(draft.bytes) { segmentation in
      try segmentation.segments.filter { !$0.isBackground }.map { segment in
        let (mask, notes) = try segmentation.mask(of: segment, on: grid)
        return (mask.voxels.indices.filter { mask.voxels[$0] == 1 }, notes.map(\.code))
      }
    }
  }

  @Test("bits are unpacked across bytes, and frames are placed by their positions, whatever their order")
  func bitsAreUnpackedAcrossBytes() throws {
    let found = try masks(
      draft([
        .init(2, at: place(3), frame(0, 14)), .init(1, at: place(0), frame(1)), .init(2, at: place(2), frame(7, 8)),
      ]))
    #expect(found[0].voxels == [1])
    #expect(found[1].voxels == [2 * 15 + 7, 2 * 15 + 8, 3 * 15, 3 * 15 + 14])
    #expect(found.allSatisfy { $0.notes.isEmpty })
  }

  @Test("overlap is counted, gaps are noted")
  func overlapIsCountedAndGapsAreNoted() throws {
    let found = try masks(
      draft([
        .init(1, at: place(0), frame(1, 2, 3)), .init(1, at: place(3), frame(4)),
        .init(2, at: place(0), frame(2, 3, 9)),
      ]))
    #expect(found[0].notes == ["SEGMENT_GAP", "SEGMENT_OVERLAP"])
    #expect(found[1].voxels == [2, 3, 9])
    #expect(found[1].notes == ["SEGMENT_OVERLAP"])
  }

  @Test("two frames of a segment in one plane are accepted where they are equal, refused where they differ")
  func differingFramesInOnePlaneAreRefused() throws {
    func check(_ draft: SegmentationDraft, _ other: [UInt8]) throws {
      var twice = draft
      let first = draft.frames[0]
      twice.frames.append(first)
      #expect(try masks(twice)[0].voxels == masks(draft)[0].voxels)
      for isFirst in [false, true] {
        var different = draft
        different.frames.insert(.init(first.segment, at: place(1), other), at: isFirst ? 0 : draft.frames.count)
        let error = try #require(throws: StudyError.self) { try masks(different) }
        #expect(error.code.name == "E_SEGMENTATION" && error.slice == 1)
      }
    }
    let binary = draft([.init(1, at: place(1), frame(1, 2)), .init(1, at: place(2), frame(1))])
    try check(binary, frame(1, 3))
    try check(binary, frame())
    var fractional = draft([.init(1, at: place(1), frame(1, 2).map { $0 * 200 })])
    fractional.type = "FRACTIONAL"
    fractional.maximum = 200
    try check(fractional, frame(1).map { $0 * 200 })
    var labels = draft([.init(0, at: place(1), frame(1, 2))])
    labels.type = "LABELMAP"
    labels.segments.insert((0, "background", "0"), at: 0)
    try check(labels, frame(2))
    // Frames of two segments are no contradiction.
    let two = draft([.init(1, at: place(1), frame(1, 2)), .init(2, at: place(1), frame(2, 3))])
    #expect(try masks(two).map(\.voxels) == [[16, 17], [17, 18]])
  }

  @Test("half of the maximum is inside, less is outside")
  func halfOfMaximumIsInside() throws {
    var draft = draft([.init(1, at: place(1), [0, 1, 99, 100, 101, 200] + [UInt8](repeating: 0, count: 9))])
    draft.type = "FRACTIONAL"
    draft.maximum = 200
    let found = try masks(draft)
    #expect(found[0].voxels == [18, 19, 20])
    #expect(found[0].notes == ["FRACTIONAL_THRESHOLD"])
    draft.maximum = 201
    #expect(try masks(draft)[0].voxels == [19, 20])
  }

  @Test("a label map holds all segments in each frame")
  func labelMapHoldsAllSegments() throws {
    var draft = draft([
      .init(0, at: place(1), [0, 1, 2, 2] + [UInt8](repeating: 0, count: 11)),
      .init(0, at: place(2), [2] + [UInt8](repeating: 0, count: 14)),
    ])
    draft.type = "LABELMAP"
    draft.segments.insert((0, "background", "0"), at: 0)
    let found = try masks(draft)
    #expect(found[0].voxels == [16])
    #expect(found[1].voxels == [17, 18, 30])
  }

  @Test("a frame that lies on no slice is refused, unless it is empty")
  func frameOffTheSlicesIsRefused() throws {
    for position in [place(1.3), place(4), place(-1), place(1) + SIMD3(0.5, 0, 0)] {
      let error = #expect(throws: StudyError.self) { try masks(draft([.init(1, at: position, frame(1))])) }
      #expect(error?.code.name == "E_GEOM_MISMATCH")
      #expect(try masks(draft([.init(1, at: position, frame())]))[0].voxels.isEmpty)
    }
    #expect(try masks(draft([.init(1, at: place(1) + SIMD3(0.1, 0, 0), frame(1))]))[0].notes == ["GEOM_ROUNDED"])
    var coarse = draft([.init(1, at: place(1), frame(1))])
    coarse.spacing = (1, 2.2)
    #expect(#expect(throws: StudyError.self) { try masks(coarse) }?.code.name == "E_GEOM_MISMATCH")
  }

  @Test("headers that contradict each other are refused")
  func contradictingHeadersAreRefused() throws {
    func code(_ change: (inout SegmentationDraft) -> Void) -> String? {
      var draft = draft([.init(1, at: place(1), frame(1))])
      change(&draft)
      return #expect(throws: StudyError.self) { try MaskFiles.withSegmentation(draft.bytes) { _ in } }?.code.name
    }
    #expect(code { $0.type = "OTHER" } == "E_SEGMENTATION")
    #expect(code { $0.segments = [] } == "E_SEGMENTATION")
    #expect(code { $0.segments.append($0.segments[0]) } == "E_SEGMENTATION")
    #expect(code { $0.spacing = (0, 1) } == "E_SEGMENTATION")
    #expect(code { $0.rows = 300 } == "E_TRUNCATED")
    #expect(code { $0.rows = 0 } == "E_SEGMENTATION")
    var fractional = draft([.init(1, at: place(1), frame(1))])
    fractional.type = "FRACTIONAL"
    fractional.maximum = 0
    let error = #expect(throws: StudyError.self) { try MaskFiles.withSegmentation(fractional.bytes) { _ in } }
    #expect(error?.code.name == "E_SEGMENTATION")
  }

  @Test("damaged files are refused or read, and never trap")
  func damagedFilesNeverTrap() throws {
    let bytes = draft([.init(1, at: place(0), frame(1, 2, 3)), .init(2, at: place(1), frame(4))]).bytes
    var random = TestRandom(state: 5)
    var refused = 0
    for round in 0..<400 {
      var damaged = bytes
      if round % 4 == 0 { damaged.removeLast(Int.random(in: 1..<bytes.count - 140, using: &random)) }
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        damaged[Int.random(in: 132..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      do {
        try MaskFiles.withSegmentation(damaged) { segmentation in
          _ = try segmentation.voxelCounts()
          for segment in segmentation.segments { _ = try segmentation.mask(of: segment, on: grid) }
        }
      } catch is StudyError { refused += 1 }
    }
    #expect(refused > 100)
  }
}
