internal import Documents

extension ReportPage {
  /// The probability, large; small and struck out where the case lies outside the cohort; the reason where there is none.
  var prediction: HTML {
    let title: HTML = "<h2>\(PageText("Prediction", "预测"))</h2>"
    switch result.prediction {
    case .value(let probability, let positive, let threshold, let label, _) where result.isOutsideCohort:
      return """
        \(title)
        <p class="alert"><strong>\(PageText("Outside the training cohort: there is no probability to rely on.", "超出训练队列范围：没有可依赖的概率。"))</strong></p>
        <p class="outside">\(PageText("The value that the model still computed", "模型仍然算出的数值")): <s>\(probability, digits: 3)</s>,
        \(side(positive)) \(threshold, digits: 3) (<s>\(label)</s>).</p>
        """
    case .value(let probability, let positive, let threshold, let label, let indeterminate):
      return """
        \(title)
        <p><span class="probability">\(probability, digits: 3)</span> \(PageText("probability of the positive class", "阳性类别的概率"));
        \(side(positive)) \(threshold, digits: 3): <strong>\(label)</strong></p>
        \(zone(indeterminate))
        \(ProbabilityScale(probability: probability, threshold: threshold).svg)
        """
    case .withheld(let reason, let features, _):
      let concerned: HTML =
        features.isEmpty
        ? ""
        : "<p class=\"note\">\(PageText("Features concerned", "相关特征")) (\(features.count)): \(features.prefix(50).joined(separator: ", "))</p>"
      return """
        \(title)
        <p class="alert"><strong>\(PageText("No prediction.", "没有预测。"))</strong> \(reason)</p>
        \(concerned)
        """
    case nil: return "\(title)\n<p>\(PageText("No model was asked for.", "没有使用模型。"))</p>"
    }
  }

  private func side(_ positive: Bool) -> PageText {
    positive
      ? PageText("at or above the threshold", "达到或高于阈值") : PageText("below the threshold", "低于阈值")
  }

  private func zone(_ indeterminate: Bool?) -> HTML {
    guard indeterminate == true else { return "" }
    let text = PageText(
      "<strong>Indeterminate.</strong> The probability is so near the threshold that the call should not be relied on.",
      "<strong>不确定。</strong>概率与阈值过于接近，判断不可依赖。")
    return "<p class=\"alert\">\(text)</p>"
  }
}
