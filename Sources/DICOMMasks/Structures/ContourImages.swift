internal import DICOM
import Errors

/// Compares the images that contours reference with the contours' positions.
struct ContourImages {
  let name: String
  let file: String?
  /// Number of slices of the series.
  let slices: Int
  let images: ImagePositions?

  /// Requires that all contours lie in slices that are present. Where some lie a few slices beyond, the series is
  /// incomplete, and the mask is not wrong.
  ///
  /// - Parameter places: slice of each contour, whole numbers.
  /// - Throws: `E_CONTOUR_OUTSIDE`.
  func requireSlices(_ places: [Double], _ contours: [StructureSet.Contour]) throws(StudyError) {
    guard let low = places.min(), let high = places.max(), low < 0 || high >= Double(slices) else { return }
    let beyond = places.indices.filter { places[$0] < 0 || places[$0] >= Double(slices) }
    let before = max(0, -low)
    let behind = max(0, high - Double(slices - 1))
    let absent = Set(beyond.flatMap { contours[$0].images }.filter { images?.slices($0).isEmpty ?? false }).count
    // More missing slices than the series has are not the rest of a copy, unless the contours name images that are
    // absent.
    let isIncomplete = (beyond.count < places.count && before + behind <= Double(max(slices, 64))) || absent > 0
    guard isIncomplete, before + behind < 100_000 else {
      let place = abs(places[beyond[0]]) < 1e9 ? "at slice \(Int(places[beyond[0]]))" : "far away"
      throw StudyError(
        .contourOutside, "\(name): a contour lies \(place), the series has slices 0 to \(slices - 1)", file: file,
        hint: "add the missing slices, or use the structure set that was drawn on this series",
        details: ["slice": "\(places[beyond[0]])"])
    }
    var missing: [String] = []
    if before > 0 { missing.append("\(Int(before)) at the beginning") }
    if behind > 0 { missing.append("\(Int(behind)) at the end") }
    let named = absent > 0 ? "; \(absent) images that these contours name are not here" : ""
    throw StudyError(
      .contourOutside,
      "\(name): the contours span slices \(Int(low)) to \(Int(high)), the series has \(slices) (0 to \(slices - 1)): "
        + "slices are missing, \(missing.joined(separator: " and ")): the copy may be incomplete\(named)",
      file: file, hint: "copy the whole series, or use the structure set that was drawn on this one",
      details: ["slice": "\(places[beyond[0]])", "missing": "\(Int(before + behind))", "slices": "\(slices)"])
  }

  /// Compares each contour's slice with the images that it names. Images that are not in the series are ignored: they
  /// belong to another series, or were renamed.
  ///
  /// - Parameter heights: of the contours, in slices, before they were moved into their slices.
  /// - Returns: a note where a contour names the image of an adjacent slice at most half a slice away.
  /// - Throws: `E_IMAGE_REFERENCE` where it is farther away.
  func compare(
    _ places: [Int], _ heights: [Double], _ contours: [StructureSet.Contour]
  ) throws(StudyError) -> [Note] {
    guard let images else { return [] }
    var compared = 0
    var beside = 0
    var wrong: [(slice: Int, named: Int)] = []
    for (index, contour) in contours.enumerated() where !contour.images.isEmpty {
      let named = contour.images.flatMap { images.slices($0) }
      guard let nearest = named.min(by: { abs($0 - places[index]) < abs($1 - places[index]) }) else { continue }
      compared += 1
      guard nearest != places[index] else { continue }
      if abs(Double(nearest) - heights[index]) <= 0.5 {
        beside += 1
      } else {
        wrong.append((places[index], nearest))
      }
    }
    if let first = wrong.first {
      throw StudyError(
        .imageReference,
        "\(name): \(wrong.count) of \(compared) contours name images that lie elsewhere than they do: by its coordinates "
          + "the first lies in slice \(first.slice), the image that it names is slice \(first.named)",
        file: file, slice: first.slice,
        hint: "one of the two is wrong: export the structure set again, with the images that it was drawn on",
        details: ["slice": "\(first.slice)", "named": "\(first.named)", "contours": "\(wrong.count)"])
    }
    guard beside > 0 else { return [] }
    return [
      Note(
        code: "CONTOUR_BESIDE_IMAGE",
        message: "\(name): \(beside) contours lie within half a slice of the images that they name, but in other slices"
      )
    ]
  }
}
