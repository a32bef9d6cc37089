import Foundation
import TestKit
import Testing

/// Reference numbers: a JSON file whose objects are read by key paths such as `binary.auc`.
struct Reference: Sendable {
  private let path: String
  private var root: Any {
    let data = FileManager.default.contents(atPath: path) ?? Data("{}".utf8)
    return (try? JSONSerialization.jsonObject(with: data)) ?? [:]
  }

  /// R 4.2.2 and pROC 1.18, printed by `Tests/Oracles/statistics.R`.
  static let r = Reference(
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/reference.json").path)

  /// scikit-learn 1.9.1 and scipy 1.17.1 on real data; only where the shared data are.
  static let golden = Reference(SharedData.path("data/training/golden.json"))

  static let goldenIsPresent = FileManager.default.fileExists(atPath: SharedData.path("data/training/golden.json"))

  private init(_ path: String) { self.path = path }

  private func node(_ path: String) -> Any? {
    path.split(separator: "/").reduce(root as Any?) { node, key in
      if let array = node as? [Any] { return Int(key).map { array[$0] } }
      return (node as? [String: Any])?[String(key)]
    }
  }

  func number(_ path: String) throws -> Double { try #require(node(path) as? NSNumber).doubleValue }
  func numbers(_ path: String) throws -> [Double] { try #require(node(path) as? [NSNumber]).map(\.doubleValue) }
  func labels(_ path: String) throws -> [Bool] { try numbers(path).map { $0 == 1 } }
  func rows(_ path: String) throws -> [[Double]] {
    try #require(node(path) as? [[NSNumber]]).map { $0.map(\.doubleValue) }
  }
  func counts(_ path: String) throws -> [[Int]] { try rows(path).map { $0.map { Int($0) } } }
  func count(_ path: String) throws -> Int { try #require(node(path) as? [Any]).count }
}

/// Whether numbers agree to a relative (near zero: absolute) difference.
func close(_ ours: [Double], _ wanted: [Double], _ tolerance: Double = 1e-9) -> Bool {
  ours.count == wanted.count
    && zip(ours, wanted).allSatisfy {
      $0 == $1 || abs($0 - $1) <= tolerance * max(abs($1), tolerance > 1e-6 ? 1 : 1e-3)
    }
}

func close(_ ours: Double, _ wanted: Double, _ tolerance: Double = 1e-9) -> Bool { close([ours], [wanted], tolerance) }
