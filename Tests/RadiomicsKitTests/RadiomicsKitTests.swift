import Errors
import Foundation
import Imaging
import Radiomics
import RadiomicsKit
import TestKit
import Testing

/// What another program sees: it must be the engine's own, to the bit.
@Suite("RadiomicsKit")
struct RadiomicsKitTests {
  private let settings = try! ExtractionSettings(
    parameters: "imageType: {Original: {}}\nfeatureClass: {firstorder: , glcm: , shape: }\nsetting: {binWidth: 25}",
    name: "test.yaml")

  /// 12 x 10 x 8 voxels of 1 x 1 x 2 mm with a region of 6 x 5 x 4.
  private func pair() throws -> (image: RadiomicsKit.Volume, mask: RadiomicsKit.Mask) {
    let size = SIMD3(12, 10, 8)
    let values = (0..<size.x * size.y * size.z).map { Int16(truncatingIfNeeded: ($0 * 37) % 211) }
    let image = try RadiomicsKit.Volume(size: size, spacing: SIMD3(1, 1, 2), origin: SIMD3(-3, 4, 5), values: values)
    let inside = values.indices.map { index in
      (3..<9).contains(index % 12) && (2..<7).contains(index / 12 % 10) && (2..<6).contains(index / 120)
    }
    return (image, try RadiomicsKit.Mask(voxels: inside, on: image))
  }

  @Test("features equal the engine's, in its order, and are found by name")
  func featuresEqualTheEngine() throws {
    let (image, mask) = try pair()
    let features = try RadiomicsKit.Extractor(settings: settings, threads: 2).extract(image: image, mask: mask)
    let profile = try ExtractionProfile(bytes: Array(settings.parameters.utf8), name: "test.yaml")
    let geometry = Geometry(size: image.size, spacing: image.spacing, origin: image.origin)
    let own = try Radiomics.Extractor(profile: profile, threads: 1).extract(
      image: Imaging.Volume(geometry: geometry, int16: image.values.map { Int16($0) }),
      mask: Imaging.Mask(geometry: geometry, voxels: mask.voxels.map { $0 ? 1 : 0 }))
    #expect(features.map(\.name) == own.features.map(\.name))
    #expect(features.map(\.value.bitPattern) == own.features.map(\.value.bitPattern))
    #expect(features.count == 18 + 24 + 14)
    for feature in own.features { #expect(features[feature.name]?.bitPattern == feature.value.bitPattern) }
    #expect(features["original_glrlm_RunVariance"] == nil)
    #expect(features.diagnostics.map(\.name) == own.diagnostics.map(\.name) && !features.diagnostics.isEmpty)
  }

  @Test("files give the same as values, for both ways of reading")
  func filesEqualValues() throws {
    let (image, mask) = try pair()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kit-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let geometry = Geometry(size: image.size, spacing: image.spacing, origin: image.origin)
    try NIfTIWriter.write(
      Imaging.Volume(geometry: geometry, int16: image.values.map { Int16($0) }), to: folder + "/i.nii.gz", threads: 1)
    try NIfTIWriter.write(
      Imaging.Mask(geometry: geometry, voxels: mask.voxels.map { $0 ? 3 : 0 }, label: 3), to: folder + "/m.nii.gz",
      threads: 1)
    let read = try RadiomicsKit.Volume(contentsOf: folder + "/i.nii.gz")
    let region = try RadiomicsKit.Mask(contentsOf: folder + "/m.nii.gz", on: read)
    #expect(read.size == image.size && read.spacing == image.spacing && read.origin == image.origin)
    #expect(read.values == image.values && region.voxels == mask.voxels && region.volume == mask.volume)
    let extractor = RadiomicsKit.Extractor(settings: settings)
    let values = try extractor.extract(image: image, mask: mask).map(\.value)
    #expect(try extractor.extract(image: read, mask: region).map(\.value) == values)
    #expect(try extractor.extract(image: folder + "/i.nii.gz", mask: folder + "/m.nii.gz").map(\.value) == values)
  }

  @Test("built-in settings have the names and digests of the profiles")
  func builtInSettings() throws {
    for (settings, name) in [
      (ExtractionSettings.jiao2024, "jiao2024"), (.ctu982, "ctu-982"), (.pyradiomicsDefaults, "pyradiomics-defaults"),
    ] {
      #expect(settings.name == name)
      #expect(try settings.sha256 == ExtractionProfile.named(name).sha256)
    }
  }

  @Test("errors have code, message and hint")
  func errors() throws {
    let (image, _) = try pair()
    func code(_ body: () throws -> Void) -> String? {
      do { try body() } catch { return (error as? RadiomicsError)?.code }
      return nil
    }
    #expect(code { _ = try RadiomicsKit.Volume(contentsOf: "/absent.nii") } == "E_NOT_FOUND")
    #expect(code { _ = try ExtractionSettings(contentsOf: "/absent.yaml") } == "E_PROFILE")
    #expect(code { _ = try ExtractionSettings(contentsOf: "jiao2024") } == "E_PROFILE")
    #expect(code { _ = try ExtractionSettings(parameters: "setting: {binWith: 25}") } == "E_PROFILE")
    #expect(code { _ = try RadiomicsKit.Mask(voxels: [true], on: image) } == "E_GEOMETRY_INVALID")
    #expect(
      code { _ = try RadiomicsKit.Mask(voxels: Array(repeating: false, count: image.count), on: image) }
        == "E_MASK_EMPTY")
    let one: [Int16] = [0]
    #expect(
      code { _ = try RadiomicsKit.Volume(size: SIMD3(0, 1, 1), spacing: SIMD3(1, 1, 1), values: one) }
        == "E_GEOMETRY_INVALID")
    #expect(
      code { _ = try RadiomicsKit.Volume(size: SIMD3(1, 1, 1), spacing: SIMD3(1, .nan, 1), values: one) }
        == "E_GEOMETRY_INVALID")
    #expect(
      code { _ = try RadiomicsKit.Volume(size: SIMD3(Int.max, Int.max, 2), spacing: SIMD3(1, 1, 1), values: one) }
        == "E_GEOMETRY_INVALID")
    #expect(
      code {
        _ = try RadiomicsKit.Volume(
          size: SIMD3(1, 1, 1), spacing: SIMD3(1, 1, 1), direction: [SIMD3(1, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 0, 1)],
          values: one)
      } == "E_GEOMETRY_INVALID")
    let error = #expect(throws: RadiomicsError.self) { try RadiomicsKit.Volume(contentsOf: "/absent.nii") }
    #expect(error?.file == "/absent.nii" && error?.description.hasPrefix("E_NOT_FOUND: ") == true)
  }
}
