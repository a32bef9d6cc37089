internal import Documents
package import Imaging

/// The picture of a result: axial, coronal and sagittal plane through the region's largest area, and the axial one
/// enlarged, with the region's outline.
///
///     axial      axial, enlarged
///     coronal    sagittal
///
/// The three planes show the whole slice, so that a reader sees where in the body the region lies; lines in them lead to
/// it. The enlargement is at least three times, as far as the region fits.
package struct Overlay: Sendable {
  /// The planes, with letters, scales and positions, without outline.
  package let plain: IndexedImage
  /// The outline and the cross lines; transparent elsewhere.
  package let layer: IndexedImage
  package let window: DisplayWindow
  /// Slice index of each plane along its grid axis, from 0: axial, coronal, sagittal.
  package let slices: [Int]
  /// Slices along the axes of `slices`.
  package let sliceCounts: [Int]
  /// Position of each plane in mm: z of the axial, y of the coronal, x of the sagittal (LPS).
  package let positions: [Double]
  /// Edge of the planes' field of view in mm.
  package let fieldOfView: Double
  /// How much larger the fourth panel shows the region.
  package let enlargement: Double

  /// Pixels of a panel's edge.
  package static let panel = 480
  /// The outline's colour.
  package static let outline = IndexedImage.Colour.outline
  /// The smallest field of view of the enlargement, in mm.
  static let closest = 40.0

  /// - Parameters:
  ///   - image: HU for a CT.
  ///   - mask: on the image's grid.
  /// - Returns: nil where the mask is empty.
  package init?(image: Volume, mask: Mask, window: DisplayWindow = .softTissue) {
    precondition(image.geometry.size == mask.geometry.size, "image and mask share a grid")
    guard let extent = RegionExtent(mask) else { return nil }
    let grid = image.geometry
    let planes = OverlayPlane.Orientation.allCases.map { OverlayPlane($0, mask: mask) }
    let axial = planes[0]
    func millimetres(_ axis: Int) -> Double { Double(grid.size[axis]) * grid.spacing[axis] }
    func regionMillimetres(_ axis: Int) -> Double { Double(extent.count(axis)) * grid.spacing[axis] }
    let region = max(regionMillimetres(axial.across), regionMillimetres(axial.down))
    let fieldOfView = max(millimetres(axial.across), millimetres(axial.down), 1.2 * region, Self.closest)
    // A third of the field of view, less for a small region, more for one that would not fit.
    let closeUp = min(max(1.3 * region, min(fieldOfView / 3, max(3 * region, Self.closest))), fieldOfView)

    var plain = IndexedImage(width: 2 * Self.panel, height: 2 * Self.panel)
    var layer = IndexedImage(width: 2 * Self.panel, height: 2 * Self.panel, .clear)
    var positions: [Double] = []
    for (index, plane) in planes.enumerated() {
      let position = grid.point(at: Vector3(index: plane.voxel(at: extent)))[plane.patientAxis]
      positions.append(position)
      let renderer = PanelRenderer(
        image: image, mask: mask, plane: plane, extent: extent, edge: Self.panel,
        // The whole slice where it fits; otherwise around the region, within the grid.
        centre: plane.centre(extent, grid, fieldOfView: fieldOfView),
        millimetresPerPixel: fieldOfView / Double(Self.panel))
      let place = [(0, 0), (0, 1), (1, 1)][index]
      let corner = (x: place.0 * Self.panel, y: place.1 * Self.panel)
      renderer.draw(in: &plain, layer: &layer, at: corner, window: window)
      renderer.drawCross(in: &layer, at: corner, otherPlanes: planes)
      renderer.annotate(
        &plain, at: corner, window: window, bar: fieldOfView > 150 ? 50 : 20,
        title: "\(plane.slice + 1)/\(grid.size[plane.through])  \(plane.coordinate)=\(position.fixed(1)) mm")
    }
    let renderer = PanelRenderer(
      image: image, mask: mask, plane: axial, extent: extent, edge: Self.panel,
      centre: (extent.middle(axial.across), extent.middle(axial.down)),
      millimetresPerPixel: closeUp / Double(Self.panel))
    let corner = (x: Self.panel, y: 0)
    renderer.draw(in: &plain, layer: &layer, at: corner, window: window)
    let enlargement = fieldOfView / closeUp
    renderer.annotate(
      &plain, at: corner, window: window, bar: closeUp > 150 ? 50 : closeUp > 60 ? 20 : 10,
      title: "x\(enlargement.fixed(1))")
    plain.separate(panels: 2, edge: Self.panel)

    self.plain = plain
    self.layer = layer
    self.window = window
    self.positions = positions
    self.fieldOfView = fieldOfView
    self.enlargement = enlargement
    slices = planes.map(\.slice)
    sliceCounts = planes.map { grid.size[$0.through] }
  }

  /// The planes with outline and cross lines.
  package var picture: IndexedImage {
    var picture = plain
    picture.put(layer)
    return picture
  }

  /// `overlay.png`.
  package func pngBytes() -> [UInt8] { PNGEncoder.encode(picture, text: text) }

  /// The planes alone, and the outline alone on a transparent ground: a page overlays one on the other, and can hide
  /// it.
  package func layerBytes() -> (plain: [UInt8], outline: [UInt8]) {
    (PNGEncoder.encode(plain, text: text), PNGEncoder.encode(layer))
  }

  private var text: [(keyword: String, value: String)] {
    [
      ("Description", "Axial, axial enlarged, coronal and sagittal plane, \(caption)"),
      ("Disclaimer", Notice.researchUse),
    ]
  }

  /// Window, slices, positions and field of view in words. Slices count from 1.
  package var caption: String {
    let planes = ["axial", "coronal", "sagittal"].enumerated().map { index, name in
      "\(name) slice \(slices[index] + 1) of \(sliceCounts[index])"
        + " (\(["z", "y", "x"][index]) = \(positions[index].fixed(1)) mm)"
    }
    return "window \(Int(window.width)) HU, level \(Int(window.level)) HU; \(planes.joined(separator: ", "));"
      + " field of view \(Int(min(fieldOfView, 1e9).rounded())) mm; top right the axial slice, \(enlargement.fixed(1)) times enlarged"
  }
}

extension IndexedImage {
  /// Dark grey lines between square panels.
  fileprivate mutating func separate(panels: Int, edge: Int) {
    for line in 1..<panels {
      for along in 0..<(panels * edge) {
        self[line * edge, along] = .grey(90)
        self[along, line * edge] = .grey(90)
      }
    }
  }
}
