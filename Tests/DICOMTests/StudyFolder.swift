import DICOM
import Errors
import Foundation
import Imaging
import Phantom

/// A temporary study folder, removed when the test ends.
final class StudyFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "radiomicsd-dicom-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func url(_ name: String) -> URL { URL(fileURLWithPath: path).appendingPathComponent(name) }

  /// Writes slices as `000.dcm`, ...
  func write(_ slices: [CTSlice], prefix: String = "", transferSyntax: String = CTSlice.uncompressed) throws {
    for (index, slice) in slices.enumerated() {
      try slice.write(to: path + "/" + prefix + Self.name(index), transferSyntax: transferSyntax)
    }
  }

  static func name(_ index: Int) -> String {
    let number = String(index)
    return String(repeating: "0", count: 3 - number.count) + number + ".dcm"
  }

  func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url(name))) }

  func put(_ bytes: [UInt8], _ name: String) throws {
    try FileManager.default.createDirectory(
      at: url(name).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url(name))
  }

  func scan() throws -> StudyScan { try scanStudy(path) }

  /// The only series, as a volume.
  func load(threads: Int = 2) throws -> LoadedSeries {
    let scan = try scan()
    guard scan.series.count == 1 else { throw StudyError(.usage, "\(scan.series.count) series") }
    return try loadVolume(scan.series[0], threads: threads)
  }

  /// The code with which the only series is refused, or nil.
  func refusal() throws -> String? {
    do {
      _ = try load()
      return nil
    } catch let error as StudyError {
      return error.code.name
    }
  }
}

/// Eight slices of 32 x 32, 5 mm apart.
func smallSlices(_ count: Int = 8, seed: UInt64 = 5) -> [CTSlice] {
  PhantomImage(PhantomRecipe(seed: seed, matrix: 32, slices: count)).slices(name: "test")
}

/// HU that `smallSlices` holds.
func smallVolume(_ count: Int = 8, seed: UInt64 = 5) -> Volume {
  PhantomImage(PhantomRecipe(seed: seed, matrix: 32, slices: count)).volume
}

/// Repeatable random numbers for damage to files.
struct TestRandom: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    var x = state
    x ^= x >> 33
    return x &* 0xFF51_AFD7_ED55_8CCD
  }
}
