import DICOM
import Errors
import Foundation
import Imaging
import Testing

@Suite("Positions that were rounded to a tenth of a millimetre")
struct RoundedPositionTests {
  enum Cut: CaseIterable { case nearest, down }

  private func rounded(_ value: Double, _ cut: Cut = .nearest) -> Double {
    (cut == .nearest ? (value * 10).rounded() : (value * 10).rounded(.down)) / 10
  }

  /// Slices at z = start + k * spacing, rounded.
  private func slices(
    _ spacing: Double, count: Int = 12, start: Double = -101.3, thickness: Double? = nil, cut: Cut = .nearest
  ) -> [CTSlice] {
    var slices = smallSlices(count)
    for i in slices.indices {
      slices[i].set(0x0020_0032, [-38.75, -38.75, rounded(start + spacing * Double(i), cut)])
      slices[i].attributes[0x0018_0088] = nil
      slices[i].attributes[0x0018_0050] = nil
      if let thickness { slices[i].set(0x0018_0050, "\(thickness)") }
    }
    return slices
  }

  private func load(_ slices: [CTSlice]) throws -> LoadedSeries {
    let folder = try StudyFolder()
    try folder.write(slices)
    return try folder.load()
  }

  private func refusal(_ slices: [CTSlice]) throws -> String? {
    let folder = try StudyFolder()
    try folder.write(slices)
    return try folder.refusal()
  }

  @Test(
    "the even grid's spacing is found, from the tag where the tag can be right",
    arguments: [0.625, 0.67, 1.25, 2.46, 3.27, 6.25], Cut.allCases)
  func roundedPositionsGiveEvenGrid(_ spacing: Double, _ cut: Cut) throws {
    let tagged = try load(slices(spacing, thickness: spacing, cut: cut))
    #expect(tagged.volume.geometry.spacing.z == spacing)
    #expect(tagged.warnings.map(\.code) == ["POSITIONS_ROUNDED"])
    #expect(tagged.volume.voxels == smallVolume(12).voxels)
    #expect(abs(tagged.volume.geometry.origin.z - -101.3) <= 0.1)
    let plain = try load(slices(spacing, cut: cut))
    #expect(abs(plain.volume.geometry.spacing.z - spacing) <= 0.1 / 11)
    // A tag that the positions exclude counts for nothing.
    let wrong = try load(slices(spacing, thickness: 5, cut: cut))
    #expect(wrong.volume.geometry.spacing.z == plain.volume.geometry.spacing.z)
    #expect(wrong.warnings.map(\.code) == ["POSITIONS_ROUNDED", "SLICE_THICKNESS"])
  }

  @Test("every slice lies within 0.05 mm of its position, over any start and length")
  func slicesLieNearTheirPositions() throws {
    for (start, count) in [(-101.3, 12), (0.04, 3), (77.77, 40), (-0.5, 25)] {
      let made = slices(0.625, count: count, start: start)
      let grid = try load(made).volume.geometry
      for i in 0..<count {
        let position = rounded(start + 0.625 * Double(i))
        #expect(abs(grid.origin.z + grid.spacing.z * Double(i) - position) <= 0.0501)
      }
    }
  }

  @Test("a missing slice is found among rounded positions", arguments: [0.4, 0.625, 1.25, 3.27, 6.25], [1, 5, 10])
  func missingRoundedSliceIsFound(_ spacing: Double, _ index: Int) throws {
    var slices = slices(spacing, thickness: spacing)
    slices.remove(at: index)
    #expect(try refusal(slices) == "E_SLICE_GAP")
  }

  @Test("a missing slice among four is found")
  func missingSliceAmongFourIsFound() throws {
    for index in [1, 2] {
      var slices = slices(0.625, count: 4, thickness: 0.625)
      slices.remove(at: index)
      #expect(try refusal(slices) == "E_SLICE_GAP")
    }
  }

  @Test("steps that rounding does not explain are refused")
  func unexplainedStepsAreRefused() throws {
    // A change of spacing in the middle, a slice that is off by a tenth, and positions of more decimals.
    var bent = slices(1.25)
    for i in bent.indices {
      bent[i].set(0x0020_0032, [0, 0, rounded(i < 6 ? 1.2 * Double(i) : 7.2 + 1.3 * Double(i - 6))])
    }
    #expect(try refusal(bent) == "E_SLICE_GAP")
    var off = slices(2.5, start: 0)
    off[5].set(0x0020_0032, [-38.75, -38.75, 12.6])
    #expect(try refusal(off) == "E_SLICE_GAP")
    var fine = slices(0.625)
    fine[5].set(0x0020_0032, [-38.75, -38.75, -101.3 + 5 * 0.625 + 0.055])
    #expect(try refusal(fine) == "E_SLICE_GAP")
  }

