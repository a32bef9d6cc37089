import DICOM
import DICOMMasks
import Errors
import Imaging
import TestKit
import Testing

@Suite("Contours through the centres of voxels")
struct ContourConventionTests {
  private let grid = Geometry(
    size: SIMD3(24, 20, 6), spacing: Vector3(0.7, 0.8, 2.5), origin: Vector3(-13.2, -20.5, -101.3))

  /// Bitmaps, a slice each, as contours of every voxel of their borders or with straight runs shortened.
  private func contours(
    _ pictures: [[String]], isShort: Bool, on grid: Geometry? = nil, noise: Double = 0
  ) -> (type: [(type: String, points: [SIMD3<Double>])], voxels: [UInt8]) {
    let grid = grid ?? self.grid
    var random = TestRandom(state: 8)
    var voxels = [UInt8](repeating: 0, count: grid.count)
    var contours: [(type: String, points: [SIMD3<Double>])] = []
    let area = grid.size.x * grid.size.y
    for (slice, picture) in pictures.enumerated() {
      var bitmap = [UInt8](repeating: 0, count: area)
      for (row, line) in picture.enumerated() {
        for (column, character) in line.utf8.enumerated() where character == UInt8(ascii: "#") {
          bitmap[(row + 2) * grid.size.x + column + 2] = 1
        }
      }
      voxels.replaceSubrange(slice * area..<(slice + 1) * area, with: bitmap)
      for border in BorderTracing.borders(bitmap, columns: grid.size.x, rows: grid.size.y) {
        let line = (isShort ? BorderTracing.shortened(border) : border).map {
          (
            Double($0.0) + .random(in: -noise...noise, using: &random),
            Double($0.1) + .random(in: -noise...noise, using: &random)
          )
        }
        contours.append(grid.line(line, slice: Double(slice)))
      }
    }
    return (contours, voxels)
  }

  private func mask(
    _ contours: [(type: String, points: [SIMD3<Double>])], on grid: Geometry? = nil
  ) throws -> (mask: Mask, notes: [String]) {
    let set = try MaskFiles.structureSet(StructureSetDraft([.init(1, "T", contours)]).bytes)
    let drawn = try set.mask(of: set.regions[0], on: grid ?? self.grid)
    return (drawn.mask, drawn.notes.map(\.code))
  }

  static let pictures: [[String]] = [
    // A box, a line beside it that hangs on by a corner, and single voxels.
    ["#####", "#####", "#####", "     #", "      ####", "", "#   ##"],
    // A ring one voxel wide, with a tail; a thicker one with an island.
    ["  #", " # #", "#   #", " # #####", "  #", " #######", " #     #", " #  #  #", " #     #", " #######"],
    // Two holes that touch at a corner, and a hole in the middle of a large block.
    ["########", "#  #####", "####  ##", "## #####", "########"],
    // A spike into a hole, a step, a lone diagonal.
    ["#########", "#       #", "####    #", "#       #", "#########", "         #", "          #", "           #"],
  ]

  @Test(
    "traced masks come back voxel for voxel: lines, rings, holes, islands, single voxels", arguments: [true, false])
  func tracedMasksRoundTrip(_ isShort: Bool) throws {
    let (contours, voxels) = contours(Self.pictures, isShort: isShort)
    let found = try mask(contours)
    #expect(found.mask.voxels == voxels)
    #expect(found.notes.contains("CONTOUR_THROUGH_CENTRES"))
    #expect(!found.notes.contains("CONTOUR_TIES") && !found.notes.contains("CONTOUR_OPEN"))
    for noise in [1e-6, 1e-4, 9e-4] {
      #expect(try mask(self.contours(Self.pictures, isShort: isShort, noise: noise).type).mask.voxels == voxels)
    }
  }

