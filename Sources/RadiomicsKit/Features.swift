internal import Errors
internal import Radiomics

/// The result of an extraction: numbers by PyRadiomics' names, in its order.
public struct Features: Sendable, RandomAccessCollection {
  /// A feature's name and value.
  public struct Feature: Sendable, Equatable {
    /// `<image type>_<class>_<feature>`, for example `original_glcm_Contrast`.
    public let name: String
    /// In the unit that PyRadiomics' documentation gives: mm for lengths, HU or HU² for intensities of a CT. NaN where the
    /// feature is not defined for the region.
    public let value: Double
  }

  /// Facts about the measurement: sizes, spacings, hashes, versions.
  public struct Diagnostic: Sendable, Equatable {
    /// What PyRadiomics writes in such a column.
    public enum Value: Sendable, Equatable {
      case number(Double)
      case integer(Int)
      case numbers([Double])
      case integers([Int])
      case text(String)
    }

    /// `diagnostics_…`, by PyRadiomics' name.
    public let name: String
    public let value: Value
  }

  /// The features, in PyRadiomics' order.
  public let features: [Feature]
  /// In PyRadiomics' order; empty where the settings switch `additionalInfo` off.
  public let diagnostics: [Diagnostic]
  private let places: [String: Int]

  init(_ extraction: Extraction) {
    features = extraction.features.map { Feature(name: $0.name, value: $0.value) }
    diagnostics = extraction.diagnostics.map { Diagnostic(name: $0.name, value: Diagnostic.Value($0.value)) }
    places = Dictionary(
      features.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { features.count }
  public subscript(position: Int) -> Feature { features[position] }

  /// The value of a feature, or nil where it was not asked for. NaN where it is not defined.
  public subscript(name: String) -> Double? { places[name].map { features[$0].value } }
}

extension Features.Diagnostic.Value {
  init(_ value: DiagnosticValue) {
    switch value {
    case .number(let number): self = .number(number)
    case .integer(let integer): self = .integer(integer)
    case .numbers(let numbers): self = .numbers(numbers)
    case .integers(let integers): self = .integers(integers)
    case .text(let text): self = .text(text)
    }
  }
}
