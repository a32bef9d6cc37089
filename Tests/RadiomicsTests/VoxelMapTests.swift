import Errors
import Foundation
import Imaging
import Radiomics
import Synchronization
import TestKit
import Testing

/// Maps of features by voxel against PyRadiomics' (`Tests/Oracles/voxel_maps.py` made the reference), and by themselves.
struct VoxelMapTests {
  private struct Reference {
    let profile: String
    let voxels: Int
    let size: SIMD3<Int>
    /// By feature: five voxels' values, the mean of the numbers, and how many are none.
    let features: [String: [Double]]
  }

  private static func reference(_ name: String) throws -> Reference {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/voxel-maps.json")
    let cases = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: Any])
    let item = try #require(cases[name] as? [String: Any])
    let size = try #require(item["size"] as? [Int])
    let features = try #require(item["features"] as? [String: [Any]])
    return Reference(
      profile: try #require(item["profile"] as? String), voxels: try #require(item["voxels"] as? Int),
      size: SIMD3(size[0], size[1], size[2]),
      features: features.mapValues { $0.map { ($0 as? NSNumber)?.doubleValue ?? .nan } })
  }

  /// Every map's values inside the region, by name.
  private static func maps(
    _ image: Volume, _ mask: Mask, _ profile: ExtractionProfile, threads: Int = 2
  ) throws -> (values: [String: [Double]], extraction: VoxelExtraction) {
    var maps: [String: [Double]] = [:]
    let extraction = try Extractor(profile: profile, threads: threads).extractMaps(image: image, mask: mask) { map in
      maps[map.name] = map.volume.voxels.doubles
    }
    return (maps, extraction)
  }

  private static func check(_ name: String, _ image: Volume, _ mask: Mask) throws {
    let reference = try reference(name)
    let profile = try ExtractionProfile(parsing: reference.profile, name: name)
    let (maps, extraction) = try maps(image, mask, profile)
    #expect(extraction.voxels == reference.voxels)
    #expect(extraction.geometry.size == reference.size)
    #expect(Set(extraction.names) == Set(reference.features.keys))
    // The region's voxels, from a map that is outside what no image has.
    let marked = try ExtractionProfile(
      parsing: reference.profile.replacing("voxelSetting: {", with: "voxelSetting: {initValue: 1.0e+300, ")
        .replacing(", initValue: -1.5", with: "")
        + (reference.profile.contains("voxelSetting")
          ? "" : "voxelSetting: {initValue: 1.0e+300}\n"),
      name: name)
    let marker = try #require(try Self.maps(image, mask, marked).values["original_firstorder_Maximum"])
    let inside = marker.indices.filter { marker[$0] < 1e299 }
    #expect(inside.count == reference.voxels)
    for pick in 0..<6 {
      let ours = maps.mapValues { map -> Double in
        if pick < 5 { return map[inside[(inside.count - 1) * pick / 4]] }
        let numbers = inside.map { map[$0] }.filter { !$0.isNaN }
        return numbers.isEmpty ? .nan : numbers.reduce(0, +) / Double(numbers.count)
      }
      #expect(Parity.failures(ours, reference.features.mapValues { $0[pick] }) == [])
    }
    let missing = maps.mapValues { map in Double(inside.count { map[$0].isNaN }) }
    #expect(missing == reference.features.mapValues { $0[6] })
    let outside = profile.settings.voxel.initValue
    let isInside = Set(inside)
    #expect(maps.values.allSatisfy { map in map.indices.allSatisfy { isInside.contains($0) || map[$0] == outside } })
  }

  @Test(
    "The maps of every feature class agree with PyRadiomics",
    arguments: ["masked", "unmasked", "planes", "batches", "derived", "slices"])
  func classesMatchPyRadiomics(_ name: String) throws {
    try Self.check(name, SyntheticImage.int16(), SyntheticImage.mask())
  }

  @Test(
    "The maps of real patients agree with PyRadiomics",
    .enabled(if: SharedData.isPresent, "PyRadiomics' test images are not beside this checkout"),
    arguments: ["breast1", "brain1"])
  func patientMapsMatchPyRadiomics(_ name: String) throws {
    let folder = SharedData.path("data/pyradiomics/\(name)")
    let image = try NRRDReader.read(folder + "_image.nrrd")
    let (mask, _) = try placeMask(labelVolume: NRRDReader.read(folder + "_label.nrrd"), on: image.geometry)
    try Self.check(name, image, mask)
  }

  /// A region that is one kernel: what its middle voxel has is what the whole region has.
  @Test("The centre of a single kernel has the features of the region")
  func kernelCentreHasRegionFeatures() throws {
    let profile = try ExtractionProfile(
      parsing: """
        featureClass: {firstorder: [], glcm: [], glrlm: [], glszm: [], gldm: [], ngtdm: []}
        setting: {binWidth: 200}
        voxelSetting: {kernelRadius: 1}

        """, name: "one kernel")
    let mask = SyntheticImage.mask(SyntheticImage.geometry(SIMD3(9, 9, 9)), x: 3..<6, y: 3..<6, z: 3..<6)
    let image = SyntheticImage.float64(SyntheticImage.geometry(SIMD3(9, 9, 9)))
    let whole = try Extractor(profile: profile, threads: 1).extract(image: image, mask: mask)
    let (maps, extraction) = try Self.maps(image, mask, profile)
    #expect(extraction.geometry.size == SIMD3(5, 5, 5))
    let middle = 2 + 5 * (2 + 5 * 2)
    let features = whole.features.filter { !$0.name.hasSuffix("_MCC") }
    #expect(features.count == 92)
    #expect(
      Parity.failures(
        maps.mapValues { $0[middle] }, Dictionary(uniqueKeysWithValues: features.map { ($0.name, $0.value) })) == [])
  }

  @Test("The number of threads changes no bit of a map")
  func bitsDoNotDependOnThreads() throws {
    let profile = try ExtractionProfile(parsing: try Self.reference("planes").profile, name: "planes")
    let image = SyntheticImage.float32()
    let one = try Self.maps(image, SyntheticImage.mask(), profile, threads: 1).values
    let three = try Self.maps(image, SyntheticImage.mask(), profile, threads: 3).values
    #expect(one.mapValues { $0.map(\.bitPattern) } == three.mapValues { $0.map(\.bitPattern) })
  }

  /// PyRadiomics' MCC fails for a batch with a kernel that has no pair along a direction: the map says so.
  @Test("A map that is not computed is noted")
  func omittedMapIsNoted() throws {
    let profile = try ExtractionProfile(
      parsing: "featureClass: {glcm: [MCC]}\nsetting: {binWidth: 100}\nvoxelSetting: {initValue: 7}\n", name: "mcc")
    var mask = SyntheticImage.mask()
    mask.voxels[mask.geometry.offset(9, 5, 4)] = 0
    mask.voxels[mask.geometry.offset(9, 3, 4)] = 1
    let (maps, extraction) = try Self.maps(SyntheticImage.int16(), mask, profile)
    #expect(maps["original_glcm_MCC"]?.allSatisfy { $0 == 7 } == true)
    #expect(extraction.notes.map(\.code) == ["MAP_NOT_COMPUTED"])
  }

  @Test("Maps that do not fit into memory are refused, with the estimate")
  func oversizedMapsAreRefusedWithEstimate() throws {
    let profile = try ExtractionProfile(parsing: "featureClass: {glcm: []}\n", name: "glcm")
    let error = #expect(throws: StudyError.self) {
      try Extractor(profile: profile, threads: 1, memoryLimit: 20_000).extractMaps(
        image: SyntheticImage.int16(), mask: SyntheticImage.mask()
      ) { _ in Issue.record("a map was made") }
    }
    #expect(error?.code == .memoryEstimate)
    #expect(error?.message.contains("maps of 163 voxels") == true)
  }

  @Test(
    "Invalid voxel settings are named",
    arguments: [
      ("kernelRadius: 0", "'kernelRadius' takes a whole number of at least 1"),
      ("kernelRadius: 1.5", "'kernelRadius'"), ("maskedKernel: 2", "'maskedKernel' takes true or false"),
      ("initValue: none", "'initValue' takes a number"), ("voxelBatch: 0", "'voxelBatch'"),
      ("binWidth: 3", "'binWidth' is not supported"),
    ])
  func invalidVoxelSettingsAreNamed(_ line: String, _ part: String) {
    let error = #expect(throws: StudyError.self) {
      try ExtractionProfile(parsing: "voxelSetting:\n  \(line)\n", name: "wrong")
    }
    #expect(error?.message.contains(part) == true)
  }
}