  @Test("whole millimetres cannot show gaps")
  func wholeMillimetresShowNoGaps() throws {
    let folder = try StudyFolder()
    var slices = slices(2.5)
    for i in slices.indices { slices[i].set(0x0020_0032, [-38, -38, (2.5 * Double(i)).rounded()]) }
    try folder.write(slices)
    let error = #expect(throws: StudyError.self) { try folder.load() }
    #expect(error?.code.name == "E_SLICE_GAP")
    #expect(error?.hint.contains("whole millimetres") == true)
  }

  @Test("an oblique stack is rounded in all coordinates, and is neither tilted nor shifted")
  func obliqueRoundingIsNotTilt() throws {
    let (c, s) = (0.866025, 0.5)
    var slices = slices(1.25, thickness: 1.25)
    for i in slices.indices {
      let k = Double(i) * 1.25
      slices[i].set(0x0020_0037, [1, 0, 0, 0, c, s])
      slices[i].set(0x0020_0032, [rounded(10), rounded(20 - s * k), rounded(30 + c * k)])
    }
    let loaded = try load(slices)
    #expect(loaded.volume.geometry.spacing.z == 1.25)
    #expect(loaded.warnings.map(\.code) == ["POSITIONS_ROUNDED"])
    #expect((loaded.volume.geometry.direction[2] - Vector3(0, -s, c)).length < 1e-6)
    slices.remove(at: 4)
    #expect(try refusal(slices) == "E_SLICE_GAP")
  }

  @Test("a tilted gantry is still recognised as tilted")
  func tiltedGantryStaysTilted() throws {
    var slices = slices(0.625)
    for i in slices.indices { slices[i].set(0x0020_0032, [0, rounded(0.2 * Double(i)), rounded(0.625 * Double(i))]) }
    #expect(try refusal(slices) == "E_GANTRY_TILT")
  }

  @Test("the frames of an enhanced CT are treated alike")
  func enhancedFramesAreTreatedAlike() throws {
    let folder = try StudyFolder()
    try EnhancedCT(slices(0.625, thickness: 0.625), order: [3, 0, 7, 1, 6, 2, 5, 4, 11, 9, 8, 10])
      .write(to: folder.path + "/mf")
    let loaded = try folder.load()
    #expect(loaded.volume.geometry.spacing.z == 0.625)
    #expect(loaded.warnings.map(\.code) == ["POSITIONS_ROUNDED"])
  }

  @Test("label maps of programs that use the rounded positions as they are have the same voxels")
  func labelMapsOnRoundedGridMatch() throws {
    let folder = try StudyFolder()
    try folder.write(slices(0.625, thickness: 0.625))
    let stack = try checkGeometry(try folder.scan().series[0])
    let grid = stack.geometry
    #expect(stack.grid(for: grid).note == nil)
    // By the first two positions (-101.3, -100.7), which is too far off at the end; by all positions.
    for (spacing, code) in [(0.6, "MASK_OF_ROUNDED_POSITIONS"), (6.9 / 11, nil)] as [(Double, String?)] {
      var other = grid
      other.spacing.z = spacing
      let (chosen, note) = stack.grid(for: other)
      #expect(note?.code == code)
      #expect(throws: Never.self) { try checkMaskGrid(other, on: chosen) }
    }
    // Half of the slices at a wrong spacing is not the series.
    var part = grid
    part.spacing.z = 0.6
    part.size.z = 6
    #expect(stack.grid(for: part).note == nil)
    var wrong = grid
    wrong.spacing.z = 0.65
    #expect(throws: StudyError.self) { try checkMaskGrid(wrong, on: stack.grid(for: wrong).grid) }
  }

  @Test("a tilt in the tags against straight positions is noted", arguments: [true, false])
  func tiltTagAgainstPositionsIsNoted(_ isEnhanced: Bool) throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in slices.indices { slices[i].set(0x0018_1120, "-15.5") }
    if isEnhanced {
      var object = EnhancedCT(slices, order: EnhancedCTTests.order)
      object.shared[0x0018_9312] = .items([[0x0018_1120: .text(Array("-15.5".utf8))]])
      try object.write(to: folder.path + "/mf")
    } else {
      try folder.write(slices)
    }
    #expect(try folder.load().warnings.map(\.code) == ["GANTRY_TILT_TAG"])
  }
}
