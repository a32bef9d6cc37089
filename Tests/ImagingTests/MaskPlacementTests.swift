import Errors
import Imaging
import TestKit
import Testing

@Suite("Masks on an image's grid")
struct MaskPlacementTests {
  private let image = Geometry(
    size: SIMD3(6, 5, 4), spacing: Vector3(0.8, 0.8, 5), origin: Vector3(-10, 20, 30))

  private func labels(_ geometry: Geometry, _ value: (SIMD3<Int>) -> Int16) -> Volume {
    var values: [Int16] = []
    for z in 0..<geometry.size.z {
      for y in 0..<geometry.size.y { for x in 0..<geometry.size.x { values.append(value(SIMD3(x, y, z))) } }
    }
    return Volume(geometry: geometry, int16: values)
  }

  /// A region without any symmetry.
  private func inside(_ p: SIMD3<Int>) -> Bool { (p.x + 2 * p.y + 3 * p.z) % 7 == 0 && p.x < 4 }

  private func code(_ volume: Volume, _ choice: LabelChoice = .single) -> ErrorCode? {
    #expect(throws: StudyError.self) { try placeMask(labelVolume: volume, choice: choice, on: image) }?.code
  }

  @Test("exchanged and flipped axes give the same mask", arguments: 0..<48)
  func exchangedAxesGiveSameMask(variant: Int) throws {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    let order = orders[variant % 6]
    let flips = (0..<3).map { ((variant / 6) >> $0) & 1 == 1 }
    var mask = image
    var corner = SIMD3(0, 0, 0)
    for axis in 0..<3 {
      let source = order[axis]
      mask.size[axis] = image.size[source]
      mask.spacing[axis] = image.spacing[source]
      mask.direction[axis] = image.direction[source] * (flips[axis] ? -1 : 1)
      if flips[axis] { corner[source] = image.size[source] - 1 }
    }
    mask.origin = image.point(at: Vector3(index: corner))
    let volume = labels(mask) { index in
      var p = SIMD3(0, 0, 0)
      for axis in 0..<3 { p[order[axis]] = flips[axis] ? mask.size[axis] - 1 - index[axis] : index[axis] }
      return inside(p) ? 1 : 0
    }
    let placed = try placeMask(labelVolume: volume, on: image)
    let expected = labels(image) { inside($0) ? 1 : 0 }
    #expect(placed.mask.geometry == image)
    #expect(placed.mask.voxels.map(Double.init) == expected.voxels.doubles)
    #expect(placed.notes.map(\.code) == (variant == 0 ? [] : ["GEOM_REORDERED"]))
  }

  @Test("a part of the grid at a whole-number offset is pasted")
  func wholeNumberSubgridIsPasted() throws {
    var part = image
    part.size = SIMD3(3, 2, 2)
    part.origin = image.point(at: Vector3(2, 1, 1))
    let placed = try placeMask(labelVolume: labels(part) { _ in 3 }, on: image)
    #expect(placed.notes.map(\.code) == ["GEOM_SUBGRID"])
    #expect(placed.mask.count == 12)
    #expect(placed.mask.label == 3)
    #expect(placed.mask.voxels[image.offset(2, 1, 1)] == 1 && placed.mask.voxels[image.offset(4, 2, 2)] == 1)
    #expect(placed.mask.voxels[image.offset(1, 1, 1)] == 0 && placed.mask.voxels[image.offset(5, 2, 2)] == 0)
    part.origin = image.point(at: Vector3(4, 1, 1))
    #expect(code(labels(part) { _ in 1 }) == .geometryMismatch)
    part.origin = image.point(at: Vector3(2.5, 1, 1))
    #expect(code(labels(part) { _ in 1 }) == .geometryMismatch)
  }

  @Test(
    "the distance of the corners decides",
    arguments: [(0.005, [String](), false), (0.05, ["GEOM_ROUNDED"], false), (0.2, [], true)])
  func cornerDistanceDecidesTolerance(voxels: Double, notes: [String], refused: Bool) throws {
    var shifted = image
    shifted.origin.z += voxels * image.spacing.z
    let volume = labels(shifted) { inside($0) ? 1 : 0 }
    if refused {
      #expect(code(volume) == .geometryMismatch)
    } else {
      #expect(try placeMask(labelVolume: volume, on: image).notes.map(\.code) == notes)
    }
  }

  @Test("another spacing, rotation or position is refused")
  func mismatchedGridIsRefused() {
    var other = image
    other.spacing.z = 4
    #expect(code(labels(other) { _ in 1 }) == .geometryMismatch)
    other = image
    let (c, s) = (0.9, (1 - 0.81).squareRoot())
    other.direction = Matrix3(Vector3(c, s, 0), Vector3(-s, c, 0), Vector3(0, 0, 1))
    #expect(code(labels(other) { _ in 1 }) == .geometryMismatch)
    other = image
    other.origin.x = 1e300
    #expect(code(labels(other) { _ in 1 }) == .geometryMismatch)
    other = image
    other.size.z = 5
    #expect(code(labels(other) { _ in 1 }) == .slicesMissing)
  }

