/// An operator's choices for one job: they override `study.yaml`, key by key.
package struct JobChoices: Sendable, Equatable, Codable {
  /// SeriesInstanceUID of the image, or `UID#part` for one of several phases in one series.
  package var series: String?
  /// The mask's file, relative to the study.
  package var mask: String?
  /// The region: a name, `#` and a number, a code or a regular expression.
  package var roi: String?
  /// ROI number or segment number of a DICOM object.
  package var segment: Int?
  /// Label in a label map.
  package var label: Int?
  /// Any of these: as recorded by earlier versions.
  package var number: Int?

  package init(
    series: String? = nil, mask: String? = nil, roi: String? = nil, segment: Int? = nil, label: Int? = nil,
    number: Int? = nil
  ) {
    self.series = series
    self.mask = mask
    self.roi = roi
    self.segment = segment
    self.label = label
    self.number = number
  }

  /// The region's number, whatever its kind.
  package var anyNumber: Int? { segment ?? label ?? number }

  package var isEmpty: Bool { self == JobChoices() }

  /// The names of the chosen keys, as in `jobs resolve`: the record of events may contain these, because values may be
  /// names from a study.
  package var keys: [String] {
    [
      series.map { _ in "series" }, mask.map { _ in "mask" }, roi.map { _ in "roi" },
      segment.map { _ in "segment" }, label.map { _ in "label" }, number.map { _ in "number" },
    ].compactMap { $0 }
  }

  /// These choices overridden by newer ones. A region is chosen by name or by number: the newer choice replaces
  /// either.
  package func adding(_ newer: JobChoices) -> JobChoices {
    let namesRegion = newer.roi != nil || newer.anyNumber != nil
    return JobChoices(
      series: newer.series ?? series, mask: newer.mask ?? mask, roi: namesRegion ? newer.roi : roi,
      segment: namesRegion ? newer.segment : segment, label: namesRegion ? newer.label : label,
      number: namesRegion ? newer.number : number)
  }

  /// One line for people, foreign text unescaped.
  package var listing: String {
    [
      series.map { "series \($0)" }, mask.map { "mask \($0)" }, roi.map { "region \($0)" },
      segment.map { "segment \($0)" }, label.map { "label \($0)" }, number.map { "region number \($0)" },
    ].compactMap { $0 }.joined(separator: ", ")
  }
}
