internal import Imaging

/// Draws one plane: grey values interpolated linearly within the slice, the mask's outline, letters and a scale.
struct PanelRenderer {
  let image: Volume
  let mask: Mask
  let plane: OverlayPlane
  /// Continuous grid index of the panel's middle.
  let centre: [Double]
  let millimetresPerPixel: Double

  func draw(in picture: inout RGBImage, left: Int, window: DisplayWindow) {
    let edge = Overlay.panel
    let across = (0..<edge).map { index(ofPixel: $0, axis: plane.across, sign: plane.acrossSign) }
    let down = (0..<edge).map { index(ofPixel: $0, axis: plane.down, sign: plane.downSign) }
    var inside = [Bool](repeating: false, count: edge * edge)
    for y in 0..<edge {
      for x in 0..<edge {
        picture[left + x, y] = .grey(window.grey(value(across[x], down[y])))
        inside[x + edge * y] = isInside(across[x], down[y])
      }
    }
    for y in 0..<edge {
      for x in 0..<edge where inside[x + edge * y] {
        let within = x > 0 && y > 0 && x < edge - 1 && y < edge - 1
        let surrounded =
          within && inside[x - 1 + edge * y] && inside[x + 1 + edge * y] && inside[x + edge * (y - 1)]
          && inside[x + edge * (y + 1)]
        if !surrounded { picture[left + x, y] = Overlay.outline }
      }
    }
    annotate(&picture, left: left, window: window)
  }

  /// Continuous grid index under the middle of a pixel.
  private func index(ofPixel pixel: Int, axis: Int, sign: Double) -> Double {
    let offset = (Double(pixel) + 0.5 - Double(Overlay.panel) / 2) * millimetresPerPixel
    return centre[axis] + sign * offset / image.geometry.spacing[axis]
  }

  private func offset(_ across: Int, _ down: Int) -> Int {
    var voxel = SIMD3(0, 0, 0)
    voxel[plane.across] = across
    voxel[plane.down] = down
    voxel[plane.through] = plane.slice
    return image.geometry.offset(voxel.x, voxel.y, voxel.z)
  }

  /// NaN (black) beyond the outer voxels' edges.
  private func value(_ across: Double, _ down: Double) -> Double {
    let (width, height) = (image.geometry.size[plane.across], image.geometry.size[plane.down])
    guard across >= -0.5, down >= -0.5, across <= Double(width) - 0.5, down <= Double(height) - 0.5 else { return .nan }
    let x = min(max(across, 0), Double(width - 1))
    let y = min(max(down, 0), Double(height - 1))
    let (x0, y0) = (Int(x), Int(y))
    let (x1, y1) = (min(x0 + 1, width - 1), min(y0 + 1, height - 1))
    let (fx, fy) = (x - Double(x0), y - Double(y0))
    let top = image.voxels[offset(x0, y0)] * (1 - fx) + image.voxels[offset(x1, y0)] * fx
    let bottom = image.voxels[offset(x0, y1)] * (1 - fx) + image.voxels[offset(x1, y1)] * fx
    return top * (1 - fy) + bottom * fy
  }

  private func isInside(_ across: Double, _ down: Double) -> Bool {
    let (x, y) = (across.rounded(), down.rounded())
    guard x >= 0, y >= 0, x < Double(mask.geometry.size[plane.across]), y < Double(mask.geometry.size[plane.down])
    else { return false }
    return mask.voxels[offset(Int(x), Int(y))] != 0
  }

  private func annotate(_ picture: inout RGBImage, left: Int, window: DisplayWindow) {
    let edge = Overlay.panel
    picture.draw(plane.letters.left, x: left + 6, y: edge / 2 - 7)
    picture.draw(plane.letters.right, x: left + edge - 16, y: edge / 2 - 7)
    picture.draw(plane.letters.top, x: left + edge / 2 - 5, y: 6)
    picture.draw("W \(Int(window.width)) L \(Int(window.level))", x: left + 6, y: edge - 20)
    let bar = Int((50 / millimetresPerPixel).rounded())
    for x in 0..<bar { for y in 0..<2 { picture[left + edge - 8 - bar + x, edge - 10 + y] = .grey(255) } }
    picture.draw("50 mm", x: left + edge - 8 - 58, y: edge - 28)
  }
}
