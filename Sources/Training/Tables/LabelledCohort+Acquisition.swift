public import Model

extension LabelledCohort {
  /// How a case was scanned, as far as the tables have columns for it.
  public func acquisition(_ index: Int) -> AcquisitionFacts {
    var facts = AcquisitionFacts()
    for column in clinical {
      guard let name = AcquisitionFacts.Column(rawValue: column.name) else { continue }
      switch column.values {
      case .numbers(let numbers): facts[name] = numbers[index].isNaN ? .missing : .number(numbers[index])
      case .categories(let texts): facts[name] = texts[index].map(FeatureCell.text) ?? .missing
      }
    }
    return facts
  }
}
