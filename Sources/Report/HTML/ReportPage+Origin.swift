internal import Documents

extension ReportPage {
  /// Hashes and versions, folded: for verification.
  var origin: HTML {
    func row(_ name: String, _ value: String) -> HTML {
      "<tr><th scope=\"row\">\(name)</th><td><code>\(value)</code></td></tr>"
    }
    let model = result.model.map { row("Model \($0.name) \($0.version)", $0.sha256) }
    let rows =
      [model, row("Profile \(result.profile.name)", result.profile.sha256)].compactMap { $0 }
      + result.inputs.map { row("Input: \($0.role), \($0.bytes) bytes", $0.sha256) }
      + files.map { row("File: \($0.name)", $0.sha256) }
      + [row("Software", JSONValue.object(result.software).text(.compact))]
    return """
      <h2>\(PageText("What this rests on", "依据"))</h2>
      <p>\(result.featureCount) \(PageText("features, profile", "个特征，参数文件")) \(result.profile.name). \(Notice.researchUse)</p>
      <details><summary>\(PageText("SHA-256 of files, model and profile; versions", "文件、模型和参数文件的 SHA-256；版本"))</summary>
      <table><thead><tr><th>\(PageText("What", "对象"))</th><th>\(PageText("SHA-256 or version", "SHA-256 或版本"))</th></tr></thead><tbody>\(HTML(rows))</tbody></table>
      </details>
      """
  }
}
