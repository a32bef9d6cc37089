import DICOM
import DICOMMasks
import Errors
import Imaging
import TestKit
import Testing

@Suite("Structure sets")
struct StructureSetTests {
  private let grid = smallGrid

  private func region(_ contours: [(type: String, points: [SIMD3<Double>])]) throws -> (
    set: StructureSet, region: StructureSet.Region
  ) {
    let set = try MaskFiles.structureSet(StructureSetDraft([.init(1, "T", contours)]).bytes)
    return (set, set.regions[0])
  }

  private func mask(_ contours: [(type: String, points: [SIMD3<Double>])]) throws -> (mask: Mask, notes: [String]) {
    let (set, region) = try region(contours)
    let drawn = try set.mask(of: region, on: grid)
    return (drawn.mask, drawn.notes.map(\.code))
  }

  private func refusal(_ contours: [(type: String, points: [SIMD3<Double>])]) throws -> String? {
    #expect(throws: StudyError.self) { try mask(contours) }?.code.name
  }

  private func indices(_ mask: Mask) -> [SIMD3<Int>] {
    mask.voxels.indices.filter { mask.voxels[$0] == 1 }.map { SIMD3($0 % 10, $0 / 10 % 10, $0 / 100) }
  }

  @Test("a voxel is inside where its centre is inside")
  func voxelIsInsideByItsCentre() throws {
    let found = try mask([grid.square(1.5, 3.5, slice: 2)])
    #expect(indices(found.mask) == [SIMD3(2, 2, 2), SIMD3(3, 2, 2), SIMD3(2, 3, 2), SIMD3(3, 3, 2)])
    #expect(found.notes.isEmpty)
  }

  @Test("a centre on an edge is inside, on all four sides alike, whatever the rounding")
  func centreOnAnEdgeIsInside() throws {
    // One corner is no centre, so that this is no outline through centres.
    let corners = [(2.0, 2.0), (5.0, 2.0), (5.0, 5.0), (2.0, 5.25)]
    let plain = try mask([grid.line(corners, slice: 0)])
    #expect(plain.mask.count == 16)
    #expect(plain.notes == ["CONTOUR_TIES"])
    var random = TestRandom(state: 3)
    for _ in 0..<50 {
      // mm of noise in columns of 2 mm and rows of 1 mm.
      let noisy = corners.map {
        ($0.0 + .random(in: -5e-7...5e-7, using: &random), $0.1 + .random(in: -1e-6...1e-6, using: &random))
      }
      #expect(try mask([grid.line(noisy, slice: 0)]).mask == plain.mask)
    }
    // Beyond the tolerance the side decides.
    let inner = corners.map { ($0.0 < 3 ? $0.0 + 1e-4 : $0.0 - 1e-4, $0.1 < 3 ? $0.1 + 1e-4 : $0.1 - 1e-4) }
    #expect(try mask([grid.line(inner, slice: 0)]).mask.count == 6)
  }

  @Test("a hole by two contours, by a keyhole and by CLOSEDPLANAR_XOR is one hole")
  func holesMayBeWrittenInThreeWays() throws {
    let outer = grid.square(0.5, 7.5, slice: 1)
    let two = try mask([outer, grid.square(2.5, 4.5, slice: 1)])
    #expect(two.mask.count == 49 - 4)
    #expect(two.notes == ["CONTOUR_HOLES"])
    let xor = try mask([
      grid.square(0.5, 7.5, slice: 1, type: "CLOSEDPLANAR_XOR"),
      grid.square(2.5, 4.5, slice: 1, type: "CLOSEDPLANAR_XOR"),
    ])
    #expect(xor.mask == two.mask)
    #expect(xor.notes == ["CONTOUR_XOR"])
    let keyhole = try mask([
      grid.line(
        [
          (0.5, 0.5), (7.5, 0.5), (7.5, 7.5), (0.5, 7.5), (0.5, 0.5), (2.5, 2.5), (2.5, 4.5), (4.5, 4.5), (4.5, 2.5),
          (2.5, 2.5),
        ], slice: 1)
    ])
    #expect(keyhole.mask == two.mask)
    #expect(keyhole.notes.isEmpty)
  }

