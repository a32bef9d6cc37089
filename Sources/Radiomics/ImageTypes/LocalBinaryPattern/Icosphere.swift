/// Points spread evenly over a sphere: an icosahedron whose triangles are repeatedly divided into four (trimesh
/// `creation.icosphere`, in its order of points and operations).
enum Icosphere {
  /// - Returns: `10 * 4^subdivisions + 2` points.
  static func vertices(subdivisions: Int, radius: Double) -> [SIMD3<Double>] {
    // Corners of an icosahedron on the unit sphere: permutations of (0, ±a, ±b), b / a the golden ratio.
    let (a, b) = (0.5257311121191336, 0.85065080835204)
    var vertices: [SIMD3<Double>] = [
      SIMD3(-a, b, 0), SIMD3(a, b, 0), SIMD3(-a, -b, 0), SIMD3(a, -b, 0), SIMD3(0, -a, b), SIMD3(0, a, b),
      SIMD3(0, -a, -b), SIMD3(0, a, -b), SIMD3(b, 0, -a), SIMD3(b, 0, a), SIMD3(-b, 0, -a), SIMD3(-b, 0, a),
    ]
    var faces: [SIMD3<Int>] = [
      SIMD3(0, 11, 5), SIMD3(0, 5, 1), SIMD3(0, 1, 7), SIMD3(0, 7, 10), SIMD3(0, 10, 11), SIMD3(1, 5, 9),
      SIMD3(5, 11, 4), SIMD3(11, 10, 2), SIMD3(10, 7, 6), SIMD3(7, 1, 8), SIMD3(3, 9, 4), SIMD3(3, 4, 2),
      SIMD3(3, 2, 6), SIMD3(3, 6, 8), SIMD3(3, 8, 9), SIMD3(4, 9, 5), SIMD3(2, 4, 11), SIMD3(6, 2, 10),
      SIMD3(8, 6, 7), SIMD3(9, 8, 1),
    ]
    for _ in 0..<subdivisions {
      cut(&vertices, &faces)
      refine(&vertices, radius)
    }
    if subdivisions == 0 { refine(&vertices, radius) }
    return vertices
  }

  private struct Edge: Hashable, Comparable {
    let low: Int
    let high: Int

    init(_ a: Int, _ b: Int) {
      low = min(a, b)
      high = max(a, b)
    }

    static func < (a: Edge, b: Edge) -> Bool { a.high != b.high ? a.high < b.high : a.low < b.low }
  }

  /// A new point in the middle of each edge.
  private static func cut(_ vertices: inout [SIMD3<Double>], _ faces: inout [SIMD3<Int>]) {
    let edges = Set(faces.flatMap { [Edge($0.x, $0.y), Edge($0.y, $0.z), Edge($0.z, $0.x)] }).sorted()
    var middle: [Edge: Int] = [:]
    for edge in edges {
      middle[edge] = vertices.count
      vertices.append((vertices[edge.low] + vertices[edge.high]) / 2)
    }
    faces = faces.flatMap { face -> [SIMD3<Int>] in
      let (xy, yz, zx) = (
        middle[Edge(face.x, face.y), default: 0], middle[Edge(face.y, face.z), default: 0],
        middle[Edge(face.z, face.x), default: 0]
      )
      return [SIMD3(face.x, xy, zx), SIMD3(xy, face.y, yz), SIMD3(zx, yz, face.z), SIMD3(xy, yz, zx)]
    }
  }

  /// Moves every point onto the sphere.
  private static func refine(_ vertices: inout [SIMD3<Double>], _ radius: Double) {
    for i in vertices.indices {
      let v = vertices[i]
      let length = (v.x * v.x + v.y * v.y + v.z * v.z).squareRoot()
      vertices[i] = v + v / length * (radius - length)
    }
  }
}
