/// What one synthetic CTU study is made from. The same recipe gives the same bytes.
public struct PhantomRecipe: Sendable, Equatable {
  public var seed: UInt64
  /// The class that the tumour's shape and texture are drawn for.
  public var isPositive: Bool
  /// Rows and columns. Pixels are 400 mm / matrix, but 2.5 mm at most: a small matrix sees the bladder, not all the
  /// body.
  public var matrix: Int
  public var slices: Int
  /// Distance and thickness of slices in mm.
  public var spacing: Double

  public init(seed: UInt64 = 1, isPositive: Bool = false, matrix: Int = 256, slices: Int = 40, spacing: Double = 5) {
    self.seed = seed
    self.isPositive = isPositive
    self.matrix = matrix
    self.slices = slices
    self.spacing = spacing
  }

  /// Pixel spacing in mm.
  public var pixel: Double { min(2.5, 400 / Double(matrix)) }
  /// Height of the volume in mm.
  var height: Double { Double(slices) * spacing }
}
