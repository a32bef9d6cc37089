import DICOM
import DICOMMasks
import Errors
import Imaging
import TestKit
import Testing

@Suite("Segmentations against what they state")
struct SegmentationReferenceTests {
  /// Eight slices of 32 x 32, as single images or as frames of an enhanced CT.
  private let folder: StudyFolder
  private let stack: SliceStack

  init() throws {
    folder = try StudyFolder()
    try folder.write(smallSlices())
    stack = try checkGeometry(try folder.scan().series[0])
  }

  private func instance(_ slice: Int) -> String { stack.slices[slice].sopInstanceUID }

  private func place(_ slice: Double) -> SIMD3<Double> { stack.geometry.point(at: Vector3(0, 0, slice)) }

  private let values: [UInt8] = (0..<1024).map { (400..<420).contains($0) ? 1 : 0 }

  private func draft(_ frames: [SegmentationDraft.Frame]) -> SegmentationDraft {
    var draft = SegmentationDraft(rows: 32, columns: 32, segments: [(1, "tumour", "86049000")], frames: frames)
    draft.spacing = (stack.geometry.spacing.y, stack.geometry.spacing.x)
    return draft
  }

  private func outcome(_ draft: SegmentationDraft, on stack: SliceStack? = nil) throws -> (
    voxels: Int, notes: [String], error: StudyError?
  ) {
    try MaskFiles.withSegmentation(draft.bytes) { segmentation in
      do {
        let read = try segmentation.mask(of: segmentation.segments[0], on: stack ?? self.stack)
        return (read.mask.count, read.notes.map(\.code), nil)
      } catch let error as StudyError {
        return (0, [], error)
      }
    }
  }

  private func frames(_ slices: ClosedRange<Int>, _ source: (Int) -> [(instance: String, frame: Int?)])
    -> [SegmentationDraft.Frame]
  { slices.map { .init(1, at: place(Double($0)), values, sources: source($0)) } }

  @Test("frames on the images that they name are accepted without a note")
  func framesOnTheirImagesGiveNoNote() throws {
    let found = try outcome(draft(frames(2...5) { [(instance($0), nil)] }))
    #expect(found.voxels == 80 && found.notes.isEmpty)
  }

  @Test("a frame more than half a slice from the image that it names is refused", arguments: [1, 2, -1])
  func frameAwayFromItsImageIsRefused(_ shift: Int) throws {
    let all = try outcome(draft(frames(2...5) { [(instance($0 + shift), nil)] }))
    #expect(all.error?.code.name == "E_IMAGE_REFERENCE")
    let one = try outcome(draft(frames(2...5) { [(instance($0 == 3 ? 3 + shift : $0), nil)] }))
    #expect(one.error?.code.name == "E_IMAGE_REFERENCE")
    #expect(one.error?.message.contains("1 of 4 frames") == true)
    #expect(one.error?.slice == 3)
  }

  @Test("a frame slightly beside its image is noted")
  func frameBesideItsImageIsNoted() throws {
    var frames = frames(2...5) { [(instance($0), nil)] }
    frames[1].position.z += 0.3
    let found = try outcome(draft(frames))
    #expect(found.notes == ["GEOM_ROUNDED", "IMAGE_REFERENCE"] && found.voxels == 80)
  }

  @Test("an empty frame may name any image")
  func emptyFrameMayNameAnyImage() throws {
    var frames = frames(2...5) { [(instance($0), nil)] }
    frames.append(.init(1, at: place(6), values.map { _ in 0 }, sources: [(instance(0), nil)]))
    #expect(try outcome(draft(frames)).notes.isEmpty)
  }

  @Test("references of all frames to all images, to other series or to positions not preserved are ignored")
  func generalReferencesAreIgnored() throws {
    let all = (0..<8).map { (instance: instance($0), frame: Int?.none) }
    #expect(try outcome(draft(frames(2...5) { _ in all })).notes.isEmpty)
    #expect(try outcome(draft(frames(2...5) { [("1.2.3.\($0)", nil)] })).notes.isEmpty)
    var unpreserved = draft(frames(2...5) { _ in [(instance(0), nil)] })
    unpreserved.preserved = "NO"
    #expect(try outcome(unpreserved).notes.isEmpty)
    // One image for all.
    let same = try outcome(draft(frames(2...5) { _ in [(instance(0), nil)] }))
    #expect(same.notes == ["IMAGE_REFERENCE"] && same.voxels == 80)
  }

