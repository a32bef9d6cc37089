package import DICOM
package import Errors
package import Imaging

extension StructureSet {
  /// A region as a mask: voxel centres within its closed contours, or on them. A contour within another is a hole, one
  /// within a hole an island; contours that cross are united, and equal contours count once. CLOSEDPLANAR_XOR contours
  /// contain the voxels that an odd number of them enclose.
  ///
  /// - Parameters:
  ///   - grid: of the series that the contours were drawn on; its third axis is the slices' normal.
  ///   - images: the slices by their image, to compare with the references of the contours; nil to compare
  ///     nothing.
  /// - Returns: the mask, and notes `CONTOUR_…`.
  /// - Throws: `E_CONTOUR_OFF_PLANE`, `E_CONTOUR_OUTSIDE`, `E_CONTOUR_AMBIGUOUS`, `E_IMAGE_REFERENCE`, `E_LIMIT`. A
  ///   region without any voxel centre gives an empty mask.
  package func mask(
    of region: Region, on grid: Geometry, images: ImagePositions? = nil
  ) throws(StudyError) -> (mask: Mask, notes: [Note]) {
    let planes = try ContourPlanes(region, on: grid, images: images, file: file.display)
    var report = ContourReport(name: "ROI \(region.number)", notes: planes.notes)
    let convention = ContourConvention(planes.lines)
    var lines = planes.lines
    for i in lines.indices { convention.settle(&lines[i]) }
    var open = region.openContours
    if convention.kind == .throughCentres {
      let crumbs = planes.crumbs.filter { ContourConvention.liesOnCentres($0, ContourConvention.tolerance) }
      open -= crumbs.count
      lines += crumbs.map { line in
        var line = line
        convention.settle(&line)
        return line
      }
    }
    let excess = try checkEdges(lines, grid, region, file.display)
    report.note(convention, of: region.contours.count)
    report.noteClipping(excess)

    var voxels = [UInt8](repeating: 0, count: grid.count)
    var filling = ContourSlice(
      ContourRaster(columns: grid.size.x, rows: grid.size.y), name: report.name, file: file.display)
    var budget = ContourBudget(file: file.display)
    try filling.fill(Dictionary(grouping: lines, by: \.slice), into: &voxels, &budget)
    report.note(filling.tally)
    report.noteOpen(open)
    return (Mask(geometry: grid, voxels: voxels), report.notes)
  }
}

/// How far contours leave the image, in pixels: less than one pixel is clipped.
///
/// - Throws: `E_CONTOUR_OUTSIDE`.
private func checkEdges(
  _ lines: [ContourLine], _ grid: Geometry, _ region: StructureSet.Region, _ file: String
) throws(StudyError) -> Double {
  var worst = 0.0
  for line in lines {
    let bounds = line.bounds
    // The image ends half a pixel beyond its outermost centres.
    let excess =
      max(-bounds.left, -bounds.top, bounds.right - Double(grid.size.x - 1), bounds.bottom - Double(grid.size.y - 1))
      - 0.5
    guard excess < 1 - ContourLine.tie else {
      throw StudyError(
        .contourOutside,
        "ROI \(region.number): a contour reaches \(excess < 1e9 ? rounded(excess) : "many") pixels beyond the edge of the image",
        file: file, slice: line.slice, hint: "use the structure set that was drawn on this series",
        details: ["pixels": "\(excess)"])
    }
    worst = max(worst, excess)
  }
  return worst
}

extension StructureSet {
  /// Whether every closed contour of a region lies in a slice of a grid: this distinguishes a structure set without
  /// references from one of another series.
  package func liesOn(_ grid: Geometry) -> Bool {
    regions.contains { region in
      guard !region.contours.isEmpty else { return false }
      return (try? ContourPlanes(region, on: grid, images: nil, file: nil)) != nil
    }
  }
}
