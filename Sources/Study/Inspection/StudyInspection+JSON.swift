internal import Archive
internal import DICOM
internal import DICOMMasks
package import Documents
internal import Errors
internal import Imaging

extension StudyInspection {
  /// `{"archives", "series", "masks", "others", "unused", "damaged", "pairing"}`.
  package var json: JSONValue {
    var object = JSONObject()
    object.append(
      "archives",
      .array(
        archives.map {
          [
            "file": .string($0.file.display), "kind": .string($0.kind.rawValue), "files": .integer($0.members),
            "nested": JSONValue($0.nested),
          ]
        }))
    object.append("series", .array(series.map(\.json)))
    object.append("masks", .array(masks.map(\.json)))
    object.append("others", JSONValue(others))
    object.append("unused", unused.json)
    object.append("damaged", .array(damaged.map(\.json)))
    object.append("pairing", pairing)
    return .object(object)
  }

  private var pairing: JSONValue {
    guard let outcome else {
      return [
        "status": refusal?.needsReview == true ? "needs-review" : "refused", "error": refusal?.json ?? nil,
        "choices": .array(choices.map { ["line": .string($0.line), "meaning": .string($0.meaning)] }),
      ]
    }
    return [
      "status": "paired", "series": .string(outcome.pair.series.identifier),
      "mask": .string(outcome.pair.mask.file.display),
      "reason": .string(outcome.pair.reason.rawValue), "roi": .string(outcome.region),
      "label": .integer(outcome.label), "voxels": .integer(outcome.voxels),
      "notes": .array(outcome.notes.map { ["code": .string($0.code), "message": .string($0.message)] }),
    ]
  }
}

extension StudyInspection.SeriesReport {
  fileprivate var json: JSONValue {
    var object = JSONObject()
    object.append("uid", .string(series.uid))
    object.append("identifier", .string(series.identifier))
    object.append("number", ifPresent: series.number.map(JSONValue.integer))
    object.append("description", .string(series.description.text))
    object.append("protocol", .string(series.protocolName.text))
    object.append("modality", .string(series.modality))
    object.append("files", .integer(series.count))
    object.append("frameOfReference", .string(series.frameOfReferenceUID))
    if let stack {
      let grid = stack.geometry
      object.append(
        "geometry",
        [
          "size": JSONValue([grid.size.x, grid.size.y, grid.size.z]),
          "spacing": JSONValue([grid.spacing.x, grid.spacing.y, grid.spacing.z]),
          "origin": JSONValue([grid.origin.x, grid.origin.y, grid.origin.z]),
          "direction": JSONValue(grid.direction.rowMajor),
        ])
      object.append(
        "dropped",
        .array(stack.dropped.map { ["file": .string($0.file.display), "reason": .string($0.reason.rawValue)] }))
    }
    object.append("error", ifPresent: error?.json)
    return .object(object)
  }
}

extension StudyInspection.MaskReport {
  fileprivate var json: JSONValue {
    var object = JSONObject()
    object.append("file", .string(file))
    object.append("kind", JSONValue(mask?.format.rawValue))
    object.append(
      "regions",
      .array(
        regions.map {
          [
            "number": .integer($0.number), "name": .string($0.name), "extent": .string($0.extent),
            "usable": .bool($0.isUsable), "codes": JSONValue($0.codes),
          ]
        }))
    if let references = mask?.references {
      object.append("referencedSeries", JSONValue(references.series.keys.sorted()))
      object.append("framesOfReference", JSONValue(references.framesOfReference.sorted()))
    }
    object.append(
      "fits",
      .array(fits.map { ["series": .string($0.series.series.identifier), "reason": .string($0.reason.rawValue)] }))
    object.append("error", ifPresent: error?.json)
    return .object(object)
  }
}