  @Test("frames of an enhanced CT are named by their numbers")
  func enhancedFramesAreNamedByNumber() throws {
    let folder = try StudyFolder()
    try EnhancedCT(smallSlices(), order: EnhancedCTTests.order).write(to: folder.path + "/mf")
    let stack = try checkGeometry(try folder.scan().series[0])
    func frames(_ shift: Int, numbered: Bool = true) -> [SegmentationDraft.Frame] {
      self.frames(2...5) {
        [("2.25.100", numbered ? EnhancedCTTests.order.firstIndex(of: $0 + shift)! + 1 : nil)]
      }
    }
    #expect(try outcome(draft(frames(0)), on: stack).notes.isEmpty)
    #expect(try outcome(draft(frames(2)), on: stack).error?.code.name == "E_IMAGE_REFERENCE")
    #expect(try outcome(draft(frames(2, numbered: false)), on: stack).notes.isEmpty)
  }

  @Test("label maps are compared too")
  func labelMapFramesAreCompared() throws {
    var draft = draft(frames(2...5) { [(instance($0 + 2), nil)] })
    draft.type = "LABELMAP"
    #expect(try outcome(draft).error?.code.name == "E_IMAGE_REFERENCE")
  }

  @Test("slices that a segment spans and the series lacks are missing slices", arguments: [6...10, -3...2])
  func segmentBeyondSeriesMeansMissingSlices(_ slices: ClosedRange<Int>) throws {
    let found = try outcome(draft(frames(slices) { _ in [] }))
    #expect(found.error?.code.name == "E_SLICES_MISSING")
    let here = slices.count { (0..<8).contains($0) }
    #expect(found.error?.message.contains("spans \(slices.count) slices, of which \(here) are here") == true)
    #expect(found.error?.mayBeIncompleteCopy == true)
    // Beside the slices as well, it is another grid.
    var beside = frames(slices) { _ in [] }
    for i in beside.indices { beside[i].position.x += 1.1 }
    #expect(try outcome(draft(beside)).error?.code.name == "E_GEOM_MISMATCH")
    // Nothing of it is here: it may be of another series.
    #expect(try outcome(draft(frames(9...11) { _ in [] })).error?.code.name == "E_GEOM_MISMATCH")
  }

  @Test(
    "a fractional segment that never reaches half of its maximum, or exceeds it, is refused by name",
    arguments: [(1, 255), (127, 255), (255, 1000), (255, 1), (3, 2)])
  func fractionalValuesOutOfRangeAreRefused(_ value: Int, _ maximum: Int) throws {
    var draft = draft([.init(1, at: place(2), values.map { $0 * UInt8(value) })])
    draft.type = "FRACTIONAL"
    draft.maximum = maximum
    let error = try outcome(draft).error
    #expect(error?.code.name == "E_FRACTIONAL_VALUES")
    #expect(error?.message.contains("value \(value) of \(maximum)") == true)
    draft.frames = [.init(1, at: place(2), values.map { $0 * 128 })]
    draft.maximum = 255
    #expect(try outcome(draft).voxels == 20)
  }

  @Test("segments used by frames must be described; values of a label map should be")
  func undescribedSegmentsAreRefused() throws {
    var frames = frames(2...5) { _ in [] }
    frames[2].segment = 5
    #expect(#expect(throws: StudyError.self) { try outcome(draft(frames)) }?.code.name == "E_SEGMENTATION")
    var labels = draft(self.frames(2...5) { _ in [] })
    labels.type = "LABELMAP"
    labels.frames[1].values[0] = 9
    let found = try outcome(labels)
    #expect(found.notes == ["SEGMENT_UNDESCRIBED"] && found.voxels == 80)
  }

  @Test("the stated, described and stored numbers of frames must agree")
  func frameCountsMustAgree() throws {
    var draft = draft(frames(2...5) { _ in [] })
    draft.statedFrames = 3
    #expect(#expect(throws: StudyError.self) { try outcome(draft) }?.code.name == "E_SEGMENTATION")
    draft.statedFrames = 5
    #expect(#expect(throws: StudyError.self) { try outcome(draft) }?.code.name == "E_TRUNCATED")
    var more = draft
    more.statedFrames = nil
    more.frames[3].values += more.frames[3].values
    #expect(#expect(throws: StudyError.self) { try outcome(more) }?.code.name == "E_SEGMENTATION")
  }

  @Test("frames of a series of rounded positions lie at the positions of the series", arguments: [0.45, 0.625])
  func roundedFramesFollowTheSeries(_ spacing: Double) throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    let heights = slices.indices.map { ((-20 + spacing * Double($0)) * 10).rounded() / 10 }
    for i in slices.indices { slices[i].set(0x0020_0032, [-38.75, -38.75, heights[i]]) }
    try folder.write(slices)
    let stack = try checkGeometry(try folder.scan().series[0])
    let frames = (2...5).map { SegmentationDraft.Frame(1, at: SIMD3(-38.75, -38.75, heights[$0]), values) }
    #expect(try outcome(draft(frames), on: stack).voxels == 80)
  }
}
