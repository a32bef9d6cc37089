internal import Imaging

/// Draws one plane: grey values interpolated linearly within the slice, the mask's outline, letters and a scale.
struct PanelRenderer {
  let image: Volume
  let mask: Mask
  let plane: OverlayPlane
  let extent: RegionExtent
  /// Pixels.
  let edge: Int
  /// Continuous grid index of the panel's middle.
  let centre: (across: Double, down: Double)
  let millimetresPerPixel: Double

  typealias Corner = (x: Int, y: Int)

  /// Draws the grey values into `picture` and the outline into `layer`.
  func draw(in picture: inout IndexedImage, layer: inout IndexedImage, at corner: Corner, window: DisplayWindow) {
    let across = (0..<edge).map { index(ofPixel: $0, axis: plane.across, sign: plane.acrossSign, centre.across) }
    let down = (0..<edge).map { index(ofPixel: $0, axis: plane.down, sign: plane.downSign, centre.down) }
    drawValues(in: &picture, at: corner, across, down, window)
    drawOutline(in: &layer, at: corner, across, down)
  }

  /// Continuous grid index under the middle of a pixel.
  private func index(ofPixel pixel: Int, axis: Int, sign: Double, _ centre: Double) -> Double {
    let offset = (Double(pixel) + 0.5 - Double(edge) / 2) * millimetresPerPixel
    return centre + sign * offset / image.geometry.spacing[axis]
  }

  /// The pixel, within the panel, at a continuous grid index.
  private func pixel(at index: Double, axis: Int, sign: Double, _ centre: Double) -> Int {
    let offset = (index - centre) * sign * image.geometry.spacing[axis] / millimetresPerPixel
    return Int((min(max(offset, -1e6), 1e6) + Double(edge) / 2).rounded(.down))
  }

  private func offset(_ across: Int, _ down: Int) -> Int {
    var voxel = SIMD3(0, 0, 0)
    voxel[plane.across] = across
    voxel[plane.down] = down
    voxel[plane.through] = plane.slice
    return image.geometry.offset(voxel.x, voxel.y, voxel.z)
  }

  /// The two voxels on either side of a continuous index, and the second one's share; nil beyond the outer voxels'
  /// edges.
  private func neighbours(_ index: Double, _ count: Int) -> (low: Int, high: Int, share: Double)? {
    guard index >= -0.5, index <= Double(count) - 0.5 else { return nil }
    let inner = min(max(index, 0), Double(count - 1))
    return (Int(inner), min(Int(inner) + 1, count - 1), inner - inner.rounded(.down))
  }

  /// Black beyond the outer voxels' edges.
  private func drawValues(
    in picture: inout IndexedImage, at corner: Corner, _ across: [Double], _ down: [Double], _ window: DisplayWindow
  ) {
    let size = image.geometry.size
    let columns = across.map { neighbours($0, size[plane.across]) }
    // Each row of voxels is read once, whatever the type of the volume.
    var rows: [Int: [Double]] = [:]
    func row(_ index: Int) -> [Double] {
      if let row = rows[index] { return row }
      let row = (0..<size[plane.across]).map { image.voxels[offset($0, index)] }
      rows[index] = row
      return row
    }
    for y in 0..<edge {
      guard let line = neighbours(down[y], size[plane.down]) else { continue }
      let (top, bottom) = (row(line.low), row(line.high))
      for x in 0..<edge {
        guard let column = columns[x] else { continue }
        let above = top[column.low] * (1 - column.share) + top[column.high] * column.share
        let below = bottom[column.low] * (1 - column.share) + bottom[column.high] * column.share
        picture[corner.x + x, corner.y + y] = .grey(window.grey(above * (1 - line.share) + below * line.share))
      }
    }
  }

