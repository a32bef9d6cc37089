/// The planes that a sum across slices currently needs: as many as the filter has taps, each replaced once no sum needs it.
struct KeptPlanes<T> {
  private let planes: [UnsafeMutablePointer<T>]
  private var slices: [Int]

  init(count: Int, plane: Int) {
    planes = (0..<count).map { _ in .allocate(capacity: plane) }
    slices = [Int](repeating: -1, count: count)
  }

  func deallocate() {
    for plane in planes { plane.deallocate() }
  }

  /// The plane of a slice, and whether it must still be filled.
  ///
  /// - Parameter needed: slices of the current sum, at most as many as there are planes; none of them is replaced.
  mutating func plane(of slice: Int, needed: ArraySlice<Int>) -> (plane: UnsafeMutablePointer<T>, isNew: Bool) {
    if let held = slices.firstIndex(of: slice) { return (planes[held], false) }
    let free = slices.firstIndex { !needed.contains($0) } ?? 0
    slices[free] = slice
    return (planes[free], true)
  }
}
