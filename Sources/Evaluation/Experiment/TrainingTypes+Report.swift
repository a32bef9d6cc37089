internal import Model
internal import Training

extension PipelineSpecification.Classifier.Kind {
  /// As a report prints it.
  var title: String {
    switch self {
    case .mlp: "MLP"
    case .lr: "Logistic regression"
    case .rf: "Random forest"
    }
  }
}

extension PipelineSpecification {
  /// Its settings in the order of their names.
  var facts: [Fact] { record.sorted { $0.key < $1.key }.map { Fact($0.key, $0.value.plain) } }

  /// The differences of candidates, in a few words.
  var summary: String {
    let reduction =
      switch components {
      case .count(let count): "\(count) components"
      case .share(let share): "components for \(Text.percent(share))"
      case nil: "no components"
      }
    switch classifier {
    case .mlp(let settings):
      return
        "\(reduction), hidden \(settings.hidden.map(String.init).joined(separator: "-")), alpha \(Text.number(settings.alpha)), \(settings.maxIterations) epochs"
    case .logisticRegression(let settings): return "\(reduction), C \(Text.number(settings.c))"
    case .randomForest(let settings):
      return "\(reduction), \(settings.trees) trees, leaves of \(settings.minSamplesLeaf)"
    }
  }
}

extension BundleValue {
  /// As a table's cell.
  fileprivate var plain: String {
    switch self {
    case .null: "none"
    case .bool(let truth): truth ? "yes" : "no"
    case .integer(let integer): "\(integer)"
    case .number(let number): Text.number(number)
    case .string(let text): text
    case .array(let elements): elements.map(\.plain).joined(separator: ", ")
    case .object(let members):
      members.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.plain)" }.joined(separator: ", ")
    }
  }
}

extension ClinicalVariable {
  init(_ column: ClinicalColumn) {
    switch column.values {
    case .numbers(let numbers): self.init(name: column.name, values: .numbers(numbers))
    case .categories(let texts): self.init(name: column.name, values: .categories(texts))
    }
  }
}

extension LabelledCohort {
  /// The steps from the tables to the analysed cases.
  func flow(training: Int, test: Int) -> [FlowStep] {
    var steps = [FlowStep("Cases that a table names", count + exclusions.reduce(0) { $0 + $1.count })]
    steps += exclusions.map { FlowStep("Left out: \($0.reason)", $0.count) }
    steps.append(FlowStep("Analysed (\(positives) positive)", count))
    if test > 0, training > 0 {
      steps += [FlowStep("Training", training), FlowStep("Test, set apart before fitting", test)]
    }
    return steps
  }
}