  /// Two pixels of colour just outside the region and one dark pixel around them: visible on any ground, and no pixel
  /// of the region is covered.
  private func drawOutline(in layer: inout IndexedImage, at corner: Corner, _ across: [Double], _ down: [Double]) {
    let size = mask.geometry.size
    func nearest(_ index: Double, _ count: Int) -> Int? {
      let voxel = index.rounded()
      return voxel >= 0 && voxel < Double(count) ? Int(voxel) : nil
    }
    let columns = across.map { nearest($0, size[plane.across]) }
    let lines = down.map { nearest($0, size[plane.down]) }
    var inside = [Bool](repeating: false, count: edge * edge)
    for y in 0..<edge {
      guard let line = lines[y] else { continue }
      for x in 0..<edge {
        if let column = columns[x] { inside[x + edge * y] = mask.voxels[offset(column, line)] != 0 }
      }
    }
    func isBoundary(_ x: Int, _ y: Int) -> Bool {
      let within = x > 0 && y > 0 && x < edge - 1 && y < edge - 1
      return !within || !inside[x - 1 + edge * y] || !inside[x + 1 + edge * y] || !inside[x + edge * (y - 1)]
        || !inside[x + edge * (y + 1)]
    }
    // Dark first, colour over it.
    for (reach, square, colour) in [(3, 10, IndexedImage.Colour.grey(0)), (2, 5, .outline)] {
      for y in 0..<edge {
        for x in 0..<edge where inside[x + edge * y] && isBoundary(x, y) {
          for dy in -reach...reach {
            for dx in -reach...reach where dx * dx + dy * dy <= square {
              let (px, py) = (x + dx, y + dy)
              guard px >= 0, py >= 0, px < edge, py < edge, !inside[px + edge * py] else { continue }
              layer[corner.x + px, corner.y + py] = colour
            }
          }
        }
      }
    }
  }

  /// Dashed lines at the other planes, with a gap around the region.
  func drawCross(in layer: inout IndexedImage, at corner: Corner, otherPlanes planes: [OverlayPlane]) {
    let gap = 14
    func span(_ axis: Int, _ sign: Double, _ centre: Double) -> ClosedRange<Int> {
      let ends = [Double(extent.lower[axis]) - 0.5, Double(extent.upper[axis]) + 0.5]
        .map { pixel(at: $0, axis: axis, sign: sign, centre) }
      return (ends.min()! - gap)...(ends.max()! + gap)
    }
    let columns = span(plane.across, plane.acrossSign, centre.across)
    let rows = span(plane.down, plane.downSign, centre.down)
    for other in planes where other.through != plane.through {
      let isUpright = other.through == plane.across
      let (axis, sign, middle) =
        isUpright
        ? (plane.across, plane.acrossSign, centre.across) : (plane.down, plane.downSign, centre.down)
      let at = pixel(at: Double(other.slice), axis: axis, sign: sign, middle)
      guard (0..<edge).contains(at) else { continue }
      for along in 0..<edge where along % 8 < 4 && !(isUpright ? rows : columns).contains(along) {
        let (x, y) = isUpright ? (at, along) : (along, at)
        layer[corner.x + x, corner.y + y] = .cross
      }
    }
  }

  /// Letters of the patient's sides, the window, a scale of `bar` mm, and a title.
  func annotate(_ picture: inout IndexedImage, at corner: Corner, window: DisplayWindow, bar: Int, title: String) {
    let (left, top) = corner
    picture.draw(title, x: left + 6, y: top + 6)
    picture.draw(plane.letters.left, x: left + 6, y: top + edge / 2 - 7)
    picture.draw(plane.letters.right, x: left + edge - 16, y: top + edge / 2 - 7)
    picture.draw(plane.letters.top, x: left + edge / 2 - 5, y: top + 26)
    picture.draw("W \(Int(window.width)) L \(Int(window.level))", x: left + 6, y: top + edge - 20)
    let length = Int((Double(bar) / millimetresPerPixel).rounded())
    let end = left + edge - 8
    for x in -1...length {
      for y in -1...2 {
        let isRim = x < 0 || x == length || y < 0 || y == 2
        picture[end - length + x, top + edge - 11 + y] = .grey(isRim ? 0 : 255)
      }
    }
    let text = "\(bar) mm"
    picture.draw(text, x: end - PixelFont.width(of: text), y: top + edge - 30)
  }
}
