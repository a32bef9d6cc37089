internal import DICOM
import Errors

/// Facts about a region's contours for the reader of its mask.
struct ContourReport {
  let name: String
  var notes: [Note]

  private mutating func add(_ code: String, _ message: String) {
    notes.append(Note(code: code, message: "\(name): \(message)"))
  }

  mutating func note(_ convention: ContourConvention, of contours: Int) {
    let share = convention.count == contours ? "the contours" : "\(convention.count) of \(contours) contours"
    switch convention.kind {
    case .throughCentres:
      add(
        "CONTOUR_THROUGH_CENTRES",
        "\(share) run through the centres of voxels, as rt-utils and other programs on OpenCV trace the outermost voxels "
          + "of a region: voxels on the outline were counted in, also on that of holes")
    case .nearCentres:
      add(
        "CONTOUR_NEAR_CENTRES",
        "\(share) run through points within \(ContourConvention.nearness) pixel of voxel centres, but not within "
          + "\(ContourConvention.tolerance): they may be an outline through centres that was moved or rounded; voxels on the "
          + "outline are in or out by that")
    case .free: break
    }
  }

  mutating func noteClipping(_ excess: Double) {
    guard excess > ContourConvention.tolerance else { return }
    add("CONTOUR_CLIPPED", "contours leave the image by up to \(rounded(excess)) pixel and were clipped at its edge")
  }

  mutating func note(_ tally: ContourSlice.Tally) {
    if tally.repeated > 0 {
      add("CONTOUR_REPEATED", "\(tally.repeated) contour(s) are the same as another and were counted once")
    }
    if tally.crossing > 0 {
      add(
        "CONTOUR_UNION",
        "\(tally.crossing) contours cross others and were united; \(tally.shared) voxels lie in more than one of them")
    }
    if tally.holes > 0 {
      add("CONTOUR_HOLES", "\(tally.holes) voxels lie in holes: within a contour that lies in another")
    }
    if tally.overlapped > 0 {
      add(
        "CONTOUR_OVERLAP",
        "\(tally.overlapped) voxels lie where a contour overlaps itself by less than one hundredth; they are outside by the "
          + "even-odd rule")
    }
    if tally.xor > 0 {
      add("CONTOUR_XOR", "\(tally.xor) voxels lie in an even number of CLOSEDPLANAR_XOR contours and are outside")
    }
    if tally.ties > 0 {
      add(
        "CONTOUR_TIES",
        "\(tally.ties) voxels were counted in because their centres lie on a contour (to \(ContourLine.tie) pixel)")
    }
  }

  mutating func noteOpen(_ count: Int) {
    guard count > 0 else { return }
    add("CONTOUR_OPEN", "\(count) contour(s) that enclose nothing (POINT, OPEN) were left out")
  }
}
