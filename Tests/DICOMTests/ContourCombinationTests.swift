import DICOM
import DICOMMasks
import Errors
import Foundation
import Imaging
import TestKit
import Testing

@Suite("Contours of one slice together")
struct ContourCombinationTests {
  private typealias Drawn = (type: String, points: [SIMD3<Double>])
  private let grid = smallGrid

  private func mask(_ contours: [Drawn]) throws -> (mask: Mask, notes: [String]) {
    let set = try MaskFiles.structureSet(StructureSetDraft([.init(1, "T", contours)]).bytes)
    let drawn = try set.mask(of: set.regions[0], on: grid)
    return (drawn.mask, drawn.notes.map(\.code))
  }

  private func box(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double) -> Drawn {
    grid.line([(left, top), (right, top), (right, bottom), (left, bottom)], slice: 1)
  }

  private func refusal(_ contours: [Drawn]) throws -> ErrorCode? {
    #expect(throws: StudyError.self) { try mask(contours) }?.code
  }

  @Test("a contour that is stored twice counts once, however it is written")
  func duplicateContourCountsOnce() throws {
    let line = grid.line([(1.5, 1.5), (6.5, 2.5), (7.5, 6.5), (3.5, 8.5)], slice: 1)
    let once = try mask([line]).mask
    #expect(once.count > 20)
    let points = line.points
    let ways: [[SIMD3<Double>]] = [
      points, points.reversed(), Array(points[2...] + points[..<2]), points + [points[0]],
      [points[0], (points[0] + points[1]) / 2] + points[1...], points.map { $0 + SIMD3(0.005, -0.005, 0) },
    ]
    for way in ways {
      let twice = try mask([line, (line.type, way)])
      #expect(twice.mask == once)
      #expect(twice.notes.contains("CONTOUR_REPEATED") && !twice.notes.contains("CONTOUR_UNION"))
      #expect(try mask([(line.type, way), line]).mask == once)
    }
    // Traced twice within one contour.
    #expect(try mask([(line.type, points + points)]).mask == once)
    #expect(try mask([(line.type, points + [points[0]] + points)]).mask == once)
    // Three times, and a hole twice.
    #expect(try mask([line, line, line]).mask == once)
    let hole = box(3.5, 3.5, 5.5, 5.5)
    #expect(try mask([line, hole, hole]).mask == mask([line, hole]).mask)
  }

