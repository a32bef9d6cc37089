internal import Errors

extension TrainedModel {
  /// The model card (Mitchell et al. 2019), in Markdown.
  func card(_ release: Release) -> String {
    let labels = trainingLabels
    let positive = labels.count { $0 }
    let counts =
      min(positive, labels.count - positive) >= Self.fewest
      ? "\(labels.count) cases, \(positive) positive" : "\(labels.count) cases"
    var lines = ["# \(configuration.name.escapedForLine) \(configuration.version.escapedForLine)", ""]
    lines += [
      configuration.demonstration
        ? "**Demonstration only. Trained on synthetic phantoms. Not for diagnosis, and not a model of any disease.**"
        : "**Research use only. Not for diagnosis.**", "",
    ]
    lines += [
      "- Intended use: \(configuration.intendedUse.escapedForLine)",
      "- Not for: \(configuration.notFor.map(\.escapedForLine).joined(separator: "; "))",
      "- Positive class: \(configuration.classes[1].escapedForLine), which means \(configuration.labelDefinition.escapedForLine)",
      "- Input: \(pipeline.features.count) features, extracted with profile `\(release.profileName.escapedForLine)` (`profile.yaml`)",
      "- Steps: \(steps)",
      "- Settings chosen: \(selectionDescription)",
      "- Threshold: \(threshold), \(thresholdRule)",
      "- Training: \(counts); \(splitDescription)",
    ]
    if let site = configuration.site { lines.append("- Site: \(site.escapedForLine)") }
    if let period = configuration.period { lines.append("- Period: \(period.escapedForLine)") }
    lines += ["", "## What was found", ""]
    lines += release.findings.isEmpty ? ["Not evaluated."] : release.findings.map { "- \($0)" }
    lines += ["", "## Limits", ""]
    lines += limits.map { "- \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private var steps: String {
    var parts: [String] = []
    let specification = pipeline.specification
    if let imputation = specification.imputation { parts.append("impute the \(imputation.rawValue)") }
    if specification.standardise { parts.append("standardise") }
    if specification.components != nil { parts.append("\(pipeline.componentCount) principal components") }
    switch specification.classifier {
    case .mlp(let settings):
      parts.append(
        "multilayer perceptron with hidden layers \(settings.hidden.map(String.init).joined(separator: ", "))"
          + " (\(settings.activation.rawValue)), alpha \(settings.alpha), \(pipeline.lossCurve.count) epochs of adam")
    case .logisticRegression(let settings): parts.append("logistic regression, C \(settings.c)")
    case .randomForest(let settings): parts.append("random forest of \(settings.trees) trees")
    }
    if specification.calibration != nil { parts.append("Platt's calibration") }
    return parts.joined(separator: ", ")
  }

  private var limits: [String] {
    let labels = trainingLabels
    let fewest = min(labels.count { $0 }, labels.count { !$0 })
    var out: [String] = []
    if Double(fewest) < 10 * Double(max(pipeline.componentCount, 1)) {
      out.append(
        "Cases are few for what is fitted: the smaller class has "
          + (fewest < Self.fewest ? "fewer than \(Self.fewest)" : "\(fewest)")
          + " training cases, fewer than ten for each input of the classifier. Intervals of any measure are wide.")
    }
    if configuration.demonstration {
      out.append(
        "The classes differ, and overlap, because the phantoms are drawn so. Measurements on them mean nothing for"
          + " patients and is not comparable with any published figure.")
    } else {
      out.append("Not validated on cases of another place or time, unless an evaluation says so.")
    }
    out.append(
      "A case unlike the training cases gets a probability that means nothing; results say so (`outOfDistribution`).")
    return out
  }
}
