/// How grey values become grey levels (PyRadiomics: `binWidth`, `binCount`).
package enum Binning: Sendable, Equatable {
  /// Bins of one width, in the image's unit, whose edges are multiples of the width.
  case width(Double)
  /// A number of bins of equal width between the region's smallest and largest value.
  case count(Int)
}
