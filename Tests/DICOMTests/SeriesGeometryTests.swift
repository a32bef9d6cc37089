import DICOM
import Errors
import Imaging
import Testing

@Suite("One even stack, or a refusal that says why")
struct SeriesGeometryTests {
  @Test("a series is read in order of position, whatever its files are called")
  func slicesAreOrderedByPosition() throws {
    let folder = try StudyFolder()
    let slices = smallSlices()
    for (index, slice) in slices.enumerated() {
      try slice.write(to: folder.path + "/\((index * 5) % 8)-\(index).jpg")
    }
    let loaded = try folder.load()
    #expect(loaded.volume == smallVolume())
    #expect(loaded.warnings.isEmpty)
    #expect(loaded.stack.dropped.isEmpty)
    #expect(loaded.acquisition.kVp == 120)
    #expect(loaded.acquisition.sliceThickness == 5)
  }

  @Test("the number of threads changes nothing", arguments: [1, 2, 3, 8])
  func threadsChangeNothing(_ threads: Int) throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices())
    #expect(try folder.load(threads: threads).volume == smallVolume())
  }

  @Test("a missing slice is found by its gap")
  func missingSliceIsFoundByGap() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    slices.remove(at: 4)
    try folder.write(slices)
    let series = try folder.scan().series[0]
    let error = #expect(throws: StudyError.self) { try checkGeometry(series) }
    #expect(error?.code == .sliceGap)
    #expect(error?.file == "004.dcm")
    #expect(error?.slice == 4)
    #expect(error?.message.contains("10 mm where the others are 5 mm") == true)
    #expect(error?.message.contains("1 slice is missing") == true)
    #expect(error?.details["positions"]?.split(separator: " ").count == 7)
    #expect(error?.mayBeIncompleteCopy == true)
  }

  @Test("steps may differ by 1 %, not by more", arguments: [(0.045, false), (0.06, true)])
  func stepsMayDifferByOnePercent(_ offset: Double, _ isRefused: Bool) throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    slices[3].set(0x0020_0032, [-38.75, -38.75, -2.5 + offset])
    try folder.write(slices)
    #expect(try folder.refusal() == (isRefused ? "E_SLICE_GAP" : nil))
  }

  @Test("the same position with other pixels is refused, with both files")
  func duplicatePositionIsRefused() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    var twin = slices[3]
    twin.set(0x0008_0018, "2.25.7")
    twin.pixels[100] += 1
    slices.append(twin)
    try folder.write(slices)
    let error = #expect(throws: StudyError.self) { try folder.load() }
    #expect(error?.code.name == "E_DUPLICATE_POSITION")
    #expect(error?.message.contains("003.dcm") == true && error?.message.contains("008.dcm") == true)
    #expect(error?.slice == 3)
  }

  @Test("an exact repeat is dropped; with another instance UID a note says so", arguments: [true, false])
  func exactRepeatIsDropped(_ isSameInstance: Bool) throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    slices.append(slices[2])
    if !isSameInstance { slices[8].set(0x0008_0018, "2.25.7") }
    try folder.write(slices)
    let loaded = try folder.load()
    #expect(loaded.volume == smallVolume())
    #expect(loaded.stack.dropped.map(\.reason) == [isSameInstance ? .sameInstance : .samePixels])
    #expect(loaded.warnings.map(\.code) == (isSameInstance ? [] : ["DUPLICATE_SLICE"]))
  }

  @Test(
    "a tilted gantry is refused from 0.1 degrees on",
    arguments: [(0.005, nil), (0.02, "E_GANTRY_TILT"), (1.3, "E_GANTRY_TILT")])
  func gantryTiltIsRefused(_ shift: Double, _ code: String?) throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in slices.indices { slices[i].set(0x0020_0032, [-38.75, -38.75 + shift * Double(i), -17.5 + 5 * Double(i)]) }
    try folder.write(slices)
    #expect(try folder.refusal() == code)
  }

  @Test("a slice beside the others is refused, although the first and the last are in line")
  func sidewaysSliceIsRefused() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    slices[4].set(0x0020_0032, [-37.75, -38.75, 2.5])
    try folder.write(slices)
    let error = #expect(throws: StudyError.self) { try folder.load() }
    #expect(error?.code.name == "E_SLICE_SHIFT")
    #expect(error?.slice == 4)
  }

  @Test("a localizer and a picture in the series are left out and listed")
  func localizersAreLeftOutAndListed() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    var scout = slices[0]
    scout.set(0x0008_0018, "2.25.8")
    scout.set(0x0008_0008, "ORIGINAL\\PRIMARY\\LOCALIZER")
    scout.set(0x0020_0037, "0\\1\\0\\0\\0\\-1")
    var picture = slices[0]
    picture.set(0x0008_0018, "2.25.9")
    picture.set(0x0008_0016, "1.2.840.10008.5.1.4.1.1.7")
    var coronal = slices[0]
    coronal.set(0x0008_0018, "2.25.10")
    coronal.set(0x0020_0037, "1\\0\\0\\0\\0\\-1")
    slices += [scout, picture, coronal]
    try folder.write(slices)
    let loaded = try folder.load()
    #expect(loaded.volume == smallVolume())
    #expect(loaded.stack.dropped.map(\.reason) == [.localizer, .notCT, .otherOrientation])
    #expect(loaded.warnings.map(\.code) == ["OTHER_ORIENTATION"])
  }

  @Test("two stacks of two orientations are refused")
  func mixedOrientationsAreRefused() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in 4..<8 { slices[i].set(0x0020_0037, "1\\0\\0\\0\\0\\-1") }
    try folder.write(slices)
    #expect(try folder.refusal() == "E_MIXED_ORIENTATION")
  }

  @Test(
    "one series of two patients, studies or frames of reference is refused",
    arguments: [(0x0010_0020, "other"), (0x0020_000D, "2.25.3"), (0x0020_0052, "2.25.4")] as [(UInt32, String)])
  func mixedPatientsAreRefused(_ tag: UInt32, _ value: String) throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    slices[5].set(tag, value)
    try folder.write(slices)
    let error = #expect(throws: StudyError.self) { try folder.load() }
    #expect(error?.code.name == "E_PATIENT_MIX")
    #expect(error?.mayBeIncompleteCopy == false)
    #expect(error?.file == "005.dcm")
  }

  @Test("one series of two grids is refused")
  func mixedGridsAreRefused() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    slices[5].set(0x0028_0030, "2\\2")
    try folder.write(slices)
    #expect(try folder.refusal() == "E_MIXED_GRID")
  }

  @Test("fewer than three slices do not form a volume")
  func fewerThanThreeSlicesAreRefused() throws {
    let folder = try StudyFolder()
    try folder.write(Array(smallSlices().prefix(2)))
    #expect(try folder.refusal() == "E_TOO_FEW_SLICES")
  }

  @Test("another modality is refused")
  func otherModalityIsRefused() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in slices.indices {
      slices[i].set(0x0008_0016, "1.2.840.10008.5.1.4.1.1.4")
      slices[i].set(0x0008_0060, "MR")
    }
    try folder.write(slices)
    #expect(try folder.refusal() == "E_NOT_CT")
  }

  @Test("tags that disagree with the positions are noted and not used")
  func disagreeingSpacingTagsAreNoted() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in slices.indices {
      slices[i].set(0x0018_0088, "-5")
      slices[i].set(0x0018_0050, "6")
    }
    try folder.write(slices)
    let loaded = try folder.load()
    #expect(loaded.volume.geometry.spacing.z == 5)
    #expect(loaded.warnings.map(\.code) == ["SPACING_TAG", "SLICE_THICKNESS"])
  }

  @Test("an oblique stack keeps its direction and is ordered along its normal")
  func obliqueStackKeepsItsDirection() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    // Turned by 30 degrees about x, and stored from the head down.
    let (c, s) = (0.866025, 0.5)
    for i in slices.indices {
      let k = Double(7 - i) * 3
      slices[i].set(0x0020_0037, [1, 0, 0, 0, c, s])
      slices[i].set(0x0020_0032, [10, 20 - s * k, 30 + c * k])
    }
    try folder.write(slices)
    let volume = try folder.load().volume
    #expect(abs(volume.geometry.spacing.z - 3) < 1e-5)
    #expect(volume.geometry.origin == Vector3(10, 20, 30))
    let axes = volume.geometry.direction
    for (axis, expected) in [(0, Vector3(1, 0, 0)), (1, Vector3(0, c, s)), (2, Vector3(0, -s, c))] {
      #expect((axes[axis] - expected).length < 1e-6)
      #expect(abs(axes[axis].length - 1) < 1e-15)
    }
    // The file written last is the first slice.
    #expect(volume.voxels[0] == smallVolume().voxels[7 * 32 * 32])
  }

  /// Values by SimpleITK 2.5.7's series reader for the same direction cosines.
  @Test("direction cosines of few digits are made orthonormal as in ITK")
  func roundedCosinesAreMadeOrthonormal() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    let row = Vector3(0.8529, 0.1496, 0.5002)
    let column = Vector3(-0.0868, 0.9855, -0.1458)
    let normal = row.cross(column)
    for i in slices.indices {
      slices[i].set(0x0020_0037, [row.x, row.y, row.z, column.x, column.y, column.z])
      let position = normal * (3 * Double(i))
      slices[i].set(0x0020_0032, [position.x, position.y, position.z])
    }
    try folder.write(slices)
    let direction = try folder.load().volume.geometry.direction.rowMajor
    for (value, itk) in zip(
      direction,
      [
        0.8529329466382802, -0.08679990755814765, -0.5147534988582766, 0.1491355235930474, 0.9854989504441767,
        0.08093462964673297, 0.50026391449071, -0.14579984472324808, 0.8535094733727965,
      ])
    { #expect(abs(value - itk) < 1e-15) }
  }
}
