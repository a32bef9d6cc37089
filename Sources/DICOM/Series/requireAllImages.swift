import Errors
import Imaging

/// Compares a series with Images in Acquisition (0020,1002), which some scanners write.
///
/// The number applies to this series alone where all images have it, are of one acquisition, and have Instance
/// Numbers of their own from 1 to it: then each absent number is an absent image. Otherwise, where
/// several acquisitions or reconstructions may have been counted together, fewer images are a note.
///
/// - Returns: a note `IMAGES_IN_ACQUISITION`, or none.
/// - Throws: `E_IMAGES_MISSING`.
func requireAllImages(of series: Series) throws(StudyError) -> [Note] {
  // A phase of a series has a part of its images; an enhanced object states its number of frames.
  guard series.part == nil else { return [] }
  var instances: Set<String> = []
  let images = series.images.filter {
    $0.frame == nil && SOPClass.isCT($0.sopClassUID) && instances.insert($0.sopInstanceUID).inserted
  }
  let groups = Dictionary(grouping: images) { $0.acquisitionNumber }
  var notes: [Note] = []
  for (_, group) in groups.sorted(by: { ($0.key ?? -1) < ($1.key ?? -1) }) {
    let stated = Set(group.map(\.imagesInAcquisition))
    guard stated.count == 1, let total = stated.first ?? nil, total > group.count, total <= 100_000 else { continue }
    let numbers = Set(group.compactMap(\.instanceNumber))
    if groups.count == 1, numbers.count == group.count, numbers.allSatisfy({ (1...total).contains($0) }) {
      throw StudyError(
        .imagesMissing,
        "\(group.count) of the \(total) images of the acquisition are here (Images in Acquisition); absent are the "
          + "Instance Numbers \(ranges((1...total).filter { !numbers.contains($0) }))", file: group[0].display,
        hint: "copy the whole series", details: ["there": "\(group.count)", "images": "\(total)"])
    }
    notes = [
      Note(
        code: "IMAGES_IN_ACQUISITION",
        message: "\(group.count) images of an acquisition are here that has \(total) by its own words: "
          + "others may be of another series, or missing at an end")
    ]
  }
  return notes
}

/// `1 to 3, 7, 9 to 12`: the first ten of them.
private func ranges(_ numbers: [Int]) -> String {
  var runs: [ClosedRange<Int>] = []
  for number in numbers {
    if let last = runs.last, last.upperBound + 1 == number {
      runs[runs.count - 1] = last.lowerBound...number
    } else {
      runs.append(number...number)
    }
  }
  let texts = runs.prefix(10).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
  return texts.joined(separator: ", ") + (runs.count > 10 ? ", ..." : "")
}
