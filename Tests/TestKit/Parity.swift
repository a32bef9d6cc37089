import Foundation

/// Agreement with reference values: |ours - reference| <= 1e-10 + 1e-6 max(|reference|, scale).
///
/// The scale is the natural size of features that may cancel to nearly zero: the range for first-order locations, 1 for
/// correlations and skewness, ClusterProminence^(3/4) for ClusterShade.
package enum Parity {
  /// Names and values that do not agree or are missing.
  package static func failures(_ ours: [String: Double], _ reference: [String: Double]) -> [String] {
    reference.sorted { $0.key < $1.key }.compactMap { name, wanted in
      guard let value = ours[name] else { return "\(name) is missing" }
      if value.isNaN && wanted.isNaN { return nil }
      let size = max(abs(wanted), scale(name, reference))
      return abs(value - wanted) <= 1e-10 + 1e-6 * size ? nil : "\(name): \(value), reference \(wanted)"
    }
  }

  private static func scale(_ name: String, _ reference: [String: Double]) -> Double {
    let parts = name.components(separatedBy: "_firstorder_")
    if parts.count == 2, ["Mean", "Median", "Minimum", "Maximum", "10Percentile", "90Percentile"].contains(parts[1]) {
      return abs(reference[parts[0] + "_firstorder_Range"] ?? 0)
    }
    for ending in ["_firstorder_Skewness", "_glcm_Correlation", "_glcm_Imc1", "_glcm_Imc2", "_glcm_MCC"]
    where name.hasSuffix(ending) { return 1 }
    if name.hasSuffix("_glcm_ClusterShade") {
      return pow(abs(reference[name.replacingOccurrences(of: "ClusterShade", with: "ClusterProminence")] ?? 0), 0.75)
    }
    return 0
  }

  /// A reference file `{name: number}`; diagnostics are left out, null is NaN.
  package static func reference(_ path: String) throws -> [String: Double] {
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
    guard let dictionary = object as? [String: Any] else { return [:] }
    return dictionary.filter { !$0.key.hasPrefix("diagnostics") }.mapValues { ($0 as? NSNumber)?.doubleValue ?? .nan }
  }
}
