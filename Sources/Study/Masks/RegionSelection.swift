internal import Errors
internal import Imaging

/// Chooses one region of a mask with named or numbered regions.
struct RegionSelection {
  /// Neoplasm and malignant neoplasm, SNOMED CT: the codes of a tumour segment.
  static let tumourCodes: Set<String> = ["SCT:86049000", "SCT:108369006"]

  let regions: [MaskRegion]
  let file: String

  /// A request for this study must match exactly one region. Without one the only region is used; of several,
  /// the one that a configured name, then a configured pattern matches, then the only one that is coded as a tumour.
  ///
  /// - Throws: `E_MASK_EMPTY`, `E_NEEDS_ROI` with the list.
  func choose(_ request: RegionRequest) throws(StudyError) -> (region: MaskRegion, notes: [Note]) {
    let usable = regions.filter(\.isUsable)
    guard !usable.isEmpty else {
      throw StudyError(
        .maskEmpty,
        regions.isEmpty ? "the mask has no region" : "no region of the mask encloses anything: \(regions.listing)",
        file: file, hint: "check that the segmentation was saved", details: regions.details)
    }
    if let number = request.segment ?? request.number {
      return (try only(usable.filter { $0.number == number }, "number \(number)"), [])
    }
    if let name = request.name { return (try only(find(name, in: usable), "'\(name)'"), []) }
    if usable.count == 1 { return (usable[0], []) }
    for name in request.names {
      let found = named(name, in: usable)
      if !found.isEmpty { return (try only(found, "'\(name)'"), []) }
    }
    for name in request.names where RegionName.isPattern(name) {
      let found = matching(name, in: usable)
      if !found.isEmpty { return (try only(found, "the pattern '\(name)'"), []) }
    }
    let tumours = usable.filter { !Self.tumourCodes.isDisjoint(with: $0.codes) }
    if tumours.count == 1 {
      return (
        tumours[0],
        [
          Note(
            code: "REGION_BY_CODE",
            message: "of \(usable.count) regions the only one coded as a tumour: \(tumours[0].listing)")
        ]
      )
    }
    throw needs("the mask has \(usable.count) regions: \(usable.listing)")
  }

  /// Whether any region matches the request for this study.
  func offers(_ request: RegionRequest) -> Bool {
    let usable = regions.filter(\.isUsable)
    if let number = request.segment ?? request.number { return usable.contains { $0.number == number } }
    return request.name.map { !find($0, in: usable).isEmpty } ?? !usable.isEmpty
  }

  /// A name; otherwise `#12` or a number; otherwise a code; otherwise a pattern.
  private func find(_ text: String, in usable: [MaskRegion]) -> [MaskRegion] {
    let exact = named(text, in: usable)
    if !exact.isEmpty { return exact }
    let folded = RegionName.folded(text)
    if let number = RegionName.number(folded) {
      let numbered = usable.filter { $0.number == number }
      if !numbered.isEmpty { return numbered }
    }
    let coded = usable.filter { region in
      region.codes.contains { code in
        let code = RegionName.folded(code)
        return code == folded || code.hasSuffix(":" + folded)
      }
    }
    if !coded.isEmpty { return coded }
    return RegionName.isPattern(text) ? matching(text, in: usable) : []
  }

  private func named(_ name: String, in usable: [MaskRegion]) -> [MaskRegion] {
    let folded = RegionName.folded(name)
    return usable.filter { !$0.name.isEmpty && RegionName.folded($0.name) == folded }
  }

  private func matching(_ text: String, in usable: [MaskRegion]) -> [MaskRegion] {
    guard let pattern = RegionName.pattern(text) else { return [] }
    return usable.filter { RegionName.matches($0.name, pattern) }
  }

  private func only(_ found: [MaskRegion], _ what: String) throws(StudyError) -> MaskRegion {
    guard found.count == 1 else {
      throw needs(
        found.isEmpty
          ? "no region is \(what); the mask has \(regions.listing)"
          : "\(found.count) regions are \(what): \(found.listing)")
    }
    return found[0]
  }

  private func needs(_ message: String) -> StudyError {
    StudyError(
      .needsROI, message, file: file,
      hint: "name the region: --roi NAME or --segment NUMBER, or roi: or segment: in \(StudyChoices.fileName)",
      details: regions.details)
  }
}
