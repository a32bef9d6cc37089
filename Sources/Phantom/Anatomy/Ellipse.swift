import Glibc

/// An ellipse in the plane of a slice, in mm, rotated by an angle.
struct Ellipse: Sendable {
  var x: Double
  var y: Double
  var rx: Double
  var ry: Double
  /// Cosine and sine of the angle.
  var cosine = 1.0
  var sine = 0.0

  init(x: Double, y: Double, rx: Double, ry: Double, angle: Double = 0) {
    self.x = x
    self.y = y
    self.rx = rx
    self.ry = ry
    cosine = cos(angle)
    sine = sin(angle)
  }

  /// The same ellipse, larger by `margin` mm on all sides.
  func grown(by margin: Double) -> Ellipse {
    var ellipse = self
    ellipse.rx += margin
    ellipse.ry += margin
    return ellipse
  }
}

/// An ellipsoid with axes along x, y and z, in mm.
struct Ellipsoid: Sendable {
  var x: Double
  var y: Double
  var z: Double
  var rx: Double
  var ry: Double
  var rz: Double

  /// Its cut at height z, or nil where there is none.
  func cut(at height: Double) -> Ellipse? {
    let t = (height - z) / rz
    guard t > -1, t < 1 else { return nil }
    let scale = (1 - t * t).squareRoot()
    return Ellipse(x: x, y: y, rx: rx * scale, ry: ry * scale)
  }

  func grown(by margin: Double) -> Ellipsoid {
    Ellipsoid(x: x, y: y, z: z, rx: rx + margin, ry: ry + margin, rz: rz + margin)
  }

  /// Below 1 inside, 1 on the surface.
  func level(_ px: Double, _ py: Double, _ pz: Double) -> Double {
    let a = (px - x) / rx
    let b = (py - y) / ry
    let c = (pz - z) / rz
    return (a * a + b * b + c * c).squareRoot()
  }
}
