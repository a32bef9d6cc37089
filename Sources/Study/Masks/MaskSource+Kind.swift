internal import DICOM
internal import Errors
internal import Imaging

extension MaskSource {
  /// A label map: NIfTI, NRRD, MetaImage. Otherwise a DICOM object.
  var isLabelMap: Bool {
    if case .labelMap = content { return true }
    return false
  }

  /// Whether a mask of this kind can have the requested region at all.
  func takes(_ request: RegionRequest) -> Bool {
    isLabelMap ? request.segment == nil : request.askedLabel == nil
  }

  /// A label applies only to label maps, a segment number only to DICOM objects: neither is read as the other.
  ///
  /// - Throws: `E_NEEDS_ROI`, `E_NEEDS_LABEL`, each with the candidates.
  func requireKind(of request: RegionRequest) throws {
    guard !takes(request) else { return }
    if let label = request.askedLabel {
      let regions = regions ?? []
      throw StudyError(
        .needsROI,
        "label \(label) was asked for, and the mask is an object of kind \(format.rawValue), which has regions and no labels: \(regions.listing)",
        file: file.display,
        hint: "name the region: --roi NAME or --segment NUMBER, or roi: or segment: in \(StudyChoices.fileName)",
        details: regions.details)
    }
    let labels = try countedRegions()
    throw StudyError(
      .needsLabel,
      "segment \(request.segment ?? 0) was asked for, and the mask is a label map (\(format.rawValue)), which has labels: \(labels.listing)",
      file: file.display, hint: "say which label: --label NUMBER, or label: in \(StudyChoices.fileName)",
      details: Dictionary(
        labels.prefix(500).map { ("label \($0.number)", $0.extent) }, uniquingKeysWith: { first, _ in first }))
  }
}
