/// A picture of one byte per pixel, row by row from the top: grey levels, and a few colours for overlays.
///
/// All pictures share one palette, so a picture costs a third of an RGB one in memory, time and bytes.
package struct IndexedImage: Sendable, Equatable {
  /// An entry of the palette.
  package struct Colour: Sendable, Equatable {
    package let index: UInt8

    /// The grey nearest to a level of 0 (black) to 255 (white).
    package static func grey(_ level: UInt8) -> Colour {
      Colour(index: UInt8((Int(level) * (greys - 1) + 127) / 255))
    }

    /// The outline of a region: amber.
    package static let outline = Colour(index: 250)
    /// Lines that show the positions of the other planes: blue.
    package static let cross = Colour(index: 251)
    /// Transparent: another picture shows through.
    package static let clear = Colour(index: 255)
  }

  /// Number of grey levels, the first entries of the palette.
  static let greys = 250

  /// Red, green and blue of each entry.
  static let palette: [UInt8] = {
    var palette: [UInt8] = []
    for level in 0..<greys {
      let value = UInt8((level * 255 + (greys - 1) / 2) / (greys - 1))
      palette += [value, value, value]
    }
    palette += [255, 196, 0]
    palette += [96, 200, 255]
    return palette + [UInt8](repeating: 0, count: 3 * 256 - palette.count)
  }()

  package let width: Int
  package let height: Int
  /// Palette entries.
  package internal(set) var bytes: [UInt8]

  /// A picture of one colour.
  package init(width: Int, height: Int, _ colour: Colour = .grey(0)) {
    precondition(width > 0 && height > 0, "a picture has pixels")
    self.width = width
    self.height = height
    bytes = [UInt8](repeating: colour.index, count: width * height)
  }

  /// The colour at a pixel; setting one outside the picture does nothing.
  package subscript(x: Int, y: Int) -> Colour {
    get { Colour(index: bytes[x + width * y]) }
    set {
      guard x >= 0, x < width, y >= 0, y < height else { return }
      bytes[x + width * y] = newValue.index
    }
  }

  /// Copies every pixel of another picture of this size that is not clear onto this one.
  package mutating func put(_ layer: IndexedImage) {
    precondition(layer.width == width && layer.height == height, "a layer has the picture's size")
    for offset in bytes.indices where layer.bytes[offset] != Colour.clear.index { bytes[offset] = layer.bytes[offset] }
  }
}
