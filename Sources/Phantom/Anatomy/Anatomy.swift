internal import Random

/// A pelvis in the excretory phase with random dimensions: mm in LPS with the bladder near the centre, HU.
struct Anatomy: Sendable {
  var body: Ellipse
  /// Thickness of the fat below the skin.
  var fat: Double
  /// The fat of the pelvic cavity, between the muscles.
  var cavity: Ellipse
  var bowel: [Ellipsoid]
  var rectum: Ellipse
  /// The inside of the bladder.
  var lumen: Ellipsoid
  var wall: Double
  /// Excreted contrast sinks to the back of a patient in supine position: HU far in front of and far behind the level,
  /// the level's y, and the depth of the transition.
  var urine: Double
  var contrast: Double
  var contrastLevel: Double
  var contrastDepth: Double
  var tumour: Tumour
  /// Standard deviation of the noise.
  var noise: Double

  init(_ recipe: PhantomRecipe) {
    var random = RandomSource(seed: recipe.seed, part: 1)
    let a = random.uniform(160...188)
    let b = random.uniform(102...124)
    body = Ellipse(x: random.uniform(-4...4), y: random.uniform(-4...4), rx: a, ry: b)
    fat = random.uniform(10...26)
    cavity = Ellipse(x: body.x, y: body.y - 12, rx: a * 0.55, ry: b * 0.62)
    wall = random.uniform(2.2...4)
    // A thin volume has a flat bladder: the tumour must lie within the slices.
    let rz = min(random.uniform(28...42), 0.42 * recipe.height)
    lumen = Ellipsoid(
      x: body.x + random.uniform(-5...5), y: body.y - random.uniform(14...28), z: random.uniform(-0.05...0.05) * rz,
      rx: random.uniform(32...44), ry: random.uniform(27...37), rz: rz)
    bowel = (0..<7).map { _ in
      Ellipsoid(
        x: random.uniform(-70...70), y: random.uniform(-60...0), z: random.uniform(-0.7...0.7) * recipe.height,
        rx: random.uniform(12...22), ry: random.uniform(12...20), rz: random.uniform(15...35))
    }
    rectum = Ellipse(
      x: body.x + random.uniform(-4...4), y: body.y + 38, rx: random.uniform(13...19), ry: random.uniform(12...17))
    urine = random.uniform(20...140)
    contrast = random.uniform(320...720)
    contrastLevel = lumen.y + random.uniform(-0.35...0.3) * lumen.ry
    contrastDepth = random.uniform(2.5...7)
    noise = random.uniform(9...15)
    tumour = Tumour(recipe, lumen: lumen, wall: wall, random: &random)
  }
}
