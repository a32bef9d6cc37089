extension AcquisitionFacts {
  /// The names of the facts in a table, and in `acquisition` of `result.json`: DICOM's words, with their units.
  package enum Column: String, Sendable, CaseIterable {
    case manufacturer, kernel, kvp
    case sliceThickness = "slice_thickness_mm"
    case sliceSpacing = "slice_spacing_mm"
    case pixelSpacing = "pixel_spacing_mm"
    case regionVolume = "roi_volume_mm3"
    case regionVoxels = "roi_voxels"
  }

  /// Names of all columns, in the order in which tables have them.
  package static let columnNames = Column.allCases.map(\.rawValue)

  /// The value of a column for the case.
  package subscript(column: Column) -> FeatureCell {
    get {
      switch column {
      case .manufacturer: manufacturer.map(FeatureCell.text) ?? .missing
      case .kernel: kernel.map(FeatureCell.text) ?? .missing
      case .kvp: Self.cell(kVp)
      case .sliceThickness: Self.cell(sliceThickness)
      case .sliceSpacing: Self.cell(sliceSpacing)
      case .pixelSpacing: Self.cell(pixelSpacing)
      case .regionVolume: Self.cell(regionVolume)
      case .regionVoxels: Self.cell(regionVoxels.map(Double.init))
      }
    }
    set {
      switch column {
      case .manufacturer: manufacturer = Self.text(newValue)
      case .kernel: kernel = Self.text(newValue)
      case .kvp: kVp = Self.number(newValue)
      case .sliceThickness: sliceThickness = Self.number(newValue)
      case .sliceSpacing: sliceSpacing = Self.number(newValue)
      case .pixelSpacing: pixelSpacing = Self.number(newValue)
      case .regionVolume: regionVolume = Self.number(newValue)
      case .regionVoxels: regionVoxels = Self.number(newValue).flatMap { Int(exactly: $0) }
      }
    }
  }

  private static func cell(_ number: Double?) -> FeatureCell { number.map(FeatureCell.number) ?? .missing }

  private static func number(_ cell: FeatureCell) -> Double? {
    if case .number(let number) = cell, number.isFinite { number } else { nil }
  }

  /// A kernel may be called `60`.
  private static func text(_ cell: FeatureCell) -> String? {
    switch cell {
    case .text(let text): text
    case .number(let number): number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    case .tuple, .missing: nil
    }
  }
}
