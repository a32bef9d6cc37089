internal import DICOM
internal import Documents
internal import Imaging
internal import Model

extension AcquisitionFacts {
  /// From the series' first slice and the published grid.
  init(_ stack: SliceStack, _ study: ConvertedStudy) {
    self.init()
    let acquisition = stack.slices[0].acquisition
    manufacturer = acquisition.manufacturer
    kernel = acquisition.kernel
    kVp = acquisition.kVp
    sliceThickness = acquisition.sliceThickness
    let spacing = study.volume.geometry.spacing
    sliceSpacing = spacing.z
    pixelSpacing = max(spacing.x, spacing.y)
    regionVoxels = study.mask.count
    regionVolume = Double(study.mask.count) * spacing.x * spacing.y * spacing.z
  }
}

extension AcquisitionFacts {
  /// `acquisition` of `result.json`: every column, null where the series does not state it.
  var json: JSONValue {
    var object = JSONObject()
    for column in Column.allCases {
      switch self[column] {
      case .number(let number): object.append(column.rawValue, .number(number))
      case .text(let text): object.append(column.rawValue, .string(text))
      case .tuple, .missing: object.append(column.rawValue, .null)
      }
    }
    return .object(object)
  }
}
