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
    // The rows of each line (y, z) of the box, with a border of lines that have none.
    let pitch = region.box.size.y + 2
    var lines = [Range<Int>](repeating: 0..<0, count: pitch * (region.box.size.z + 1))
    var i = 0
    while i < rows.count {
      var end = i + 1
      while end < rows.count, rows[end].y == rows[i].y, rows[end].z == rows[i].z { end += 1 }
      for (dy, dz) in [(-1, 0), (-1, -1), (0, -1), (1, -1)] {
        let neighbours = lines[rows[i].y + 1 + dy + pitch * (rows[i].z + 1 + dz)]
        for a in i..<end {
          for b in neighbours where rows[b].x <= rows[a].x + rows[a].length && rows[b].x + rows[b].length >= rows[a].x {
            let (ra, rb) = (find(a), find(b))
            if ra != rb { parent[max(ra, rb)] = min(ra, rb) }
          }
        }
      }
      lines[rows[i].y + 1 + pitch * (rows[i].z + 1)] = i..<end
      i = end
    }
    return rows.indices.count(where: { parent[$0] == $0 })
  }
}