  @Test("the same holds in an oblique series, with coordinates of 16 characters")
  func obliqueSeriesRoundTrips() throws {
    let (a, b) = (0.8660254037844387, 0.5)
    var oblique = grid
    oblique.direction = Matrix3(Vector3(a, b, 0), Vector3(-b * a, a * a, b), Vector3(b * b, -a * b, a))
    var (contours, voxels) = contours(Self.pictures, isShort: true, on: oblique)
    for i in contours.indices {
      contours[i].points = contours[i].points.map { point in
        func digits(_ value: Double) -> Double { Double("\(value)".prefix(16)) ?? value }
        return SIMD3(digits(point.x), digits(point.y), digits(point.z))
      }
    }
    #expect(try mask(contours, on: oblique).mask.voxels == voxels)
  }

  @Test("all contours twice give the same voxels, also reversed where a corner shows that they are not a ring")
  func repeatedContoursGiveSameVoxels() throws {
    let (contours, voxels) = contours(Self.pictures, isShort: true)
    let found = try mask(contours + contours)
    #expect(found.mask.voxels == voxels)
    #expect(found.notes.contains("CONTOUR_REPEATED"))
    let box = self.contours([["####", "####", "####"]], isShort: true)
    let reversed = box.type.map { ($0.type, Array($0.points.reversed())) }
    #expect(try mask(box.type + reversed).mask.voxels == box.voxels)
  }

  @Test("one line in both directions that may be a ring or a repetition is refused")
  func ambiguousRingIsRefused() throws {
    let diamond = grid.line([(5, 3), (2, 6), (5, 9), (8, 6)], slice: 1)
    let other = grid.line([(5, 9), (2, 6), (5, 3), (8, 6)], slice: 1)
    let error = #expect(throws: StudyError.self) { try mask([diamond, other]) }
    #expect(error?.code == .contourAmbiguous)
    #expect(error?.slice == 1)
    // As OpenCV begins them: the outline at the top, the hole at its left.
    #expect(try mask([diamond, grid.line([(4, 4), (5, 3), (8, 6), (5, 9), (2, 6)], slice: 1)]).mask.count == 12)
    // As a list that was turned round.
    #expect(try mask([diamond, (diamond.type, diamond.points.reversed())]).mask.count == 25)
    // Another slice tells: a box has corners, which a ring's hole has not.
    let box = grid.square(3, 6, slice: 2)
    #expect(try mask([diamond, other, box, (box.type, box.points.reversed())]).mask.count == 25 + 16)
    // In one direction it is the same twice.
    #expect(try mask([diamond, diamond]).mask.count == 25)
  }

  @Test("some points on centres, or one contour of many, do not make the convention")
  func fewCentresAreNotTheConvention() throws {
    let drawn = (0..<4).map { grid.square(1.5, 6.5, slice: Double($0)) }
    // A box on centres among drawings: its edges are ties, and the others stay what they are.
    let mixed = try mask(drawn + [grid.square(2, 5, slice: 4)])
    #expect(mixed.mask.count == 4 * 25 + 16)
    #expect(mixed.notes == ["CONTOUR_TIES"])
    let some = try mask([grid.line([(2, 2), (6, 2), (6, 6), (4, 7.5), (2, 6)], slice: 0)])
    #expect(!some.notes.contains("CONTOUR_THROUGH_CENTRES"))
    // Most of the region on centres, one slice edited by hand.
    let edited = try mask((0..<4).map { grid.square(2, 6, slice: Double($0)) } + [grid.square(1.5, 6.5, slice: 4)])
    #expect(edited.mask.count == 5 * 25)
    #expect(edited.notes == ["CONTOUR_THROUGH_CENTRES"])
  }

  @Test("an outline near centres is not an outline through them, and is noted")
  func outlineNearCentresIsNoted() throws {
    let moved = (0..<3).map { grid.square(2.01, 6.01, slice: Double($0)) }
    let found = try mask(moved)
    #expect(found.mask.count == 3 * 16)
    #expect(found.notes == ["CONTOUR_NEAR_CENTRES"])
    #expect(try mask((0..<3).map { grid.square(2.0009, 6.0009, slice: Double($0)) }).mask.count == 3 * 25)
    #expect(try mask((0..<3).map { grid.square(2.1, 6.1, slice: Double($0)) }).notes.isEmpty)
  }
}
