internal import Documents

extension ReportPage {
  /// The subject of the measurements, before any number.
  var measured: HTML {
    guard let measured = result.measured else { return "" }
    let grid = result.geometry
    var rows: [HTML] = []
    func add(_ name: PageText, _ value: String) {
      guard !value.isEmpty else { return }
      rows.append("<tr><th scope=\"row\">\(name)</th><td>\(value)</td></tr>")
    }
    add(PageText("Series", "序列"), Self.joined([measured.description, measured.protocolName]))
    add(
      PageText("Scanner", "设备"),
      Self.joined([measured.scanner, measured.kVp.map { "\($0.readable) kV" } ?? "", measured.kernel]))
    add(PageText("Contrast agent", "对比剂"), measured.contrastAgent)
    add(
      PageText("Voxels", "体素"),
      "\(grid.size.map(String.init).joined(separator: " x ")), "
        + "\(grid.spacing.map(\.readable).joined(separator: " x ")) mm")
    add(PageText("Mask", "掩膜"), measured.maskFile)
    add(
      PageText("Region", "区域"),
      measured.region.isEmpty ? "label \(measured.label)" : "\(measured.region) (\(measured.label))")
    add(PageText("Volume", "体积"), measured.volume.map { "\($0.readable) ml" } ?? "")
    add(PageText("Longest diameter", "最大径"), measured.longestDiameter.map { "\($0.readable) mm" } ?? "")
    add(PageText("Computed", "计算时间"), measured.computed)
    return """
      <h2>\(PageText("What was measured", "测量对象"))</h2>
      <table class="facts"><tbody>\(HTML(rows))</tbody></table>
      """
  }

  /// Non-empty parts, each once.
  private static func joined(_ parts: [String]) -> String {
    var seen: Set<String> = []
    return parts.filter { !$0.isEmpty && seen.insert($0).inserted }.joined(separator: ", ")
  }
}
