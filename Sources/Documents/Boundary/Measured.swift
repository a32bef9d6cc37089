/// The subject of a result's measurements, in words for people: `measured` of `result.json`. No patients' names, no
/// dates.
package struct Measured: Sendable, Equatable, DocumentValue {
  /// SeriesInstanceUID, with `#part` for one of several phases.
  package var series = ""
  /// Series Description (0008,103E) and Protocol Name (0018,1030).
  package var description = ""
  package var protocolName = ""
  /// Manufacturer and model (0008,0070 and 0008,1090).
  package var scanner = ""
  /// kV (0018,0060); nil where the series does not state it.
  package var kVp: Double?
  /// (0018,1210)
  package var kernel = ""
  /// (0018,0010)
  package var contrastAgent = ""
  /// The mask's file, relative to the study, escaped.
  package var maskFile = ""
  /// The region's name; empty where it has none.
  package var region = ""
  package var label = 0
  /// ml, of the mask's voxels.
  package var volume: Double?
  /// mm, of the mask's surface (`original_shape_Maximum3DDiameter`); nil where it was not computed.
  package var longestDiameter: Double?
  /// When it was computed: UTC, ISO 8601.
  package var computed = ""

  package init() {}

  package var json: JSONValue {
    func text(_ text: String) -> JSONValue { text.isEmpty ? nil : .string(text) }
    return [
      "series": text(series), "description": text(description), "protocol": text(protocolName),
      "scanner": text(scanner), "kvp": kVp.map(JSONValue.number) ?? nil, "kernel": text(kernel),
      "contrast_agent": text(contrastAgent), "mask": text(maskFile), "region": text(region), "label": .integer(label),
      "volume_ml": volume.map(JSONValue.number) ?? nil,
      "longest_diameter_mm": longestDiameter.map(JSONValue.number) ?? nil, "computed": text(computed),
    ]
  }

  private enum Key: String, CodingKey {
    case series, description, scanner, kvp, kernel, mask, region, label, computed
    case protocolName = "protocol"
    case contrastAgent = "contrast_agent"
    case volume = "volume_ml"
    case longestDiameter = "longest_diameter_mm"
  }

  package init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Key.self)
    func text(_ key: Key) throws -> String { try members.decodeIfPresent(String.self, forKey: key) ?? "" }
    series = try text(.series)
    description = try text(.description)
    protocolName = try text(.protocolName)
    scanner = try text(.scanner)
    kVp = try members.decodeIfPresent(Double.self, forKey: .kvp)
    kernel = try text(.kernel)
    contrastAgent = try text(.contrastAgent)
    maskFile = try text(.mask)
    region = try text(.region)
    label = try members.decodeIfPresent(Int.self, forKey: .label) ?? 0
    volume = try members.decodeIfPresent(Double.self, forKey: .volume)
    longestDiameter = try members.decodeIfPresent(Double.self, forKey: .longestDiameter)
    computed = try text(.computed)
  }
}
