internal import Imaging

/// The largest distances (mm) between vertices of a surface: over all of them, and within planes of equal z, y or x.
///
/// The two farthest points of a set are corners of its convex hull, hence of the hull of the plane they lie in, whichever
/// way the planes are laid. So only points that are hull corners of their plane in all three ways are compared: some
/// thousand instead of some hundred thousand, with the same result.
struct MaximumDiameters: Sendable {
  /// Within planes of equal z, y and x (PyRadiomics: Slice, Column, Row), and in space.
  private(set) var slice = 0.0
  private(set) var column = 0.0
  private(set) var row = 0.0
  private(set) var volume = 0.0

  /// - Parameters:
  ///   - vertices: in half voxels.
  ///   - spacing: mm per voxel.
  init(_ vertices: [SIMD3<Int32>], spacing: Vector3) {
    var candidate = [UInt8](repeating: 0, count: vertices.count)
    var planar = [0.0, 0.0, 0.0]
    for axis in 0..<3 {
      let (u, v) = ((axis + 1) % 3, (axis + 2) % 3)
      for plane in Self.planes(vertices, axis: axis) {
        let corners = ConvexHull.corners(plane.map { PlanarPoint(vertices[$0][u], vertices[$0][v], index: $0) })
        for (i, a) in corners.enumerated() {
          candidate[a.index] += 1
          for b in corners[..<i] {
            let du = Self.length(vertices[a.index][u], vertices[b.index][u], spacing[u])
            let dv = Self.length(vertices[a.index][v], vertices[b.index][v], spacing[v])
            planar[axis] = max(planar[axis], du * du + dv * dv)
          }
        }
      }
    }
    row = planar[0].squareRoot()
    column = planar[1].squareRoot()
    slice = planar[2].squareRoot()

    let points = vertices.indices.filter { candidate[$0] == 3 }.map { i -> Vector3 in
      Vector3(Double(vertices[i].x) / 2, Double(vertices[i].y) / 2, Double(vertices[i].z) / 2) * spacing
    }
    var largest = 0.0
    points.withUnsafeBufferPointer { points in
      for i in 0..<points.count {
        let a = points[i]
        for j in 0..<i {
          let d = a - points[j]
          largest = max(largest, d.x * d.x + d.y * d.y + d.z * d.z)
        }
      }
    }
    volume = largest.squareRoot()
  }

  private static func length(_ a: Int32, _ b: Int32, _ spacing: Double) -> Double {
    Double(a) / 2 * spacing - Double(b) / 2 * spacing
  }

  /// Indices of the vertices by their coordinate along an axis.
  private static func planes(_ vertices: [SIMD3<Int32>], axis: Int) -> [[Int]] {
    guard let last = vertices.lazy.map({ $0[axis] }).max() else { return [] }
    var planes = [[Int]](repeating: [], count: Int(last) + 1)
    for (i, vertex) in vertices.enumerated() { planes[Int(vertex[axis])].append(i) }
    return planes.filter { !$0.isEmpty }
  }
}

/// A point of a plane with its index among all vertices.
struct PlanarPoint: Sendable {
  let u: Int
  let v: Int
  let index: Int

  init(_ u: Int32, _ v: Int32, index: Int) {
    self.u = Int(u)
    self.v = Int(v)
    self.index = index
  }
}

/// The corners of the convex hull of points with integer coordinates (Andrew's monotone chain), exact.
enum ConvexHull {
  static func corners(_ points: [PlanarPoint]) -> [PlanarPoint] {
    guard points.count > 2 else { return points }
    let sorted = points.sorted { $0.u != $1.u ? $0.u < $1.u : $0.v < $1.v }
    let lower = chain(sorted)
    let upper = chain(sorted.reversed())
    return lower.dropLast() + upper.dropLast()
  }

  private static func chain(_ points: some Sequence<PlanarPoint>) -> [PlanarPoint] {
    var chain: [PlanarPoint] = []
    for point in points {
      while chain.count >= 2 {
        let (a, b) = (chain[chain.count - 2], chain[chain.count - 1])
        if (b.u - a.u) * (point.v - a.v) - (b.v - a.v) * (point.u - a.u) > 0 { break }
        chain.removeLast()
      }
      chain.append(point)
    }
    return chain
  }
}
