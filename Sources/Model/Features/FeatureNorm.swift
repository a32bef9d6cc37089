/// The Euclidean norm of a diagnostic that is a tuple (spacing, size, bounding box, centre of mass): the one number
/// with which it enters a feature table.
public func norm(of values: [Double]) -> Double {
  values.reduce(0) { $0 + $1 * $1 }.squareRoot()
}
