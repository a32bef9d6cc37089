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

  @Test("The planes pass through the largest area of the region")
  func planesPassThroughLargestArea() throws {
    let (image, mask) = scene(upright)
    let overlay = try #require(Overlay(image: image, mask: mask))
    let edge = Overlay.panel
    #expect(overlay.slices == [25, 30, 20])
    #expect(overlay.sliceCounts == [40, 50, 60])
    #expect(overlay.positions == [75, 60, 40])
    #expect(overlay.fieldOfView == 120)
    #expect(overlay.picture.width == 2 * edge && overlay.picture.height == 2 * edge)
    #expect(overlay.caption.contains("window 400 HU, level 40 HU; axial slice 26 of 40 (z = 75.0 mm)"))
    // The whole slice is shown: 120 mm are 480 pixels. The ball's middle is 20 voxels of 2 mm from the left edge.
    let places = [(0, 0, 41.0, 71.0), (0, 1, 41.0, 120 - 76.5), (1, 1, 71.0, 120 - 76.5)]
    for (column, row, across, down) in places {
      let (x, y) = (column * edge + Int(across * 4), row * edge + Int(down * 4))
      #expect(overlay.plain[x, y] == .grey(255))
      // Water, 22 mm off: (0 - (40 - 200)) / 400 of white.
      #expect(overlay.plain[x + 88, y] == .grey(102))
      // Two pixels of outline on each side, outside the region.
      let outline = (0..<edge).filter { overlay.layer[column * edge + $0, y] == Overlay.outline }
      #expect(outline.count == 4)
      // Its inner edges are the ball's diameter apart, within a voxel.
      #expect(abs(Double(outline[2] - outline[1]) / 4 - 28) <= 3)
    }
  }

  @Test("A small region in a whole pelvis is shown enlarged")
  func smallRegionIsEnlarged() throws {
    // A 10 mm ball in 400 mm of body.
    let pelvis = Geometry(size: SIMD3(200, 200, 30), spacing: Vector3(2, 2, 5))
    var inside = [UInt8](repeating: 0, count: pelvis.count)
    for z in 14..<16 {
      for y in 60..<65 { for x in 150..<155 { inside[pelvis.offset(x, y, z)] = 1 } }
    }
    let overlay = try #require(
      Overlay(
        image: Volume(geometry: pelvis, int16: [Int16](repeating: 0, count: pelvis.count)),
        mask: Mask(geometry: pelvis, voxels: inside)))
    #expect(overlay.fieldOfView == 400)
    #expect(overlay.enlargement == 10)
    let edge = Overlay.panel
    // 10 mm of 40 mm: a quarter of the enlarged panel is within the outline.
    let row = (edge..<2 * edge).filter { overlay.layer[$0, edge / 2] == Overlay.outline }
    #expect(row.count == 4 && row[2] - row[1] - 1 == edge / 4)
    // In the whole slice lines lead to it.
    #expect((0..<edge).contains { overlay.layer[$0, Int(62.5 * 2.4)] == .cross })
  }

  @Test("A large region is enlarged as far as it fits")
  func largeRegionIsEnlargedToFit() throws {
    let (image, _) = scene(upright)
    let all = Mask(geometry: upright, voxels: [UInt8](repeating: 1, count: upright.count))
    let overlay = try #require(Overlay(image: image, mask: all))
    #expect(overlay.enlargement == 1)
  }

  @Test("The picture shows the planes with the layer on them")
  func pictureShowsLayerOnPlanes() throws {
    let (image, mask) = scene(upright)
    let overlay = try #require(Overlay(image: image, mask: mask))
    let picture = overlay.picture
    for offset in stride(from: 0, to: picture.bytes.count, by: 7) {
      let layer = overlay.layer.bytes[offset]
      #expect(picture.bytes[offset] == (layer == IndexedImage.Colour.clear.index ? overlay.plain.bytes[offset] : layer))
    }
    let files = overlay.layerBytes()
    #expect(files.plain.count > files.outline.count)
  }

  /// The same patient stored in another order of axes, mirrored: the same picture, for it shows the patient.
  @Test("The picture does not depend on the storage order")
  func pictureIgnoresStorageOrder() throws {
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
    #expect(differing < actual.picture.bytes.count / 100, "\(differing) bytes differ")
  }

  @Test("An empty mask has no picture")
  func emptyMaskHasNoPicture() {
    let (image, _) = scene(upright)
    #expect(
      Overlay(image: image, mask: Mask(geometry: upright, voxels: [UInt8](repeating: 0, count: upright.count))) == nil)
  }

  @Test("A region at the edge and a single slice are drawn")
  func edgeRegionAndSingleSliceAreDrawn() throws {
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
