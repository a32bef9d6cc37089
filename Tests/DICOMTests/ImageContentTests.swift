import DICOM
import Errors
import Testing

@Suite("What the values of an image are, by its own words")
struct ImageContentTests {
  private func outcome(
    _ type: String, single: Bool = true, _ change: (inout CTSlice) -> Void = { _ in }
  ) throws -> (code: String?, notes: [String]) {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in slices.indices {
      slices[i].set(0x0008_0008, type)
      change(&slices[i])
    }
    if single {
      try folder.write(slices)
    } else {
      var object = EnhancedCT(slices, order: EnhancedCTTests.order)
      object.shared[0x0018_9329] = .items([[0x0008_9007: .text(Array(type.utf8))]])
      try object.write(to: folder.path + "/mf")
    }
    do {
      return (nil, try folder.load().warnings.map(\.code))
    } catch let error as StudyError {
      return (error.code.name, [])
    }
  }

  static let quantities = [
    "DERIVED\\PRIMARY\\AXIAL\\CT_SOM5 SPI\\DE_IODINE", "DERIVED\\SECONDARY\\AXIAL\\Iodine(Water)",
    "DERIVED\\SECONDARY\\AXIAL\\WATER(IODINE)", "DERIVED\\SECONDARY\\AXIAL\\IODINE_NO_WATER",
    "ORIGINAL\\PRIMARY\\AXIAL\\MAT_SPECIFIC", "ORIGINAL\\PRIMARY\\AXIAL\\MAT_FRACTIONAL",
    "ORIGINAL\\PRIMARY\\AXIAL\\MAT_MODIFIED", "ORIGINAL\\PRIMARY\\AXIAL\\EFF_ATOMIC_NUM",
    "ORIGINAL\\PRIMARY\\AXIAL\\ELECTRON_DENSITY", "DERIVED\\PRIMARY\\AXIAL\\Z EFFECTIVE",
    "DERIVED\\PRIMARY\\AXIAL\\ELECTRON DENSITY", "DERIVED\\SECONDARY\\AXIAL\\EFFECTIVE_Z",
    "DERIVED\\SECONDARY\\Z_EFF", "DERIVED\\SECONDARY\\AXIAL\\URIC ACID",
    "DERIVED\\SECONDARY\\AXIAL\\CALCIUM_SUPPRESSION",
    "DERIVED\\SECONDARY\\AXIAL\\CBF", "DERIVED\\SECONDARY\\AXIAL\\LUNG PBV", "DERIVED\\SECONDARY\\PERFUSION\\NONE",
    "DERIVED\\PRIMARY\\AXIAL\\SUBTRACTION", "DERIVED\\PRIMARY\\VOLUME\\STD_DEVIATION",
  ]

  @Test("other quantities are not HU, whatever the vendor", arguments: quantities, [true, false])
  func otherQuantitiesAreNotHU(_ type: String, _ single: Bool) throws {
    #expect(try outcome(type, single: single).code == "E_NOT_HU")
  }

  static let projections = [
    "DERIVED\\SECONDARY\\PROJECTION IMAGE\\CSA MIP", "DERIVED\\SECONDARY\\REFORMATTED\\MIP",
    "DERIVED\\SECONDARY\\REFORMATTED\\MIN IP", "DERIVED\\SECONDARY\\AXIAL\\MAX_IP", "DERIVED\\SECONDARY\\AXIAL\\MinIP",
    "DERIVED\\SECONDARY\\VOLUME\\MAXIMUM", "DERIVED\\SECONDARY\\VOLUME\\MINIMUM",
    "DERIVED\\SECONDARY\\REFORMATTED\\VOLUME RENDER", "DERIVED\\SECONDARY\\3D",
    "DERIVED\\SECONDARY\\OTHER\\CSA 3D EDITOR",
    "DERIVED\\SECONDARY\\OTHER\\VRT", "DERIVED\\SECONDARY\\MPR\\CURVED", "DERIVED\\SECONDARY\\SCREEN SAVE",
    "ORIGINAL\\SECONDARY\\AXIAL\\SECONDARY CAPTURE",
  ]

