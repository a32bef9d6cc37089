import Glibc
internal import Random

/// A tumour on the bladder's wall: a lumpy ball that grows into the lumen, and slightly through the wall.
///
/// Its aggressiveness is one hidden number, drawn from overlapping distributions of the two classes; size, lumps,
/// enhancement and texture each follow it only in part. So no model can separate the classes with certainty.
struct Tumour: Sendable {
  /// Centre in mm.
  var x: Double
  var y: Double
  var z: Double
  /// Mean radius in mm.
  var radius: Double
  /// Flatness along z: the half axis is `radius * flatness`.
  var flatness: Double
  private var lumps: [Wave]
  private var lumpiness: Double
  private var texture: [Wave]
  private var meanHU: Double
  private var textureHU: Double
  /// Where it may grow: the bladder's outer wall and slightly beyond.
  private var bounds: Ellipsoid

  private struct Wave: Sendable {
    var x: Double
    var y: Double
    var z: Double
    var phase: Double

    func value(_ px: Double, _ py: Double, _ pz: Double) -> Double { cos(x * px + y * py + z * pz + phase) }
  }

  /// Distance of the classes' means in standard deviations: a reader who knew the hidden number itself would reach an
  /// area under the curve of 0.94.
  static let separation = 2.2

  init(_ recipe: PhantomRecipe, lumen: Ellipsoid, wall: Double, random: inout RandomSource) {
    let aggression = random.normal() + (recipe.isPositive ? 0.5 : -0.5) * Self.separation
    func follow(_ share: Double, _ random: inout RandomSource) -> Double {
      share * aggression + (1 - share * share).squareRoot() * random.normal()
    }
    // Diameters of 8 to 45 mm; at least three pixels and two slices across, so that there is something to measure.
    let wanted = 12 * exp(0.38 * follow(0.35, &random))
    let least = max(4, 1.5 * recipe.pixel, min(recipe.spacing, 0.15 * recipe.height))
    radius = min(max(wanted, least), 17.5, 0.55 * lumen.rx, 0.22 * recipe.height)
    flatness = min(random.uniform(0.8...1.15), 0.45 * recipe.height / radius)
    lumpiness = 0.11 * exp(0.45 * follow(0.55, &random))
    meanHU = 72 + 9 * follow(0.35, &random)
    textureHU = 17 * exp(0.42 * follow(0.7, &random))
    let grain = 4.2 * exp(-0.3 * follow(0.6, &random))

    // On the wall, away from the poles; its centre slightly inside the wall.
    let azimuth = random.uniform(0...(2 * Double.pi))
    let elevation = random.uniform(-0.45...0.45)
    let u = (cos(azimuth) * cos(elevation), sin(azimuth) * cos(elevation), sin(elevation))
    let surface =
      1
      / ((u.0 / lumen.rx) * (u.0 / lumen.rx) + (u.1 / lumen.ry) * (u.1 / lumen.ry)
      + (u.2 / lumen.rz) * (u.2 / lumen.rz)).squareRoot()
    let reach = surface - random.uniform(0.3...0.75) * radius
    x = lumen.x + u.0 * reach
    y = lumen.y + u.1 * reach
    z = lumen.z + u.2 * reach
    bounds = lumen.grown(by: wall + max(0, 2 + 1.5 * follow(0.4, &random)))
    lumps = (0..<7).map { _ in Self.wave(frequency: 3.4, random: &random) }
    texture = (0..<40).map { _ in Self.wave(frequency: 1 / grain, random: &random) }
  }

  /// A plane wave of random direction, with the spread of wave numbers of a Gaussian random field.
  private static func wave(frequency: Double, random: inout RandomSource) -> Wave {
    Wave(
      x: random.normal() * frequency, y: random.normal() * frequency, z: random.normal() * frequency,
      phase: random.uniform(0...(2 * Double.pi)))
  }

  /// Half the size of the box around it, in mm.
  var reach: Double { radius * max(1, flatness) * 1.3 + 1 }

  /// Distance in mm to the surface, negative inside. Accurate near the surface, an estimate elsewhere.
  func distance(_ px: Double, _ py: Double, _ pz: Double) -> Double {
    let dx = px - x
    let dy = py - y
    let dz = (pz - z) / flatness
    let length = (dx * dx + dy * dy + dz * dz).squareRoot()
    let inverse = length > 1e-9 ? 1 / length : 0
    var lump = 0.0
    for wave in lumps { lump += wave.value(dx * inverse, dy * inverse, dz * inverse) }
    let surface = radius * (1 + max(-0.45, min(0.3, lumpiness * lump)))
    let outside = (bounds.level(px, py, pz) - 1) * min(bounds.rx, bounds.ry, bounds.rz)
    return max(length - surface, outside)
  }

  /// HU inside.
  func hounsfield(_ px: Double, _ py: Double, _ pz: Double) -> Double {
    var sum = 0.0
    for wave in texture { sum += wave.value(px - x, py - y, pz - z) }
    return meanHU + textureHU * sum * (2 / Double(texture.count)).squareRoot()
  }
}