  @Test("one label is taken whatever its value; several need a choice")
  func severalLabelsNeedAChoice() throws {
    let one = labels(image) { inside($0) ? 255 : 0 }
    #expect(try placeMask(labelVolume: one, on: image).mask.label == 255)
    #expect(code(one, .label(1)) == .labelMissing)

    let two = labels(image) { $0.z == 1 ? 1 : $0.z == 2 ? 7 : 0 }
    let error = #expect(throws: StudyError.self) { try placeMask(labelVolume: two, on: image) }
    #expect(error?.code == .needsLabel)
    #expect(error?.message.contains("1 (30 voxels), 7 (30 voxels)") == true)
    let seven = try placeMask(labelVolume: two, choice: .label(7), on: image).mask
    #expect(seven.label == 7 && seven.count == 30 && seven.voxels[image.offset(0, 0, 2)] == 1)
    let union = try placeMask(labelVolume: two, choice: .union, on: image)
    #expect(union.mask.count == 60 && union.notes.map(\.code) == ["LABEL_UNION"])
    #expect(code(two, .label(2)) == .labelMissing)
    #expect(code(two, .label(0)) == .labelMissing)
    #expect(code(two, .label(65543)) == .labelMissing)  // 7 in the low 16 bits
  }

  @Test("an image that is not a label map is refused")
  func nonLabelMapIsRefused() {
    #expect(code(labels(image) { _ in 0 }) == .maskEmpty)
    #expect(code(labels(image) { Int16($0.x + 6 * $0.y + 30 * $0.z) }) == .maskLooksLikeImage)
    #expect(code(labels(image) { $0.x == 0 ? -1000 : 40 }) == .maskLooksLikeImage)
    func floats(_ value: Double) -> Volume {
      Volume(geometry: image, float64: (0..<image.count).map { $0 < 50 ? value : 0 })
    }
    #expect(code(floats(0.5)) == .maskNotLabels)
    #expect(code(floats(1.002)) == .maskNotLabels)
    #expect(code(floats(1e12)) == .maskNotLabels)
    #expect(code(floats(.nan)) == .maskNotLabels)
    #expect(throws: Never.self) { try placeMask(labelVolume: floats(1.0005), on: image) }
  }

  /// Counts of `masks.json` beside the files.
  @Test(
    "masks of a real study", .enabled(if: SharedData.isPresent, "no shared data beside the checkout"),
    arguments: [
      ("mask", 25945, 1), ("mask_label255", 25945, 255), ("mask_float32", 25945, 1), ("mask_int16_label1", 25945, 1),
      ("mask_single_slice", 2978, 1), ("mask_origin_1e-4mm", 25945, 1), ("mask_cropped_subgrid", 25945, 1),
    ])
  func realMasksArePlaced(name: String, voxels: Int, label: Int) throws {
    let folder = "data/inputs/derived/00_base/"
    let base = try NIfTIReader.readGeometry(SharedData.path(folder + "mask.nii.gz"))
    let volume = try NIfTIReader.read(SharedData.path(folder + name + ".nii.gz"))
    let placed = try placeMask(labelVolume: volume, on: base)
    #expect(placed.mask.count == voxels)
    #expect(placed.mask.label == label)
    #expect(placed.notes.map(\.code) == (name == "mask_cropped_subgrid" ? ["GEOM_SUBGRID"] : []))
    if voxels == 25945 {
      let reference = try placeMask(labelVolume: NIfTIReader.read(SharedData.path(folder + "mask.nii.gz")), on: base)
      #expect(placed.mask.voxels == reference.mask.voxels)
    }
  }

  @Test("refused masks of a real study", .enabled(if: SharedData.isPresent, "no shared data beside the checkout"))
  func unfitRealMasksAreRefused() throws {
    let folder = "data/inputs/derived/00_base/"
    let base = try NIfTIReader.readGeometry(SharedData.path(folder + "mask.nii.gz"))
    let empty = try NIfTIReader.read(SharedData.path(folder + "mask_empty.nii.gz"))
    #expect(#expect(throws: StudyError.self) { try placeMask(labelVolume: empty, on: base) }?.code == .maskEmpty)
    let two = try NIfTIReader.read(SharedData.path(folder + "mask_labels_1_2.nii.gz"))
    #expect(#expect(throws: StudyError.self) { try placeMask(labelVolume: two, on: base) }?.code == .needsLabel)
    #expect(try placeMask(labelVolume: two, choice: .label(1), on: base).mask.count == 20587)
    #expect(try placeMask(labelVolume: two, choice: .label(2), on: base).mask.count == 5358)
  }
}