  @Test("an island in a hole is inside; order and direction of contours do not matter")
  func islandInAHoleIsInside() throws {
    let contours = [
      grid.square(0.5, 8.5, slice: 3), grid.square(1.5, 7.5, slice: 3), grid.square(3.5, 5.5, slice: 3),
      grid.square(0.5, 2.5, slice: 4),
    ]
    let plain = try mask(contours).mask
    #expect(plain.count == 64 - 36 + 4 + 4)
    #expect(try mask(contours.reversed()).mask == plain)
    #expect(try mask(contours.map { ($0.type, Array($0.points.reversed())) }).mask == plain)
    #expect(try mask(contours.map { ($0.type, Array($0.points[2...] + $0.points[..<2])) }).mask == plain)
  }

  @Test("a quarter turn of the contours is a quarter turn of the mask")
  func rotatedContoursRotateTheMask() throws {
    // No edge passes through a centre, so that no rule for edges is needed.
    let grid = Geometry(size: SIMD3(10, 10, 6), spacing: Vector3(1, 1, 5))
    let points = [(1.3, 0.7), (7.8, 2.2), (5.1, 4.3), (8.6, 8.1), (2.4, 6.6), (3.7, 4.1)]
    func voxels(_ points: [(Double, Double)]) throws -> [UInt8] {
      let set = try MaskFiles.structureSet(StructureSetDraft([.init(1, "T", [grid.line(points, slice: 0)])]).bytes)
      return try set.mask(of: set.regions[0], on: grid).mask.voxels
    }
    var turned = points
    var expected = try voxels(points)
    #expect(expected.contains(1))
    for _ in 0..<4 {
      turned = turned.map { (9 - $0.1, $0.0) }
      expected = (0..<600).map { offset in
        offset >= 100 ? 0 : expected[(9 - offset % 10) * 10 + offset / 10]
      }
      #expect(try voxels(turned) == expected)
    }
  }

  @Test("points, open lines and crumbs enclose nothing")
  func openContoursEncloseNothing() throws {
    let (set, region) = try region([
      ("POINT", [grid.point(at: Vector3(5, 5, 2))]),
      grid.line([(1, 1), (5, 5), (1, 5)], slice: 2, type: "OPEN_PLANAR"),
      grid.line([(1, 1), (5, 5)], slice: 2), grid.square(1.5, 3.5, slice: 2),
    ])
    #expect(region.contours.count == 1)
    #expect(region.openContours == 3)
    let drawn = try set.mask(of: region, on: grid)
    #expect(drawn.mask.count == 4)
    #expect(drawn.notes.map(\.code) == ["CONTOUR_OPEN"])
  }

  @Test("contours near their slice are moved there, contours between slices refused")
  func contoursBetweenSlicesAreRefused() throws {
    #expect(try mask([grid.square(1.5, 3.5, slice: 2.01)]).notes == ["CONTOUR_SNAPPED"])
    #expect(try mask([grid.square(1.5, 3.5, slice: 1.96)]).mask == mask([grid.square(1.5, 3.5, slice: 2)]).mask)
    // All beside their slices by the same: a series whose origin is counted differently.
    let shifted = try mask([grid.square(1.5, 3.5, slice: 2.3), grid.square(1.5, 3.5, slice: 3.3)])
    #expect(shifted.notes == ["CONTOUR_SHIFTED"])
    #expect(Set(indices(shifted.mask).map(\.z)) == [2, 3])
    #expect(try refusal([grid.square(1.5, 3.5, slice: 2), grid.square(1.5, 3.5, slice: 3.3)]) == "E_CONTOUR_OFF_PLANE")
    #expect(try refusal([grid.square(1.5, 3.5, slice: 2.5)]) == "E_CONTOUR_OFF_PLANE")
    // Across slices.
    var slanted = grid.square(1.5, 3.5, slice: 2)
    slanted.points[0].z += 4
    #expect(try refusal([slanted]) == "E_CONTOUR_OFF_PLANE")
  }

