package import Errors

/// A case's acquisition compared with the training cases'.
package struct AcquisitionCheck: Sendable, Equatable {
  /// Facts outside the envelope: one note each, code `OOD_…`.
  package var outside: [Note] = []
  /// Facts that the training cases have and this case does not, by the envelope's keys.
  package var unknown: [String] = []

  package init(_ facts: AcquisitionFacts, in envelope: AcquisitionEnvelope) {
    func said(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
    compare(said(facts.manufacturer), in: envelope.manufacturers, "manufacturers") {
      Note(code: "OOD_MANUFACTURER", message: "no training case comes from a scanner of \($0); \($1)")
    }
    compare(said(facts.kernel), in: envelope.kernels, "kernels") {
      Note(code: "OOD_KERNEL", message: "no training case was reconstructed with the kernel \($0); \($1)")
    }
    compare(facts.kVp, in: envelope.kVp, "kvp") {
      Note(code: "OOD_KVP", message: "the tube voltage is \($0) kV; \($1)")
    }
    compare(facts.sliceThickness, in: envelope.sliceThickness, "slice_thickness_mm") {
      Note(code: "OOD_THICKNESS", message: "slices are \($0) mm thick; \($1)")
    }
    compare(facts.sliceSpacing, in: envelope.sliceSpacing, "slice_spacing_mm") {
      Note(code: "OOD_SPACING", message: "slices are \($0) mm apart; \($1)")
    }
    compare(facts.pixelSpacing, in: envelope.pixelSpacing, "pixel_spacing_mm") {
      Note(code: "OOD_PIXEL_SPACING", message: "pixels are \($0) mm apart; \($1)")
    }
    compare(facts.regionVolume, in: envelope.regionVolume, "roi_volume_mm3") {
      Note(code: "OOD_ROI_VOLUME", message: "the region has \($0) mm³; \($1)")
    }
    compare(facts.regionVoxels.map(Double.init), in: envelope.regionVoxels, "roi_voxels") {
      Note(code: "OOD_ROI_VOXELS", message: "the region has \($0) voxels; \($1)")
    }
  }

  private mutating func compare(
    _ value: String?, in known: [String]?, _ key: String, note: (String, String) -> Note
  ) {
    guard let known else { return }
    guard let value else {
      unknown.append(key)
      return
    }
    func plain(_ text: String) -> String { text.lowercased().filter { !$0.isWhitespace } }
    guard !known.contains(where: { plain($0) == plain(value) }) else { return }
    outside.append(note(value, "training: \(known.joined(separator: ", "))"))
  }

  private mutating func compare(_ value: Double?, in range: [Double]?, _ key: String, note: (String, String) -> Note) {
    guard let range else { return }
    guard let value, value.isFinite else {
      unknown.append(key)
      return
    }
    let slack = AcquisitionEnvelope.slack * max(abs(range[0]), abs(range[1]))
    guard value < range[0] - slack || value > range[1] + slack else { return }
    let shown = (value * 1000).rounded() / 1000
    outside.append(note("\(shown)", "training: \(range[0]) to \(range[1])"))
  }
}
