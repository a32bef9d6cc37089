internal import Imaging

/// Which axis of a grid is closest to each direction of the patient.
struct PatientAxes: Sendable, Equatable {
  /// Grid axis for left (L), back (P) and head (S), in this order.
  let axis: [Int]
  /// 1 where the grid axis runs towards L, P, S; -1 where it runs the other way.
  let sign: [Double]

  init(_ geometry: Geometry) {
    let permutations = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    func fit(_ axes: [Int]) -> Double { (0..<3).reduce(0) { $0 + abs(geometry.direction[axes[$1]][$1]) } }
    // The first of equals, so that a grid at exactly 45 degrees has one answer.
    var best = permutations[0]
    for candidate in permutations.dropFirst() where fit(candidate) > fit(best) { best = candidate }
    axis = best
    sign = (0..<3).map { geometry.direction[best[$0]][$0] < 0 ? -1 : 1 }
  }
}