  @Test("contours that cross form a union")
  func crossingContoursAreUnited() throws {
    let cross = try mask([box(0.5, 3.5, 8.5, 5.5), box(3.5, 0.5, 5.5, 8.5)])
    #expect(cross.mask.count == 16 + 16 - 4)
    #expect(cross.notes == ["CONTOUR_UNION"])
    // Sharing parts of their edges.
    #expect(try mask([box(0.5, 0.5, 4.5, 4.5), box(2.5, 0.5, 6.5, 4.5)]).mask.count == 24)
    // Crossing where both have points.
    #expect(
      try mask([
        grid.line([(0.5, 0.5), (4.5, 0.5), (4.5, 2.5), (4.5, 4.5), (2.5, 4.5), (0.5, 4.5)], slice: 1),
        grid.line([(2.5, 2.5), (4.5, 2.5), (6.5, 2.5), (6.5, 6.5), (2.5, 6.5), (2.5, 4.5)], slice: 1),
      ]).mask.count == 16 + 16 - 4)
    // A ring of two strokes keeps its middle free; a line in there is an island.
    let strokes: [Drawn] = [
      grid.line([(0.5, 0.5), (8.5, 0.5), (8.5, 2.5), (2.5, 2.5), (2.5, 8.5), (0.5, 8.5)], slice: 1),
      grid.line([(8.5, 8.5), (0.5, 8.5), (0.5, 6.5), (6.5, 6.5), (6.5, 0.5), (8.5, 0.5)], slice: 1),
    ]
    #expect(try mask(strokes).mask.count == 64 - 16)
    #expect(try mask(strokes + [box(3.5, 3.5, 5.5, 5.5)]).mask.count == 64 - 16 + 4)
  }

  @Test("a contour that leaves another by less than a pixel is refused: a hole, or a part of the union")
  func contourThatBarelyLeavesAnotherIsRefused() throws {
    let outer = box(0.5, 0.5, 6.5, 6.5)
    for poking in [0.05, 0.1, 0.3, 0.45] {
      let lines = [outer, box(2.5, 2.5, 6.5 + poking, 4.5)]
      let error = try #require(throws: StudyError.self) { try mask(lines) }
      #expect(error.code == .contourAmbiguous && error.message.contains("8 voxels"))
      #expect(try refusal(lines.reversed()) == .contourAmbiguous)
    }
    // More than a pixel, or half of it, outside is a stroke; nearly the same outline is a repetition.
    let spike: Drawn = grid.line(
      [(1.5, 1.5), (5.5, 1.5), (5.5, 3.2), (8.6, 3.4), (5.5, 3.6), (5.5, 5.5), (1.5, 5.5)], slice: 1)
    #expect(try mask([outer, spike]).mask.count == 36)
    #expect(try mask([outer, box(4.5, 2.5, 8.5, 4.5)]).mask.count == 36 + 4)
    #expect(try mask([outer, box(0.45, 0.55, 6.45, 6.55)]).mask.count == 36)
  }

  @Test("a contour less than a pixel within another all along is refused, a wall of a pixel and a half is a wall")
  func contourLessThanAPixelWithinAnotherIsRefused() throws {
    let outer = box(0.5, 0.5, 8.5, 8.5)
    for wall in [0.03, 0.3, 0.65] {
      let lines = [outer, box(0.5 + wall, 0.5 + wall, 8.5 - wall, 8.5 - wall)]
      let error = try #require(throws: StudyError.self) { try mask(lines) }
      #expect(error.code == .contourAmbiguous && error.message.contains("less than a pixel"))
      #expect(try refusal(lines.reversed()) == .contourAmbiguous)
    }
    #expect(try mask([outer, box(2, 2, 7, 7)]).mask.count == 64 - 16)
    // A wall that is thin on one side alone.
    #expect(try mask([outer, box(0.75, 2.5, 6.5, 6.5)]).mask.count == 64 - 24)
    // The same outline with fewer points.
    let round = (0..<64).map { (index: Int) -> (Double, Double) in
      let angle = Double(index) * .pi / 32
      return (4.6 + 4.1 * cos(angle), 4.7 + 4.1 * sin(angle))
    }
    let coarse = stride(from: 0, to: 64, by: 4).map { round[$0] }
    #expect(try refusal([grid.line(round, slice: 1), grid.line(coarse, slice: 1)]) == .contourAmbiguous)
  }

  @Test("contours that touch along an edge or in a point do not cross, and a hole may touch the outline")
  func touchingContoursDoNotCross() throws {
    let beside = try mask([box(0.5, 0.5, 3.5, 3.5), box(3.5, 1.5, 6.5, 4.5), box(6.5, 4.5, 8.5, 6.5)])
    #expect(beside.mask.count == 9 + 9 + 4)
    #expect(beside.notes.isEmpty)
    let hole = try mask([box(0.5, 0.5, 6.5, 6.5), box(0.5, 2.5, 3.5, 4.5)])
    #expect(hole.mask.count == 36 - 6)
    #expect(hole.notes == ["CONTOUR_HOLES"])
    // The same with rounding that puts the hole a little beyond.
    #expect(try mask([box(0.5, 0.5, 6.5, 6.5), box(0.495, 2.5, 3.5, 4.5)]).mask == hole.mask)
  }

  @Test("a keyhole is a hole in whichever direction it is traced, and a figure of eight is both its halves")
  func keyholeAndFigureOfEightAreFilled() throws {
    let outer = [(0.5, 0.5), (7.5, 0.5), (7.5, 7.5), (0.5, 7.5)]
    let inner = [(2.5, 2.5), (4.5, 2.5), (4.5, 4.5), (2.5, 4.5)]
    for hole in [inner, inner.reversed()] {
      let line = outer + [outer[0]] + hole + [hole[0]]
      let found = try mask([grid.line(line, slice: 1)])
      #expect(found.mask.count == 49 - 4)
      // And an island in it, and the keyhole twice.
      #expect(try mask([grid.line(line, slice: 1), box(2.75, 2.75, 3.25, 3.25)]).mask.count == 49 - 4 + 1)
      #expect(try mask([grid.line(line, slice: 1), grid.line(line, slice: 1)]).mask == found.mask)
    }
    let eight = try mask([grid.line([(0.5, 0.5), (8.5, 8.5), (8.5, 0.5), (0.5, 8.5)], slice: 1)])
    #expect(eight.mask.count > 20)
  }

  @Test("a contour that overlaps itself, and both types in one slice, are refused by name")
  func selfOverlappingContourIsRefused() throws {
    let overlap = [(0.5, 0.5), (6.5, 0.5), (6.5, 6.5), (2.5, 6.5), (2.5, -0.25), (4.5, -0.25), (4.5, 4.5), (0.5, 4.5)]
    #expect(try refusal([grid.line(overlap, slice: 1)]) == .contourAmbiguous)
    let xor = grid.square(2.5, 4.5, slice: 1, type: "CLOSEDPLANAR_XOR")
    #expect(try refusal([box(0.5, 0.5, 6.5, 6.5), xor]) == .contourAmbiguous)
    #expect(try refusal([xor, xor]) == .contourAmbiguous)
    // In different slices they do not meet.
    #expect(
      try mask([box(0.5, 0.5, 6.5, 6.5), grid.square(2.5, 4.5, slice: 2, type: "CLOSEDPLANAR_XOR")]).mask.count == 40)
    // XOR stays XOR where contours cross.
    func crossing(_ type: String) -> [Drawn] {
      [box(0.5, 3.5, 8.5, 5.5), box(3.5, 0.5, 5.5, 8.5)].map { (type, $0.points) }
    }
    #expect(try mask(crossing("CLOSEDPLANAR_XOR")).mask.count == 24)
  }

  @Test("contours that cross each other everywhere reach a limit and do not hang")
  func manyCrossingsReachALimit() throws {
    // Up and down 3000 times, and the same again: every edge meets every other's rows.
    let points = (0..<3000).map { (index: Int) -> (Double, Double) in
      (Double(index) / 400 + 0.3, index.isMultiple(of: 2) ? 0.2 : 8.7)
    }
    let zigzag = grid.line(points, slice: 1, type: "CLOSEDPLANAR_XOR")
    let lines = [zigzag, zigzag]
    #expect(try refusal(lines) == .limit)
    // A thousand contours of a slice, and one of many points, are none.
    let many = (0..<972).map { (index: Int) -> Drawn in
      let place = Double(index / 12 % 9)
      return grid.square(place + 0.6, place + 1.4, slice: 1)
    }
    #expect(try mask(many).mask.count == 9)
  }
}
