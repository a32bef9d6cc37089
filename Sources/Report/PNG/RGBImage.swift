/// A picture of 8 bits red, green and blue a pixel, row by row from the top, three bytes a pixel.
public struct RGBImage: Sendable, Equatable {
  public struct Colour: Sendable, Equatable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8

    public init(red: UInt8, green: UInt8, blue: UInt8) {
      self.red = red
      self.green = green
      self.blue = blue
    }

    public static func grey(_ level: UInt8) -> Colour { Colour(red: level, green: level, blue: level) }
  }

  public let width: Int
  public let height: Int
  public private(set) var bytes: [UInt8]

  /// A black picture.
  public init(width: Int, height: Int) {
    precondition(width > 0 && height > 0, "a picture has pixels")
    self.width = width
    self.height = height
    bytes = [UInt8](repeating: 0, count: 3 * width * height)
  }

  /// The colour at a pixel; setting one outside the picture does nothing.
  public subscript(x: Int, y: Int) -> Colour {
    get {
      let at = 3 * (x + width * y)
      return Colour(red: bytes[at], green: bytes[at + 1], blue: bytes[at + 2])
    }
    set {
      guard x >= 0, x < width, y >= 0, y < height else { return }
      let at = 3 * (x + width * y)
      bytes[at] = newValue.red
      bytes[at + 1] = newValue.green
      bytes[at + 2] = newValue.blue
    }
  }
}