  @Test("contours beyond the volume are refused, never wrapped or clipped")
  func contoursBeyondTheVolumeAreRefused() throws {
    for slice in [-1.0, 6, 1e4, -1e5] {
      #expect(
        try refusal([grid.square(1.5, 3.5, slice: 2), grid.square(1.5, 3.5, slice: slice)]) == "E_CONTOUR_OUTSIDE")
    }
    #expect(try refusal([grid.square(7.5, 11.5, slice: 2)]) == "E_CONTOUR_OUTSIDE")
    #expect(try refusal([grid.square(-2.5, 3.5, slice: 2)]) == "E_CONTOUR_OUTSIDE")
    #expect(try refusal([grid.square(200, 300, slice: 2)]) == "E_CONTOUR_OUTSIDE")
    // The image ends half a voxel beyond its last centre.
    let whole = try mask([grid.square(-0.5, 9.5, slice: 2)])
    #expect(whole.mask.count == 100)
    #expect(whole.notes.isEmpty)
  }

  @Test("contours that leave the image by less than a pixel are clipped, on every side, and noted")
  func contoursLeavingByAPixelAreClipped() throws {
    for (low, high, voxels) in [(-1.4, 3.5, 16), (-0.75, 3.5, 16), (5.5, 9.75, 16), (5.5, 10.4, 16)] {
      let found = try mask([grid.square(low, high, slice: 2)])
      #expect(found.mask.count == voxels)
      #expect(found.notes == ["CONTOUR_CLIPPED"])
    }
    for (low, high) in [(-1.5, 3.5), (5.5, 10.5)] {
      #expect(try refusal([grid.square(low, high, slice: 2)]) == "E_CONTOUR_OUTSIDE")
    }
    let corner = try mask([grid.line([(-1.2, -1.2), (2.5, -1.2), (2.5, 2.5), (-1.2, 2.5)], slice: 2)])
    #expect(corner.mask.count == 9)
  }

  @Test("contours beyond the slices report how many slices are missing, and that the copy may be incomplete")
  func contoursBeyondSlicesCountMissingSlices() throws {
    func error(_ slices: [Double]) throws -> StudyError {
      let (set, region) = try region(slices.map { grid.square(1.5, 3.5, slice: $0) })
      return try #require(throws: StudyError.self) { try set.mask(of: region, on: grid) }
    }
    let end = try error([3, 4, 5, 6, 7, 8])
    #expect(end.code == .contourOutside)
    #expect(end.details["missing"] == "3")
    #expect(end.message.contains("slices 3 to 8, the series has 6"))
    #expect(end.message.contains("3 at the end") && end.message.contains("incomplete"))
    let both = try error([-2, -1, 0, 1, 2, 3, 4, 5, 6])
    #expect(both.message.contains("2 at the beginning and 1 at the end"))
    // Nothing in common with the series is no rest of a copy.
    #expect(try !error([20, 21]).message.contains("incomplete"))
    #expect(try !error([2, 1e5]).message.contains("incomplete"))
  }

  @Test("slices without contour inside a region are noted")
  func gapsInARegionAreNoted() throws {
    #expect(try mask([1, 2, 4].map { grid.square(1.5, 3.5, slice: $0) }).notes == ["CONTOUR_GAP"])
  }

  @Test("names, numbers and references are read")
  func namesNumbersAndReferencesAreRead() throws {
    var draft = StructureSetDraft([
      .init(7, "GTV 肿瘤", [grid.square(1.5, 3.5, slice: 2)]), .init(2, "Empty", []),
    ])
    draft.origin.instances = ["1.2.3.4.1", "1.2.3.4.2"]
    let set = try MaskFiles.structureSet(draft.bytes)
    #expect(set.regions.map(\.number) == [2, 7])
    #expect(set.regions[1].name.text == "GTV 肿瘤")
    #expect(set.regions[0].contours.isEmpty)
    #expect(set.references.series == ["1.2.3.2": ["1.2.3.4.1", "1.2.3.4.2"]])
    #expect(set.references.framesOfReference == ["1.2.3.3"])
    #expect(set.references.patientID == Array("P1".utf8))
  }

  @Test("coordinates that are not numbers, and numbers used twice, are refused")
  func malformedCoordinatesAreRefused() throws {
    let bytes = StructureSetDraft([.init(1, "T", [grid.square(1.5, 3.5, slice: 2)])]).bytes
    let text = Array("-37.0".utf8)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: text) })
    for wrong in ["-37.\\", "nan  ", "1e9  ", "-3a.0"] {
      var damaged = bytes
      damaged.replaceSubrange(place..<place + 5, with: Array(wrong.utf8))
      let error = #expect(throws: StudyError.self) { try MaskFiles.structureSet(damaged) }
      #expect(error?.code.name == "E_CONTOUR", "\(wrong)")
    }
    let twice = StructureSetDraft([.init(1, "T", []), .init(1, "U", [])]).bytes
    #expect(#expect(throws: StudyError.self) { try MaskFiles.structureSet(twice) }?.code.name == "E_CONTOUR")
  }

  @Test("a contour that states another number of points than it holds is refused; one that states none is read")
  func wrongPointCountIsRefused() throws {
    let bytes = StructureSetDraft([.init(7, "T", [grid.square(1.5, 3.5, slice: 2)])]).bytes
    // (3006,0046) IS, two bytes long.
    let element: [UInt8] = [0x06, 0x30, 0x46, 0x00, 0x49, 0x53, 2, 0]
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: element) })
    let cases = [
      ("5 ", "states 5 points"), ("3 ", "states 3 points"), ("-1", "states -1 points"), ("x ", "is not a number"),
    ]
    for (text, part) in cases {
      var damaged = bytes
      damaged.replaceSubrange(place + 8..<place + 10, with: Array(text.utf8))
      let error = try #require(throws: StudyError.self) { try MaskFiles.structureSet(damaged) }
      #expect(error.code.name == "E_CONTOUR" && error.message.contains("ROI 7") && error.message.contains(part))
      #expect(text == "x " || error.message.hasSuffix("holds 4"))
    }
    // Empty, and another element in its place.
    var empty = bytes
    empty.replaceSubrange(place + 8..<place + 10, with: Array("  ".utf8))
    #expect(try MaskFiles.structureSet(empty).regions[0].contours.count == 1)
    var absent = bytes
    absent[place + 2] = 0x49
    #expect(try MaskFiles.structureSet(absent).regions[0].contours.count == 1)
  }

  @Test(
    "a contour whose type is unknown, misspelt or absent is refused, never left out",
    arguments: ["", "CLOSED", "CLOSED-PLANAR", "CLOSEDPLANAR", "closed_planar", "OPEN", "a\nb"])
  func unknownContourTypeIsRefused(_ type: String) throws {
    let lines = [grid.square(1.5, 3.5, slice: 2), grid.square(1.5, 3.5, slice: 3, type: type)]
    let error = try #require(throws: StudyError.self) { try region(lines) }
    #expect(error.code.name == "E_CONTOUR" && error.message.contains("ROI 1"))
    let named = type.isEmpty ? "has no Contour Geometric Type" : "Contour Geometric Type \(type.prefix(1))"
    #expect(error.message.contains(named))
    #expect(!error.description.contains("\n"))
    #expect(try region([grid.square(1.5, 3.5, slice: 2, type: " CLOSED_PLANAR ")]).region.contours.count == 1)
    let open = grid.line([(1, 1), (5, 5), (1, 5)], slice: 2, type: "OPEN_NONPLANAR")
    #expect(try region([open]).region.openContours == 1)
  }

  @Test("damaged files are refused or read, and never trap")
  func damagedFilesNeverTrap() throws {
    let bytes = StructureSetDraft([.init(1, "T", (0..<4).map { grid.square(1.5, 3.5, slice: Double($0)) })]).bytes
    var random = TestRandom(state: 11)
    var refused = 0
    for round in 0..<400 {
      var damaged = bytes
      if round % 4 == 0 { damaged.removeLast(Int.random(in: 1..<bytes.count - 140, using: &random)) }
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        damaged[Int.random(in: 132..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      do {
        let set = try MaskFiles.structureSet(damaged)
        for region in set.regions { _ = try set.mask(of: region, on: grid) }
      } catch is StudyError { refused += 1 }
    }
    #expect(refused > 100)
  }

  @Test("sequences nested without end reach a limit")
  func endlessNestingReachesALimit() throws {
    var item: [UInt8] = []
    for _ in 0..<50 { item = DICOMDraft.sequence(0x3006_0039, [item]) }
    let draft = StructureSetDraft([]).bytes
    let error = #expect(throws: StudyError.self) { try MaskFiles.structureSet(draft + item) }
    #expect(error?.code.name == "E_LIMIT")
  }
}
