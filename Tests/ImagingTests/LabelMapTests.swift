import Errors
import Foundation
import Imaging
import TestKit
import Testing

/// What label maps may hold beside the label that is wanted.
@Suite struct LabelMapTests {
  private let grid = Geometry(size: SIMD3(3, 4, 5))
  private static let largest = 4_294_967_295

  private func volume(_ size: SIMD3<Int>, _ value: (Int) -> Double) -> Volume {
    let grid = Geometry(size: size)
    return Volume(geometry: grid, float64: (0..<grid.count).map(value))
  }

  private func code(_ volume: Volume, _ choice: LabelChoice) -> ErrorCode? {
    #expect(throws: StudyError.self) {
      try placeMask(labelVolume: volume, choice: choice, on: volume.geometry)
    }?.code
  }

  /// NIfTI's code of a type, and values of it: another label, none, the one that is wanted.
  private static let types: [(Int16, [Int])] = [
    (2, [1, 0, 255]), (4, [-1000, 0, 1]), (8, [-2_147_483_648, 0, 2_147_483_647]), (256, [-128, 0, 127]),
    (512, [1, 0, 65535]), (768, [1, 0, largest]), (1024, [-5, 0, largest]), (1280, [1, 0, largest]),
  ]

  @Test("The largest label of each type is accepted beside others", arguments: types)
  func largestLabelOfEachTypeIsAccepted(type: Int16, values: [Int]) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("mask.nii")
    let all = (0..<60).map { Int64(values[$0 < 10 ? 2 : $0 < 17 ? 0 : 1]) }
    let bytes: [UInt8] = all.flatMap { value in
      let width = [Int16(2): 1, 256: 1, 4: 2, 512: 2, 8: 4, 768: 4][type] ?? 8
      return withUnsafeBytes(of: value.littleEndian) { Array($0.prefix(width)) }
    }
    var draft = NIfTIDraft()
    draft.datatype = type
    draft.data = bytes
    try Data(draft.bytes).write(to: URL(fileURLWithPath: path))
    let labels = try NIfTIReader.readLabels(path)
    let placed = try placeMask(labelVolume: labels, choice: .label(values[2]), on: labels.geometry)
    #expect(placed.mask.count == 10 && placed.mask.label == values[2])
    #expect(placed.mask.voxels.prefix(10).allSatisfy { $0 == 1 })
  }

  @Test("A map of a hundred labels asks for a choice and is not taken for an image")
  func hundredLabelsAskForAChoice() throws {
    let many = volume(SIMD3(8, 104, 2)) { Double($0 / 8 % 104 + 1) }
    #expect(code(many, .single) == .needsLabel)
    #expect(try placeMask(labelVolume: many, choice: .label(51), on: many.geometry).mask.count == 16)
    let error = try #require(throws: StudyError.self) { try placeMask(labelVolume: many, on: many.geometry) }
    #expect(error.message.contains("50 (16 voxels), and 54 more") && error.details["label 104"] == "16")
  }

  @Test("An image in place of a mask is reported as an image, whatever label is named")
  func imageInPlaceOfMaskIsNamed() {
    let image = volume(SIMD3(20, 20, 3)) { Double(($0 * 7919) % 211) }
    #expect(code(image, .single) == .maskLooksLikeImage)
    #expect(code(image, .label(40)) == .maskLooksLikeImage)
    let ramp = volume(SIMD3(300, 300, 1)) { Double($0) }
    #expect(code(ramp, .label(40)) == .maskLooksLikeImage)
  }

  @Test("Zero, negative and too large numbers are not labels")
  func invalidLabelsAreRefused() {
    let labels = volume(SIMD3(4, 4, 4)) { $0 < 20 ? -3 : 1 }
    #expect(code(labels, .single) == .maskLooksLikeImage)
    #expect(code(labels, .label(0)) == .labelMissing)
    #expect(code(labels, .label(-3)) == .labelMissing)
    #expect(code(volume(SIMD3(4, 4, 4)) { $0 < 20 ? Double(Self.largest) + 1 : 0 }, .single) == .maskNotLabels)
  }

  @Test(
    "A mask with more slices than the series means that slices are missing",
    arguments: [(0, 4, "4 slices are missing at the end"), (3, 0, "3 slices are missing at the beginning")])
  func maskWithMoreSlicesMeansMissingSlices(before: Int, after: Int, said: String) throws {
    let whole = Geometry(size: SIMD3(6, 5, 12), spacing: Vector3(0.7, 0.8, 2.5), origin: Vector3(-10, 5, 7))
    var part = whole
    part.size.z -= before + after
    part.origin = whole.point(at: Vector3(0, 0, Double(before)))
    let error = try #require(throws: StudyError.self) { try checkMaskGrid(whole, on: part) }
    #expect(error.code == .slicesMissing && error.message.contains(said), "\(error)")
    // A mask that is off in the slices as well is another's.
    var other = whole
    other.size.x += 1
    #expect(#expect(throws: StudyError.self) { try checkMaskGrid(other, on: part) }?.code == .geometryMismatch)
    other = whole
    other.origin.z += 100
    #expect(#expect(throws: StudyError.self) { try checkMaskGrid(other, on: part) }?.code == .geometryMismatch)
  }

  @Test("Images of two dimensions are read where they are asked for")
  func planeImagesAreReadOnRequest() throws {
    let folder = try TemporaryFolder()
    let values: [UInt8] = (0..<12).map { $0 }
    let files = [
      "a.nrrd": "NRRD0004\ntype: uchar\ndimension: 2\nspace dimension: 2\nsizes: 4 3\n"
        + "space directions: (0.7,0) (0,0.8)\nkinds: domain domain\nencoding: raw\nspace origin: (-10,5)\n\n",
      "a.mha": "ObjectType = Image\nNDims = 2\nBinaryData = True\nTransformMatrix = 1 0 0 1\nOffset = -10 5\n"
        + "ElementSpacing = 0.7 0.8\nDimSize = 4 3\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n",
    ]
    for (name, header) in files {
      try Data(Array(header.utf8) + values).write(to: URL(fileURLWithPath: folder.path(name)))
    }
    var draft = NIfTIDraft()
    (draft.dim, draft.pixdim, draft.datatype, draft.data) = ([2, 4, 3, 1, 1, 1, 1, 1], [1, 0.7, 0.8, 0], 2, values)
    draft.rows = [[-0.7, 0, 0, 10], [0, -0.8, 0, -5], [0, 0, 1, 0]]
    try Data(draft.bytes).write(to: URL(fileURLWithPath: folder.path("a.nii")))
    for name in ["a.nrrd", "a.mha", "a.nii"] {
      let path = folder.path(name)
      #expect(isPlaneImage(path), "\(name)")
      let (volume, _) = try readMaskChannel(path, 0, allowsPlane: true)
      #expect(volume.geometry.size == SIMD3(4, 3, 1) && volume.voxels == .int16(values.map(Int16.init)), "\(name)")
      #expect(abs(volume.geometry.spacing.y - 0.8) < 1e-6 && abs(volume.geometry.origin.x + 10) < 1e-6, "\(name)")
      #expect(throws: StudyError.self) { try readMaskChannel(path, 0) }
    }
  }
}
