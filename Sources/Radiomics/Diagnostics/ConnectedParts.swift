/// Counts the parts of a region that do not touch, neither by face nor by edge nor by corner.
enum ConnectedParts {
  static func count(_ region: Region) -> Int {
    // Rows are the nodes: two rows on neighbouring lines touch where their x ranges come within one voxel.
    let rows = region.rows
    var parent = Array(rows.indices)
    func find(_ start: Int) -> Int {
      var node = start
      while parent[node] != node {
        parent[node] = parent[parent[node]]
        node = parent[node]
      }
      return node
    }
    var lines: [SIMD2<Int>: Range<Int>] = [:]
    var i = 0
    while i < rows.count {
      var end = i + 1
      while end < rows.count, rows[end].y == rows[i].y, rows[end].z == rows[i].z { end += 1 }
      for (dy, dz) in [(-1, 0), (-1, -1), (0, -1), (1, -1)] {
        guard let neighbours = lines[SIMD2(rows[i].y + dy, rows[i].z + dz)] else { continue }
        for a in i..<end {
          for b in neighbours where rows[b].x <= rows[a].x + rows[a].length && rows[b].x + rows[b].length >= rows[a].x {
            let (ra, rb) = (find(a), find(b))
            if ra != rb { parent[max(ra, rb)] = min(ra, rb) }
          }
        }
      }
      lines[SIMD2(rows[i].y, rows[i].z)] = i..<end
      i = end
    }
    return rows.indices.count(where: { parent[$0] == $0 })
  }
}
