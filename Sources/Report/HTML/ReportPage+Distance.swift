internal import Documents

extension ReportPage {
  /// How far the case lies from the training cohort, and which features are the most unusual.
  var distance: HTML {
    guard let distance = result.outOfDistribution else { return "" }
    func row(_ name: HTML, _ value: ResultDocument.OutOfDistribution.Distance) -> HTML {
      """
      <tr><th scope="row">\(name)</th><td class="number">\(value.value.readable)</td>\
      <td class="number">\(value.q95.readable)</td><td class="number">\(value.q99.readable)</td></tr>
      """
    }
    let rows = [distance.t2.map { row("Hotelling's T&sup2;", $0) }, row("Residual (SPE)", distance.spe)]
    let worst = distance.worst.map { deviation -> HTML in
      """
      <tr><th scope="row"><code>\(deviation.feature)</code></th><td class="number">\(deviation.value.readable)</td>\
      <td class="number">\(deviation.z, digits: 1)</td><td class="number">\(deviation.minimum.readable)</td>\
      <td class="number">\(deviation.maximum.readable)</td></tr>
      """
    }
    let score = PageText(
      "Score \(distance.score, digits: 2) (1 is the limit that 99 % of training cases keep); \(distance.outsideRange) features outside their training range.",
      "得分 \(distance.score, digits: 2)（1 是 99 % 训练病例所在的界限）；\(distance.outsideRange) 个特征超出训练范围。")
    return """
      <h2>\(PageText("Distance from the training cohort", "与训练队列的距离"))</h2>
      <p>\(score)</p>
      \(acquisition(distance.acquisition))
      <table><thead><tr><th>\(PageText("Distance", "距离"))</th><th class="number">\(PageText("Value", "数值"))</th><th class="number">95 %</th><th class="number">99 %</th></tr></thead>
      <tbody>\(HTML(rows.compactMap { $0 }))</tbody></table>
      <h2>\(PageText("Most unusual features", "最异常的特征"))</h2>
      <table><thead><tr><th>\(PageText("Feature", "特征"))</th><th class="number">\(PageText("Value", "数值"))</th><th class="number">z</th><th class="number">\(PageText("Training minimum", "训练最小值"))</th><th class="number">\(PageText("Training maximum", "训练最大值"))</th></tr></thead>
      <tbody>\(HTML(worst))</tbody></table>
      """
  }

  private func acquisition(_ check: ResultDocument.OutOfDistribution.Acquisition?) -> HTML {
    guard let check else {
      let text = PageText(
        "Scanner and settings: the model does not say which it was trained on.", "设备与参数：模型没有说明训练所用的条件。")
      return "<p>\(text)</p>"
    }
    let unknown: HTML =
      check.unknown.isEmpty
      ? "" : "<p>\(PageText("The images do not say", "图像中没有说明")): \(check.unknown.joined(separator: ", ")).</p>"
    guard !check.outside.isEmpty else {
      let text = PageText(
        "Scanner and settings: within those of the training cases.", "设备与参数：在训练病例的范围之内。")
      return "<p>\(text)</p>\(unknown)"
    }
    let rows = check.outside.map { warning -> HTML in "<li><strong>\(warning.code)</strong> \(warning.message)</li>" }
    let text = PageText("Scanner and settings outside those of the training cases:", "设备与参数超出训练病例的范围：")
    return "<p>\(text)</p><ul>\(HTML(rows))</ul>\(unknown)"
  }
}