  @Test("projections and pictures are not slices", arguments: projections, [true, false])
  func projectionsAndPicturesAreNotSlices(_ type: String, _ single: Bool) throws {
    #expect(try outcome(type, single: single).code == "E_DERIVED_IMAGE")
  }

  @Test(
    "computed and reformatted HU are accepted with a note",
    arguments: [
      ("ORIGINAL\\PRIMARY\\AXIAL\\VMI", "IMAGE_MONOENERGETIC"),
      ("DERIVED\\PRIMARY\\AXIAL\\MONOE 70KEV", "IMAGE_MONOENERGETIC"),
      ("DERIVED\\SECONDARY\\AXIAL\\DE_MONO", "IMAGE_MONOENERGETIC"),
      ("DERIVED\\SECONDARY\\AXIAL\\70KEV", "IMAGE_MONOENERGETIC"),
      ("DERIVED\\SECONDARY\\AXIAL\\MONOCHROMATIC", "IMAGE_MONOENERGETIC"),
      ("ORIGINAL\\PRIMARY\\AXIAL\\MAT_REMOVED", "IMAGE_MATERIAL_REMOVED"),
      ("DERIVED\\SECONDARY\\AXIAL\\DE_VNC", "IMAGE_MATERIAL_REMOVED"),
      ("DERIVED\\SECONDARY\\AXIAL\\VIRTUAL NON CONTRAST", "IMAGE_MATERIAL_REMOVED"),
      ("DERIVED\\SECONDARY\\REFORMATTED\\AVERAGE", "IMAGE_REFORMATTED"),
      ("DERIVED\\SECONDARY\\MPR\\CSA MPR", "IMAGE_REFORMATTED"),
      ("DERIVED\\SECONDARY\\AXIAL\\CSA RESAMPLED", "IMAGE_REFORMATTED"),
      ("DERIVED\\PRIMARY\\VOLUME\\MEAN", "IMAGE_REFORMATTED"),
    ], [true, false])
  func derivedHUIsAcceptedWithNote(_ type: (String, String), _ single: Bool) throws {
    let found = try outcome(type.0, single: single)
    #expect(found.code == nil)
    #expect(found.notes == [type.1])
  }

  @Test(
    "ordinary images give no note, with a Rescale Type and without",
    arguments: [
      "ORIGINAL\\PRIMARY\\AXIAL", "ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SPI", "ORIGINAL\\PRIMARY\\AXIAL\\HELIX",
      "ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM7 SPI DUAL\\STD\\SNRG\\DET_AB", "ORIGINAL\\PRIMARY\\VOLUME\\NONE",
      "ORIGINAL\\PRIMARY\\AXIAL\\ENERGY_PROP_WT", "ORIGINAL\\SECONDARY\\AXIAL", "ORIGINAL\\PRIMARY\\PERFUSION\\NONE",
    ], [true, false])
  func ordinaryImagesGiveNoNote(_ type: String, _ hasRescaleType: Bool) throws {
    let found = try outcome(type) { if !hasRescaleType { $0.attributes[0x0028_1054] = nil } }
    #expect(found.code == nil && found.notes.isEmpty)
  }

