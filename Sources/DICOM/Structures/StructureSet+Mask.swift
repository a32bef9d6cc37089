public import Errors
public import Imaging

extension StructureSet {
  /// A region as a mask: voxel centres inside an odd number of its closed contours.
  ///
  /// - Parameter grid: of the series that the contours were drawn on; its third axis is the slices' normal.
  /// - Returns: the mask, and notes `CONTOUR_SNAPPED`, `CONTOUR_SHIFTED`, `CONTOUR_GAP`, `CONTOUR_XOR` (voxels inside
  ///   an even number of contours: holes, or contours that overlap), `CONTOUR_OPEN` (contours that enclose nothing).
  /// - Throws: `E_CONTOUR_OFF_PLANE`, `E_CONTOUR_OUTSIDE`, `E_LIMIT`. A region that holds no voxel centre gives an empty
  ///   mask.
  public func mask(of region: Region, on grid: Geometry) throws(StudyError) -> (mask: Mask, notes: [Note]) {
    let planes = try ContourPlanes(region, on: grid, file: file.display)
    var notes = planes.notes
    let raster = ContourRaster(columns: grid.size.x, rows: grid.size.y)
    let area = grid.size.x * grid.size.y
    var voxels = [UInt8](repeating: 0, count: grid.count)
    var touched = [UInt8](repeating: 0, count: area)
    var cancelled = 0
    for (slice, contours) in Dictionary(grouping: planes.contours, by: \.slice).sorted(by: { $0.key < $1.key }) {
      let outcome = voxels.withUnsafeMutableBufferPointer { voxels in
        touched.withUnsafeMutableBufferPointer { touched -> Result<Int, StudyError> in
          touched.update(repeating: 0)
          let inside = UnsafeMutableBufferPointer(rebasing: voxels[slice * area..<(slice + 1) * area])
          do throws(StudyError) {
            for contour in contours {
              guard try raster.fill(contour, inside: inside, touched: touched, file: file.display) else {
                throw StudyError(
                  .contourOutside, "ROI \(region.number): a contour reaches beyond the edge of the image",
                  file: file.display, slice: slice, hint: "use the structure set that was drawn on this series")
              }
            }
          } catch {
            return .failure(error)
          }
          return .success((0..<area).reduce(0) { $0 &+ Int(touched[$1] & (inside[$1] ^ 1)) })
        }
      }
      cancelled += try outcome.get()
    }
    if cancelled > 0 {
      notes.append(
        Note(
          code: "CONTOUR_XOR",
          message:
            "ROI \(region.number): \(cancelled) voxels lie in an even number of contours and are outside: holes, or contours that overlap"
        ))
    }
    if region.openContours > 0 {
      notes.append(
        Note(
          code: "CONTOUR_OPEN",
          message:
            "ROI \(region.number): \(region.openContours) contour(s) that enclose nothing (POINT, OPEN) were left out"))
    }
    return (Mask(geometry: grid, voxels: voxels), notes)
  }
}
