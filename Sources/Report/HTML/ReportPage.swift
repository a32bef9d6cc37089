internal import FoundationEssentials
internal import Hashing

/// `report.html`: one study's result on one self-contained page for people. No script, nothing loaded from elsewhere.
public struct ReportPage: Sendable {
  public var result: ResultDocument
  /// `overlay.png` and its caption.
  public var overlay: (png: [UInt8], caption: String)?
  /// Name and SHA-256 of the result's other files.
  public var files: [(name: String, sha256: String)]

  public init(
    result: ResultDocument, overlay: (png: [UInt8], caption: String)?, files: [(name: String, sha256: String)]
  ) {
    self.result = result
    self.overlay = overlay
    self.files = files
  }

  /// The page's UTF-8 bytes.
  public func bytes() -> [UInt8] {
    let policy =
      "default-src 'none'; img-src data:; style-src 'sha256-\(Self.styleHash)'; base-uri 'none'; form-action 'none'"
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(HTML(stringLiteral: policy))">
      <meta name="referrer" content="no-referrer">
      <meta name="viewport" content="width=device-width">
      <title>\(result.study) - radiomicsd</title>
      <style>\(HTML(stringLiteral: ReportStyle.css))</style>
      </head>
      <body>
      \(HTML([banner, heading, alerts, prediction, pictures, distance, origin]))
      </body>
      </html>

      """
    return Array(page.text.utf8)
  }

  private var banner: HTML {
    let demonstration: HTML =
      result.model?.demonstration == true ? " &middot; DEMONSTRATION MODEL (synthetic phantoms)" : ""
    return "<p class=\"banner\">RESEARCH USE ONLY &middot; NOT FOR DIAGNOSIS\(demonstration)</p>"
  }

  private var heading: HTML {
    "<h1>Study \(result.study)</h1>\n<p class=\"note\">Job \(result.job), \(result.status)</p>"
  }

  private var alerts: HTML {
    var alerts: [HTML] = []
    if result.outOfDistribution?.flag == true {
      alerts.append(
        "<p class=\"alert\"><strong>Outside the training cohort.</strong> The model has not seen cases like this one; its probability should not be relied on.</p>"
      )
    }
    // Said above, in words for readers.
    alerts += result.warnings.filter { $0.code != "OOD_FEATURES" }.map {
      "<p class=\"alert\"><strong>\($0.code)</strong> \($0.message)</p>"
    }
    return HTML(alerts)
  }

  private var prediction: HTML {
    switch result.prediction {
    case .value(let probability, let positive, let threshold, let label, _) where result.isOutsideCohort:
      """
      <h2>Prediction</h2>
      <p class="alert"><strong>Outside the training cohort: there is no probability to rely on.</strong></p>
      <p class="outside">What the model computed all the same: <s>\(probability, digits: 3)</s>, which is
      \(positive ? "at or above" : "below") the threshold \(threshold, digits: 3) (<s>\(label)</s>).</p>
      """
    case .value(let probability, let positive, let threshold, let label, let indeterminate):
      """
      <h2>Prediction</h2>
      <p><span class="probability">\(probability, digits: 3)</span> probability of the positive class;
      \(positive ? "at or above" : "below") the threshold \(threshold, digits: 3): <strong>\(label)</strong></p>
      \(zone(indeterminate))
      \(ProbabilityScale(probability: probability, threshold: threshold).svg)
      """
    case .withheld(let reason, let features, _):
      """
      <h2>Prediction</h2>
      <p class="alert"><strong>No prediction.</strong> \(reason)</p>
      <p class="note">Features concerned (\(features.count)): \(features.prefix(50).joined(separator: ", "))</p>
      """
    case nil: "<h2>Prediction</h2>\n<p>No model was asked for.</p>"
    }
  }

  private func zone(_ indeterminate: Bool?) -> HTML {
    indeterminate == true
      ? "<p class=\"alert\"><strong>Indeterminate.</strong> The probability is so near the threshold that the call should not be relied on.</p>"
      : ""
  }

  private var pictures: HTML {
    guard let overlay else { return "" }
    let data = Data(overlay.png).base64EncodedString()
    return """
      <h2>Region</h2>
      <figure><img alt="Axial, coronal and sagittal plane with the outline of the region" src="data:image/png;base64,\(data)">
      <figcaption>Outline of the mask on the CT; \(overlay.caption)</figcaption></figure>
      """
  }

  private var distance: HTML {
    guard let distance = result.outOfDistribution else { return "" }
    func row(_ name: HTML, _ value: ResultDocument.OutOfDistribution.Distance) -> HTML {
      """
      <tr><th scope="row">\(name)</th><td class="number">\(value.value, digits: 2)</td>\
      <td class="number">\(value.q95, digits: 2)</td><td class="number">\(value.q99, digits: 2)</td></tr>
      """
    }
    let rows = [distance.t2.map { row("Hotelling's T&sup2;", $0) }, row("Residual (SPE)", distance.spe)]
    let worst = distance.worst.map { deviation -> HTML in
      """
      <tr><th scope="row"><code>\(deviation.feature)</code></th><td class="number">\(deviation.value)</td>\
      <td class="number">\(deviation.z, digits: 1)</td><td class="number">\(deviation.minimum)</td>\
      <td class="number">\(deviation.maximum)</td></tr>
      """
    }
    return """
      <h2>Distance from the training cohort</h2>
      <p>Score \(distance.score, digits: 2) (1 is the limit that 99 % of training cases keep);
      \(distance.outsideRange) features outside their training range.</p>
      \(acquisition(distance.acquisition))
      <table><thead><tr><th>Distance</th><th class="number">Value</th><th class="number">95 % limit</th><th class="number">99 % limit</th></tr></thead>
      <tbody>\(HTML(rows.compactMap { $0 }))</tbody></table>
      <h2>Most unusual features</h2>
      <table><thead><tr><th>Feature</th><th class="number">Value</th><th class="number">z</th><th class="number">Training minimum</th><th class="number">Training maximum</th></tr></thead>
      <tbody>\(HTML(worst))</tbody></table>
      """
  }

  private func acquisition(_ check: ResultDocument.OutOfDistribution.Acquisition?) -> HTML {
    guard let check else { return "<p>Scanner and settings: the model does not say which it was trained on.</p>" }
    let unknown: HTML =
      check.unknown.isEmpty ? "" : "<p>The images do not say: \(check.unknown.joined(separator: ", ")).</p>"
    guard !check.outside.isEmpty else {
      return "<p>Scanner and settings: within those of the training cases.</p>\(unknown)"
    }
    let rows = check.outside.map { warning -> HTML in "<li><strong>\(warning.code)</strong> \(warning.message)</li>" }
    return "<p>Scanner and settings outside those of the training cases:</p><ul>\(HTML(rows))</ul>\(unknown)"
  }

  private var origin: HTML {
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
      <h2>What this rests on</h2>
      <table><thead><tr><th>What</th><th>SHA-256 or version</th></tr></thead><tbody>\(HTML(rows))</tbody></table>
      <p class="note">\(result.featureCount) features. \(Notice.researchUse)</p>
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
