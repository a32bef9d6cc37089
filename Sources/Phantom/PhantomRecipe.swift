/// The parameters of one synthetic CTU study. The same recipe gives the same bytes.
package struct PhantomRecipe: Sendable, Equatable {
  package var seed: UInt64
  /// The class for which the tumour's shape and texture are drawn.
  package var isPositive: Bool
  /// Rows and columns. Pixels are 400 mm / matrix, but at most 2.5 mm: a small matrix shows the bladder, not the whole
  /// body.
  package var matrix: Int
  package var slices: Int
  /// Distance and thickness of slices in mm.
  package var spacing: Double

  package init(seed: UInt64 = 1, isPositive: Bool = false, matrix: Int = 256, slices: Int = 40, spacing: Double = 5) {
    self.seed = seed
    self.isPositive = isPositive
    self.matrix = matrix
    self.slices = slices
    self.spacing = spacing
  }

  /// Pixel spacing in mm.
  package var pixel: Double { min(2.5, 400 / Double(matrix)) }
  /// Height of the volume in mm.
  var height: Double { Double(slices) * spacing }
}
