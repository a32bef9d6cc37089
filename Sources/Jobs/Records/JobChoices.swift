/// What an operator has chosen for one job: it stands above what `study.yaml` says, key by key.
public struct JobChoices: Sendable, Equatable, Codable {
  /// SeriesInstanceUID of the image, or `UID#part` for one of several phases in one series.
  public var series: String?
  /// The mask's file, relative to the study.
  public var mask: String?
  /// The region: a name, `#` and a number, a code or a regular expression.
  public var roi: String?
  /// ROI number, segment number or label.
  public var number: Int?

  public init(series: String? = nil, mask: String? = nil, roi: String? = nil, number: Int? = nil) {
    self.series = series
    self.mask = mask
    self.roi = roi
    self.number = number
  }

  public var isEmpty: Bool { self == JobChoices() }

  /// The names of what is chosen, as `jobs resolve` calls it: what the record of events may hold, for values may be
  /// names from a study.
  public var keys: [String] {
    [
      series.map { _ in "series" }, mask.map { _ in "mask" }, roi.map { _ in "roi" }, number.map { _ in "number" },
    ].compactMap { $0 }
  }

  /// These choices with newer ones above them. A region is chosen by name or by number: the newer one takes the place of
  /// either.
  public func adding(_ newer: JobChoices) -> JobChoices {
    let namesRegion = newer.roi != nil || newer.number != nil
    return JobChoices(
      series: newer.series ?? series, mask: newer.mask ?? mask, roi: namesRegion ? newer.roi : roi,
      number: namesRegion ? newer.number : number)
  }

  /// One line for people, foreign text unescaped.
  public var listing: String {
    [
      series.map { "series \($0)" }, mask.map { "mask \($0)" }, roi.map { "region \($0)" },
      number.map { "region number \($0)" },
    ].compactMap { $0 }.joined(separator: ", ")
  }
}