  @Test("derived images without a Rescale Type are noted")
  func missingRescaleTypeIsNotedOnDerived() throws {
    #expect(
      try outcome("DERIVED\\SECONDARY\\AXIAL") { $0.attributes[0x0028_1054] = nil }.notes == ["RESCALE_TYPE_ABSENT"])
    #expect(try outcome("DERIVED\\SECONDARY\\AXIAL") { $0.set(0x0028_1054, "HU") }.notes.isEmpty)
  }

  @Test("other Rescale Types are refused", arguments: ["US", "MGML", "Z_EFF", "ED", "EDW", "PCT", "HU_MOD", "mg/cc"])
  func otherRescaleTypesAreRefused(_ type: String) throws {
    #expect(try outcome("ORIGINAL\\PRIMARY\\AXIAL") { $0.set(0x0028_1054, type) }.code == "E_NOT_HU")
  }

  @Test("a multi-energy acquisition is noted unless Image Type states its content")
  func multiEnergyIsNoted() throws {
    #expect(try outcome("ORIGINAL\\PRIMARY\\AXIAL") { $0.set(0x0018_9361, "YES") }.notes == ["IMAGE_MULTI_ENERGY"])
    #expect(try outcome("ORIGINAL\\PRIMARY\\AXIAL") { $0.set(0x0018_9361, "NO") }.notes.isEmpty)
    #expect(
      try outcome("ORIGINAL\\PRIMARY\\AXIAL\\VMI") { $0.set(0x0018_9361, "YES") }.notes == ["IMAGE_MONOENERGETIC"])
    #expect(
      try outcome("ORIGINAL\\PRIMARY\\AXIAL\\NONE", single: false) { $0.set(0x0018_9361, "YES") }.notes
        == ["IMAGE_MULTI_ENERGY"])
  }

  @Test("a Real World Value Mapping must have HU among its units", arguments: [true, false])
  func realWorldMappingMustContainHU(_ single: Bool) throws {
    func mapping(_ units: String...) -> CTSlice.Value {
      .items(units.map { [0x0040_08EA: .code($0, "UCUM", $0)] })
    }
    for (value, code) in [(mapping("mg/ml"), "E_NOT_HU"), (mapping("mg/ml", "[hnsf'U]"), nil)] {
      let folder = try StudyFolder()
      var slices = smallSlices()
      if single {
        for i in slices.indices { slices[i].attributes[0x0040_9096] = value }
        try folder.write(slices)
      } else {
        var object = EnhancedCT(slices, order: EnhancedCTTests.order)
        object.shared[0x0040_9096] = value
        try object.write(to: folder.path + "/mf")
      }
      #expect(try folder.refusal() == code)
    }
  }

  @Test(
    "how an enhanced object was calculated counts",
    arguments: [
      ("MAX_IP", "E_DERIVED_IMAGE"), ("MIN_IP", "E_DERIVED_IMAGE"), ("VOLUME_RENDER", "E_DERIVED_IMAGE"),
      ("CURVED_MPR", "E_DERIVED_IMAGE"), ("MPR", nil), ("NONE", nil),
    ] as [(String, String?)])
  func calculationOfEnhancedObjectCounts(_ technique: String, _ code: String?) throws {
    #expect(
      try outcome("ORIGINAL\\PRIMARY\\VOLUME\\NONE", single: false) { $0.set(0x0008_9207, technique) }.code == code)
  }

  @Test("one map among the slices is enough to refuse them, and is named")
  func oneMapAmongSlicesIsRefused() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    slices[4].set(0x0008_0008, "DERIVED\\PRIMARY\\AXIAL\\DE_IODINE")
    try folder.write(slices)
    let error = #expect(throws: StudyError.self) { try folder.load() }
    #expect(error?.code.name == "E_NOT_HU" && error?.file == "004.dcm")
  }

  @Test(
    "a description that reads like another quantity is noted",
    arguments: [
      ("GSI Iodine(Water)", true), ("Z Effective", true), ("MonoE 40keV", true), ("VNC", true), ("Thin MIP", true),
      ("Abdomen 5.0 low dose", false), ("oral water, portal", false), ("Excretory 5mm", false),
    ])
  func otherQuantityInDescriptionIsNoted(_ text: String, _ isSuspected: Bool) throws {
    let found = try outcome("ORIGINAL\\PRIMARY\\AXIAL") { $0.set(0x0008_103E, text) }
    #expect(found.code == nil)
    #expect(found.notes == (isSuspected ? ["NOT_HU_SUSPECTED"] : []))
  }
}
