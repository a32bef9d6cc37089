public import Imaging

/// The picture beside a result: axial, coronal and sagittal plane through the region's largest area, with its outline.
public struct Overlay: Sendable {
  /// Three square panels side by side.
  public let picture: RGBImage
  public let window: DisplayWindow
  /// Slice index of each panel along its grid axis, from 0: axial, coronal, sagittal.
  public let slices: [Int]
  /// Edge of each panel's field of view in mm.
  public let fieldOfView: Double

  /// Pixels of a panel's edge.
  public static let panel = 384
  /// Colour of the outline.
  public static let outline = RGBImage.Colour(red: 255, green: 196, blue: 0)

  /// - Parameters:
  ///   - image: HU for a CT.
  ///   - mask: on the image's grid.
  /// - Returns: nil where the mask is empty.
  public init?(image: Volume, mask: Mask, window: DisplayWindow = .softTissue) {
    precondition(image.geometry.size == mask.geometry.size, "image and mask share a grid")
    guard let box = Self.boundingBox(of: mask) else { return nil }
    let spacing = image.geometry.spacing
    let extent = (0..<3).map { Double(box.upper[$0] - box.lower[$0] + 1) * spacing[$0] }
    // Twice the region, and never less than a hand's breadth, so that its surroundings are seen.
    let fieldOfView = max(120, 2 * extent.max()!)
    let centre = (0..<3).map { Double(box.lower[$0] + box.upper[$0]) / 2 }

    var picture = RGBImage(width: 3 * Self.panel, height: Self.panel)
    var slices: [Int] = []
    for (index, orientation) in OverlayPlane.Orientation.allCases.enumerated() {
      let plane = OverlayPlane(orientation, mask: mask)
      slices.append(plane.slice)
      let renderer = PanelRenderer(
        image: image, mask: mask, plane: plane, centre: centre, millimetresPerPixel: fieldOfView / Double(Self.panel))
      renderer.draw(in: &picture, left: index * Self.panel, window: window)
    }
    self.picture = picture
    self.window = window
    self.slices = slices
    self.fieldOfView = fieldOfView
  }

  /// `overlay.png`.
  public func pngBytes() -> [UInt8] {
    PNGEncoder.encode(
      picture,
      text: [("Description", "Axial, coronal and sagittal plane, \(caption)"), ("Disclaimer", Notice.researchUse)])
  }

  /// Window, slices and field of view in words.
  public var caption: String {
    "window \(Int(window.width)) HU, level \(Int(window.level)) HU; slices \(slices[0]), \(slices[1]), \(slices[2])"
      + " (axial, coronal, sagittal, from 0); field of view \(Int(min(fieldOfView, 1e9).rounded())) mm"
  }

  private static func boundingBox(of mask: Mask) -> (lower: SIMD3<Int>, upper: SIMD3<Int>)? {
    let size = mask.geometry.size
    var lower = size
    var upper = SIMD3(-1, -1, -1)
    var offset = 0
    for z in 0..<size.z {
      for y in 0..<size.y {
        for x in 0..<size.x {
          if mask.voxels[offset] != 0 {
            let voxel = SIMD3(x, y, z)
            lower = pointwiseMin(lower, voxel)
            upper = pointwiseMax(upper, voxel)
          }
          offset += 1
        }
      }
    }
    return upper.x < 0 ? nil : (lower, upper)
  }
}
