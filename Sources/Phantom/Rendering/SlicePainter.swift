import Glibc

/// Paints slices of an anatomy: the measurement of a scanner without noise, with partial volume in all directions.
struct SlicePainter: Sendable {
  let recipe: PhantomRecipe
  let anatomy: Anatomy

  /// Height of slice k in mm; the volume is centred at 0.
  func height(_ slice: Int) -> Double { (Double(slice) - 0.5 * Double(recipe.slices - 1)) * recipe.spacing }

  func paint(_ slice: Int) -> Canvas {
    let z = height(slice)
    var canvas = Canvas(matrix: recipe.matrix, pixel: recipe.pixel, fill: -1000)
    paintTable(&canvas)
    paintBody(&canvas, z)
    paintBones(&canvas, z)
    // A slice shows the mean over its thickness; three samples are sufficient where edges are oblique.
    let samples: [Double] = recipe.spacing > 1.5 ? [-1.0 / 3, 0, 1.0 / 3] : [0]
    var sum = [Float](repeating: 0, count: canvas.values.count)
    let touched = samples.contains { anatomy.lumen.grown(by: 12).cut(at: z + $0 * recipe.spacing) != nil }
    guard touched else { return canvas }
    for sample in samples {
      var layer = canvas
      paintBladder(&layer, z + sample * recipe.spacing)
      for i in sum.indices { sum[i] += layer.values[i] }
    }
    let share = 1 / Float(samples.count)
    for i in sum.indices { canvas.values[i] = sum[i] * share }
    return canvas
  }

  /// The curved carbon plate below the patient, and its foam.
  private func paintTable(_ canvas: inout Canvas) {
    let back = anatomy.body.y + anatomy.body.ry
    let curve = Ellipse(x: 0, y: back - 300, rx: 312, ry: 312)
    // Drawn as a thick disc from which everything except its rim is removed again.
    let rows = canvas.span(back + 6, 14)
    let columns = canvas.span(0, 205)
    for row in rows {
      let y = canvas.position(row)
      for column in columns {
        let x = canvas.position(column)
        let r = ((x - curve.x) * (x - curve.x) + (y - curve.y) * (y - curve.y)).squareRoot() - curve.rx
        if r > -1.5, r < 1.5 {
          canvas.values[row * canvas.matrix + column] = -110
        } else if r >= 1.5, r < 14 {
          canvas.values[row * canvas.matrix + column] = -930
        }
      }
    }
  }

  private func paintBody(_ canvas: inout Canvas, _ z: Double) {
    canvas.paint(anatomy.body, 20)  // skin
    canvas.paint(anatomy.body.grown(by: -2), -104)
    canvas.paint(anatomy.body.grown(by: -anatomy.fat), 56)
    canvas.paint(anatomy.cavity, -92)
    for loop in anatomy.bowel {
      if let cut = loop.cut(at: z) { canvas.paint(cut, 38) }
    }
    canvas.paint(anatomy.rectum, 34)
    // Gas rises to the front of the rectum.
    canvas.paint(
      Ellipse(x: anatomy.rectum.x, y: anatomy.rectum.y - 3, rx: anatomy.rectum.rx * 0.45, ry: anatomy.rectum.ry * 0.35),
      -850)
  }

  private func paintBones(_ canvas: inout Canvas, _ z: Double) {
    let body = anatomy.body
    // The sacrum, with a disc every 36 mm.
    let spine = Ellipse(x: body.x, y: body.y + body.ry * 0.66, rx: 25, ry: 18)
    let phase = (z / 36) - (z / 36).rounded(.down)
    if phase < 0.78 {
      canvas.paint(spine, 480)
      canvas.paint(spine.grown(by: -2.2), 165)
    } else {
      canvas.paint(spine.grown(by: -1), 85)
    }
    canvas.paint(Ellipse(x: spine.x, y: spine.y + 25, rx: 7, ry: 9), 420)
    // The wings of the ilium rotate with height.
    let turn = 0.35 + 0.25 * sin(z / 90)
    for side in [-1.0, 1.0] {
      let wing = Ellipse(x: body.x + side * body.rx * 0.57, y: body.y + 16, rx: 11, ry: 43, angle: side * turn)
      canvas.paint(wing, 690)
      canvas.paint(wing.grown(by: -2.6), 210)
    }
  }

  private func paintBladder(_ canvas: inout Canvas, _ z: Double) {
    if let outer = anatomy.lumen.grown(by: anatomy.wall).cut(at: z) { canvas.paint(outer, 46) }
    if let inner = anatomy.lumen.cut(at: z) { paintUrine(&canvas, inner) }
    paintTumour(&canvas, z)
  }

  private func paintUrine(_ canvas: inout Canvas, _ inner: Ellipse) {
    let smallest = min(inner.rx, inner.ry)
    for row in canvas.span(inner.y, inner.ry + canvas.pixel) {
      let y = canvas.position(row)
      let share = 1 / (1 + exp(-(y - anatomy.contrastLevel) / anatomy.contrastDepth))
      let hu = Float(anatomy.urine + (anatomy.contrast - anatomy.urine) * share)
      for column in canvas.span(inner.x, inner.rx + canvas.pixel) {
        let u = (canvas.position(column) - inner.x) / inner.rx
        let v = (y - inner.y) / inner.ry
        let distance = ((u * u + v * v).squareRoot() - 1) * smallest
        let cover = Float(max(0, min(1, 0.5 - distance / canvas.pixel)))
        let place = row * canvas.matrix + column
        canvas.values[place] += (hu - canvas.values[place]) * cover
      }
    }
  }

  private func paintTumour(_ canvas: inout Canvas, _ z: Double) {
    let tumour = anatomy.tumour
    guard abs(z - tumour.z) <= tumour.reach else { return }
    for row in canvas.span(tumour.y, tumour.reach) {
      for column in canvas.span(tumour.x, tumour.reach) {
        let x = canvas.position(column)
        let y = canvas.position(row)
        let cover = max(0, min(1, 0.5 - tumour.distance(x, y, z) / canvas.pixel))
        guard cover > 0 else { continue }
        let place = row * canvas.matrix + column
        canvas.values[place] += (Float(tumour.hounsfield(x, y, z)) - canvas.values[place]) * Float(cover)
      }
    }
  }

  /// The tumour's voxels in a slice, 1 inside: as a reader would draw it, pixel centres inside the surface.
  func mask(_ slice: Int) -> [UInt8] {
    let tumour = anatomy.tumour
    let z = height(slice)
    let canvas = Canvas(matrix: recipe.matrix, pixel: recipe.pixel, fill: 0)
    var mask = [UInt8](repeating: 0, count: recipe.matrix * recipe.matrix)
    guard abs(z - tumour.z) <= tumour.reach else { return mask }
    for row in canvas.span(tumour.y, tumour.reach) {
      for column in canvas.span(tumour.x, tumour.reach)
      where tumour.distance(canvas.position(column), canvas.position(row), z) < 0 {
        mask[row * recipe.matrix + column] = 1
      }
    }
    return mask
  }
}
