import Errors
import Imaging
import Testing

@Suite("Regions large enough for features")
struct ROICheckTests {
  private let geometry = Geometry(size: SIMD3(8, 8, 6))

  private func mask(_ x: ClosedRange<Int>, _ y: ClosedRange<Int>, _ z: ClosedRange<Int>) -> Mask {
    var voxels = [UInt8](repeating: 0, count: geometry.count)
    for k in z { for j in y { for i in x { voxels[geometry.offset(i, j, k)] = 1 } } }
    return Mask(geometry: geometry, voxels: voxels)
  }

  private func notes(_ mask: Mask) throws -> [String] { try checkROI(mask).map(\.code) }

  private func code(_ mask: Mask, minimum: Int = 10) -> ErrorCode? {
    #expect(throws: StudyError.self) { try checkROI(mask, minimumVoxels: minimum) }?.code
  }

  @Test("an empty region, a single voxel, a line and too few voxels are refused")
  func tooSmallRegionsAreRefused() throws {
    #expect(code(Mask(geometry: geometry, voxels: [UInt8](repeating: 0, count: geometry.count))) == .maskEmpty)
    #expect(code(mask(3...3, 3...3, 3...3)) == .roiTooSmall)
    #expect(code(mask(3...3, 3...3, 3...3), minimum: 1) == .roiTooSmall)
    #expect(code(mask(0...7, 3...3, 3...3), minimum: 2) == .roiLine)
    #expect(code(mask(3...3, 3...3, 0...5), minimum: 2) == .roiLine)
    #expect(code(mask(2...4, 2...4, 2...2)) == .roiTooSmall)
    #expect(throws: Never.self) { try checkROI(mask(2...4, 2...4, 2...2), minimumVoxels: 9) }
  }

  @Test("the position of a region is noted")
  func regionPositionIsNoted() throws {
    #expect(try notes(mask(2...5, 2...5, 2...3)) == [])
    #expect(try notes(mask(2...5, 2...5, 2...2)) == ["ROI_SINGLE_SLICE"])
    #expect(try notes(mask(0...5, 2...5, 2...3)) == ["ROI_TOUCHES_BORDER"])
    #expect(try notes(mask(2...5, 2...7, 2...3)) == ["ROI_TOUCHES_BORDER"])
    #expect(try notes(mask(2...5, 2...5, 0...3)) == ["ROI_TOUCHES_END"])
    #expect(try notes(mask(2...7, 2...5, 4...5)) == ["ROI_TOUCHES_BORDER", "ROI_TOUCHES_END"])
  }
}
