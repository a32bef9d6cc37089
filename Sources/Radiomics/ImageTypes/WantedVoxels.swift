internal import Imaging

/// Which voxels of a filtered image are wanted, and the index of each in the results: a region's, or a whole box.
///
/// Filters compute only what these need, and write them without an image in between.
struct WantedVoxels: Sendable {
  let box: BoundingBox
  /// Runs of neighbours along x, in storage order; coordinates count from the box's first voxel.
  let runs: [RegionRow]
  /// Number of voxels, and so of results.
  let count: Int
  /// Row (y, z) of the box has runs `firstRun[y + height * z]..<firstRun[y + height * z + 1]`.
  private let firstRun: [Int]

  /// The voxels of a region.
  init(_ region: Region) {
    self.init(box: region.box, runs: region.rows, count: region.count)
  }

  /// Every voxel of a box, in storage order.
  init(_ box: BoundingBox) {
    let (w, h) = (box.size.x, box.size.y)
    let runs = (0..<h * box.size.z).map { row in
      RegionRow(padded: 0, first: row * w, length: w, x: 0, y: row % h, z: row / h)
    }
    self.init(box: box, runs: runs, count: w * h * box.size.z)
  }

  private init(box: BoundingBox, runs: [RegionRow], count: Int) {
    self.box = box
    self.runs = runs
    self.count = count
    let rows = box.size.y * box.size.z
    var firstRun = [Int](repeating: runs.count, count: rows + 1)
    for (index, run) in runs.enumerated().reversed() { firstRun[run.y + box.size.y * run.z] = index }
    // A row without runs begins where the next one does.
    for row in (0..<rows).reversed() { firstRun[row] = min(firstRun[row], firstRun[row + 1]) }
    self.firstRun = firstRun
  }

  /// The runs of row (y, z) of the box.
  @inline(__always)
  func runs(y: Int, z: Int) -> ArraySlice<RegionRow> {
    let row = y &+ box.size.y &* z
    return runs[firstRun[row]..<firstRun[row &+ 1]]
  }

  /// From the first to the last wanted voxel of row (y, z) of the box; empty where there are none.
  func extent(y: Int, z: Int) -> Range<Int> {
    let runs = runs(y: y, z: z)
    guard let first = runs.first, let last = runs.last else { return 0..<0 }
    return first.x..<last.x + last.length
  }
}

extension Range<Int> {
  /// The smallest range that contains both; an empty range is ignored.
  func hull(_ other: Range<Int>) -> Range<Int> {
    if isEmpty { return other }
    if other.isEmpty { return self }
    return Swift.min(lowerBound, other.lowerBound)..<Swift.max(upperBound, other.upperBound)
  }
}
