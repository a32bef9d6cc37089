internal import Documents
package import Radiomics
package import Report

extension FeaturesDocument {
  /// The document of an extraction, in its order.
  package init(_ extraction: Extraction) {
    self.init(
      features: extraction.features.map { ($0.name, $0.value) },
      diagnostics: extraction.diagnostics.map { ($0.name, JSONValue($0.value)) })
  }
}

extension JSONValue {
  package init(_ value: DiagnosticValue) {
    switch value {
    case .number(let number): self = .number(number)
    case .integer(let integer): self = .integer(integer)
    case .numbers(let numbers): self = JSONValue(numbers)
    case .integers(let integers): self = JSONValue(integers)
    case .text(let text): self = .string(text)
    }
  }
}
