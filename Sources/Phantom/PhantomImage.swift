package import Imaging
internal import Parallel
internal import Random

/// A synthetic CT and the mask of its tumour.
package struct PhantomImage: Sendable {
  package let recipe: PhantomRecipe
  /// HU as int16 in -1024 ... 3071, the range of 12 bits.
  package let volume: Volume
  /// The tumour, 1 inside.
  package let mask: Mask

  /// Renders it; the voxels do not depend on the number of threads.
  package init(_ recipe: PhantomRecipe, threads: Int = 1) {
    self.recipe = recipe
    let painter = SlicePainter(recipe: recipe, anatomy: Anatomy(recipe))
    let pixels = recipe.matrix * recipe.matrix
    var hu = [Int16](repeating: 0, count: pixels * recipe.slices)
    var inside = [UInt8](repeating: 0, count: pixels * recipe.slices)
    hu.withUnsafeMutableBufferPointer { huSpace in
      inside.withUnsafeMutableBufferPointer { insideSpace in
        // Each slice has places of its own.
        let hu = DisjointPlaces(huSpace)
        let inside = DisjointPlaces(insideSpace)
        Parallel.forEach(recipe.slices, threads: threads) { slice in
          let places = slice * pixels..<(slice + 1) * pixels
          _ = hu[places].update(fromContentsOf: Self.noisy(painter, slice))
          _ = inside[places].update(fromContentsOf: painter.mask(slice))
        }
      }
    }
    let geometry = Self.geometry(recipe)
    volume = Volume(geometry: geometry, int16: hu)
    mask = Mask(geometry: geometry, voxels: inside)
  }

  private static func noisy(_ painter: SlicePainter, _ slice: Int) -> [Int16] {
    var random = RandomSource(seed: painter.recipe.seed, part: 1_000_000 + UInt64(slice))
    var values = painter.paint(slice).values
    ScannerNoise.add(to: &values, matrix: painter.recipe.matrix, deviation: painter.anatomy.noise, random: &random)
    return values.map { Int16(max(-1024, min(3071, $0.rounded()))) }
  }

  /// Axial slices from foot to head, centred; positions rounded to the precision of a decimal string.
  private static func geometry(_ recipe: PhantomRecipe) -> Geometry {
    let corner = -0.5 * Double(recipe.matrix - 1) * recipe.pixel
    let bottom = -0.5 * Double(recipe.slices - 1) * recipe.spacing
    return Geometry(
      size: SIMD3(recipe.matrix, recipe.matrix, recipe.slices),
      spacing: Vector3(recipe.pixel, recipe.pixel, recipe.spacing), origin: Vector3(corner, corner, bottom))
  }
}
