package import Documents
internal import FoundationEssentials
internal import Hashing

/// `report.html`: one study's result on one self-contained page for people, in English and Chinese. No script, nothing
/// loaded from elsewhere.
package struct ReportPage: Sendable {
  /// The pictures of a result.
  package struct Pictures: Sendable {
    /// PNG: the planes, and the outline alone on a transparent ground.
    package var plain: [UInt8]
    package var outline: [UInt8]
    package var caption: String

    package init(plain: [UInt8], outline: [UInt8], caption: String) {
      self.plain = plain
      self.outline = outline
      self.caption = caption
    }
  }

  /// The language that the page shows first.
  package enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case chinese = "zh"
  }

  package var result: ResultDocument
  package var pictures: Pictures?
  /// Name and SHA-256 of the result's other files.
  package var files: [(name: String, sha256: String)]
  package var language: Language

  package init(
    result: ResultDocument, pictures: Pictures?, files: [(name: String, sha256: String)],
    language: Language = .english
  ) {
    self.result = result
    self.pictures = pictures
    self.files = files
    self.language = language
  }

  /// The page's UTF-8 bytes.
  package func bytes() -> [UInt8] {
    let policy =
      "default-src 'none'; img-src data:; style-src 'sha256-\(Self.styleHash)'; base-uri 'none'; form-action 'none'"
    let chosen: HTML = language == .chinese ? " checked" : ""
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="\(language.rawValue)">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(HTML(stringLiteral: policy))">
      <meta name="referrer" content="no-referrer">
      <meta name="viewport" content="width=device-width">
      <title>\(result.study) - radiomicsd</title>
      <style>\(HTML(stringLiteral: ReportStyle.css))</style>
      </head>
      <body>
      <input type="checkbox" id="zh" class="switch"\(chosen)><label for="zh" class="switch">中文 / English</label>
      \(banner)
      <main>
      \(HTML([heading, alerts, measured, prediction, region, distance, origin]))
      </main>
      \(footer)
      </body>
      </html>

      """
    return Array(page.text.utf8)
  }

  private var banner: HTML {
    let demonstration: HTML =
      result.model?.demonstration == true ? " &middot; DEMONSTRATION MODEL (synthetic phantoms) 演示模型" : ""
    return "<p class=\"banner\">RESEARCH USE ONLY &middot; NOT FOR DIAGNOSIS &middot; 仅供研究，不得用于诊断\(demonstration)</p>"
  }

  /// On paper at the foot of every sheet.
  private var footer: HTML {
    "<p class=\"foot\">radiomicsd &middot; \(result.study) &middot; \(result.measured?.computed ?? "")</p>"
  }

  private var heading: HTML {
    // Outside the daemon there is no job.
    let job: HTML =
      result.job.isEmpty ? "" : "<p class=\"note\">\(PageText("Job", "任务")) \(result.job), \(result.status)</p>"
    return """
      <h1>\(PageText("Study", "研究")) \(result.study)</h1>
      \(job)
      """
  }

  private var alerts: HTML {
    var alerts: [HTML] = []
    if result.outOfDistribution?.flag == true {
      let text = PageText(
        "<strong>Outside the training cohort.</strong> The model has not seen cases like this one; its probability should not be relied on.",
        "<strong>超出训练队列范围。</strong>模型没有见过这样的病例，其概率不可依赖。")
      alerts.append("<p class=\"alert\">\(text)</p>")
    }
    // Already stated above, in words for readers.
    alerts += result.warnings.filter { $0.code != "OOD_FEATURES" }.map {
      "<p class=\"alert\"><strong>\($0.code)</strong> \($0.message)</p>"
    }
    return HTML(alerts)
  }

  private var region: HTML {
    guard let pictures else { return "" }
    func image(_ png: [UInt8], _ description: String) -> HTML {
      "<img alt=\"\(description)\" src=\"data:image/png;base64,\(Data(png).base64EncodedString())\">"
    }
    return """
      <h2>\(PageText("Region", "区域"))</h2>
      <input type="checkbox" id="bare" class="switch"><label for="bare" class="switch">\(PageText("without outline", "不显示轮廓"))</label>
      <figure><div class="layers">\(image(pictures.plain, "Axial plane, the same enlarged, coronal and sagittal plane"))\(image(pictures.outline, "Outline of the region"))</div>
      <figcaption>\(PageText("Outline of the mask on the CT", "CT 上的掩膜轮廓")); \(pictures.caption)</figcaption></figure>
      """
  }

  /// SHA-256 of the style sheet in base64, as Content-Security-Policy writes it.
  private static let styleHash: String = {
    let digits = Array(Hashing.sha256(ReportStyle.css).utf8)
    let bytes = stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16)!
    }
    return Data(bytes).base64EncodedString()
  }()
}
