import Imaging
import Report
import Testing

struct OverlayTests {
  /// 60 x 50 x 40 voxels of 2 x 2 x 3 mm; a bright ball off the middle, in water; its mask.
  private func scene(_ geometry: Geometry) -> (Volume, Mask) {
    var values = [Int16](repeating: 0, count: geometry.count)
    var inside = [UInt8](repeating: 0, count: geometry.count)
    let middle = geometry.point(at: Vector3(20, 30, 25))
    for z in 0..<geometry.size.z {
      for y in 0..<geometry.size.y {
        for x in 0..<geometry.size.x {
          let point = geometry.point(at: Vector3(Double(x), Double(y), Double(z)))
          guard (point - middle).length < 14 else { continue }
          values[geometry.offset(x, y, z)] = 300
          inside[geometry.offset(x, y, z)] = 1
        }
      }
    }
    return (Volume(geometry: geometry, int16: values), Mask(geometry: geometry, voxels: inside))
  }

  private let upright = Geometry(size: SIMD3(60, 50, 40), spacing: Vector3(2, 2, 3))

  @Test func showsTheSlicesThroughTheLargestArea() throws {
    let (image, mask) = scene(upright)
    let overlay = try #require(Overlay(image: image, mask: mask))
    #expect(overlay.slices == [25, 30, 20])
    #expect(overlay.fieldOfView == 120)
    #expect(overlay.picture.width == 3 * Overlay.panel && overlay.picture.height == Overlay.panel)
    #expect(overlay.caption.contains("window 400 HU, level 40 HU"))
    for panel in 0..<3 {
      let left = panel * Overlay.panel
      // Bright in the middle; 20 mm off, water: (0 - (40 - 200)) / 400 of white.
      #expect(overlay.picture[left + 192, 192] == .grey(255))
      #expect(overlay.picture[left + 192 + 64, 192 + 64] == .grey(102))
      let outline = (0..<Overlay.panel).filter { overlay.picture[left + $0, 192] == Overlay.outline }
      #expect(outline.count == 2)
      // The outline's width in mm is the ball's diameter within a voxel.
      #expect(abs(Double(outline[1] - outline[0]) * 120 / 384 - 28) <= 3)
    }
  }

  /// The same patient stored in another order of axes, mirrored: the same picture, for it shows the patient.
  @Test func pictureDoesNotDependOnTheStorageOrder() throws {
    let turned = Geometry(
      size: SIMD3(40, 60, 50), spacing: Vector3(3, 2, 2),
      origin: upright.point(at: Vector3(59, 0, 39)),
      direction: Matrix3(Vector3(0, 0, -1), Vector3(-1, 0, 0), Vector3(0, 1, 0)))
    let (image, mask) = scene(upright)
    var values = [Int16](repeating: 0, count: turned.count)
    var inside = [UInt8](repeating: 0, count: turned.count)
    for z in 0..<50 {
      for y in 0..<60 {
        for x in 0..<40 {
          let index = upright.offset(59 - y, z, 39 - x)
          values[turned.offset(x, y, z)] = Int16(image.voxels[index])
          inside[turned.offset(x, y, z)] = mask.voxels[index]
        }
      }
    }
    let expected = try #require(Overlay(image: image, mask: mask))
    let actual = try #require(
      Overlay(image: Volume(geometry: turned, int16: values), mask: Mask(geometry: turned, voxels: inside)))
    #expect(actual.slices == [14, 30, 39])
    let differing = zip(actual.picture.bytes, expected.picture.bytes).count { $0 != $1 }
    // Voxel edges that fall exactly on a pixel may round the other way when mirrored.
    #expect(differing < actual.picture.bytes.count / 200, "\(differing) bytes differ")
  }

  @Test func emptyMaskHasNoPicture() {
    let (image, _) = scene(upright)
    #expect(
      Overlay(image: image, mask: Mask(geometry: upright, voxels: [UInt8](repeating: 0, count: upright.count))) == nil)
  }

  @Test func regionAtTheEdgeAndSingleSlice() throws {
    let flat = Geometry(size: SIMD3(5, 4, 1), spacing: Vector3(0.5, 0.5, 5))
    var inside = [UInt8](repeating: 0, count: 20)
    inside[0] = 1
    let overlay = try #require(
      Overlay(
        image: Volume(geometry: flat, float64: [Double](repeating: .nan, count: 20)),
        mask: Mask(geometry: flat, voxels: inside)))
    #expect(overlay.slices == [0, 0, 0])
    #expect(!overlay.pngBytes().isEmpty)
  }
}
