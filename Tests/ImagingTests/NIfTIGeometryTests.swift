import Errors
import Imaging
import TestKit
import Testing

/// Numbers of SimpleITK 2.5.7 (ITK 5.4) for the same header, printed with all digits: ours must have the same bits.
struct ITKGeometry: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var edit: @Sendable (inout NIfTIDraft) -> Void
  var spacing: [Double]
  var origin: [Double]
  var direction: [Double]

  init(
    _ name: String, _ spacing: [Double], _ origin: [Double], _ direction: [Double],
    _ edit: @escaping @Sendable (inout NIfTIDraft) -> Void
  ) {
    testDescription = name
    self.edit = edit
    self.spacing = spacing
    self.origin = origin
    self.direction = direction
  }

  private static func sform(_ draft: inout NIfTIDraft, _ pixdim: [Float], _ rows: [[Float]], code: Int16 = 1) {
    draft.sformCode = code
    draft.pixdim = [1] + pixdim
    draft.rows = rows
  }

  private static func qform(
    _ draft: inout NIfTIDraft, _ pixdim: [Float], _ quaternion: [Float], _ offset: [Float], code: Int16 = 1
  ) {
    draft.sformCode = 0
    draft.qformCode = code
    draft.pixdim = pixdim
    draft.quaternion = quaternion
    draft.offset = offset
  }

  static let cases = [
    ITKGeometry(
      "sform alone, axial CT", [0.9765625, 0.9765625, 3.2699999809265137],
      [-250.10000610351562, -180.6999969482422, -225.6300048828125], [1, 0, 0, 0, 1, 0, 0, 0, 1]
    ) {
      sform(
        &$0, [0.9765625, 0.9765625, 3.27],
        [[-0.9765625, 0, 0, 250.1], [0, -0.9765625, 0, 180.7], [0, 0, 3.27, -225.63]])
    },
    ITKGeometry(
      "sform alone, left-handed", [0.800000011920929, 0.800000011920929, 2.5],
      [10.300000190734863, -20.200000762939453, 7.099999904632568], [-1, 0, 0, 0, 1, 0, 0, 0, 1]
    ) {
      sform(&$0, [0.8, 0.8, 2.5], [[0.8, 0, 0, -10.3], [0, -0.8, 0, 20.2], [0, 0, 2.5, 7.1]], code: 2)
    },
    ITKGeometry(
      "sform alone, oblique", [0.699999988079071, 0.699999988079071, 1.5],
      [-12.34000015258789, 56.779998779296875, 90.12000274658203],
      [
        0.9848080163017737, -0.1736459732676643, 0.0, 0.17100860211568136, 0.9698467826056573, -0.1736481825329878,
        0.030153424850352932, 0.17100963200176938, 0.9848077521541909,
      ]
    ) {
      sform(
        &$0, [0.7, 0.7, 1.5],
        [
          [-0.68936539, 0.12155237, 0, 12.34], [-0.11970598, -0.67889379, 0.26047227, -56.78],
          [0.02110739, 0.11970693, 1.47721163, 90.12],
        ])
    },
    ITKGeometry(
      "qform alone, oblique", [0.699999988079071, 0.8999999761581421, 1.5],
      [-1.100000023841858, -2.200000047683716, 3.299999952316284],
      [
        -0.7400000059849196, 0.5164171341024667, -0.430944750763816, -0.5964171006322567, -0.7999999783291396,
        0.06547236292512491, -0.3109447430263643, 0.30547238546024286, 0.8999999952678407,
      ]
    ) { qform(&$0, [1, 0.7, 0.9, 1.5], [0.1, 0.2, 0.3], [1.1, 2.2, 3.3]) },
    ITKGeometry(
      "qform alone, mirrored", [0.699999988079071, 0.8999999761581421, 1.5],
      [-1.100000023841858, -2.200000047683716, 3.299999952316284],
      [
        -0.7400000059849196, 0.5164171341024667, 0.430944750763816, -0.5964171006322567, -0.7999999783291396,
        -0.06547236292512491, -0.3109447430263643, 0.30547238546024286, -0.8999999952678407,
      ]
    ) { qform(&$0, [-1, 0.7, 0.9, 1.5], [0.1, 0.2, 0.3], [1.1, 2.2, 3.3]) },
    ITKGeometry(
      "qform alone, half a turn", [0.699999988079071, 0.8999999761581421, 1.5],
      [1.100000023841858, -2.200000047683716, 3.299999952316284],
      [
        0.27999994016374563, -0.7680000156080451, -0.5760000050898231, -0.7680000037438515, 0.18080002630208303,
        -0.6143999789381919, 0.5760000240952626, 0.6143999727500065, -0.5392000185620112,
      ]
    ) { qform(&$0, [1, 0.7, 0.9, 1.5], [0.6, 0.64, 0.48], [-1.1, 2.2, 3.3], code: 2) },
    ITKGeometry("qform alone, quaternion a little too long", [1, 1, 2], [0, 0, 0], [1, 0, 0, 0, -1, 0, 0, 0, 1]) {
      qform(&$0, [-1, 1, 1, 2], [0, 1.00001, 0], [0, 0, 0])
    },
    ITKGeometry("both forms alike", [0.5, 0.5, 5], [-125.5, -100.25, -50], [1, 0, 0, 0, 1, 0, 0, 0, 1]) {
      qform(&$0, [1, 0.5, 0.5, 5], [0, 0, 1], [125.5, 100.25, -50])
      sform(&$0, [0.5, 0.5, 5], [[-0.5, 0, 0, 125.5], [0, -0.5, 0, 100.25], [0, 0, 5, -50]])
    },
    ITKGeometry(
      "both, sform code 2, ITK takes the sform", [1.6416865587234497, 1.6416865587234497, 2.381107807159424],
      [-32.23186111450195, 186.44406127929688, 574.3134765625],
      [
        0.9978514673564092, 0.005759736687554959, -0.06526311664477934, -0.0637313983489424, 0.31629520258155186,
        -0.9465176464671861, 0.015190719507306128, 0.9486433314250331, 0.315982706064792,
      ]
    ) {
      qform(
        &$0, [1, 1.6416866, 1.6416866, 2.3811078], [0.02480437, 0.5842888, 0.8108837],
        [32.23186, -186.44406, 574.3135], code: 4)
      sform(
        &$0, [1.6416866, 1.6416866, 2.3811078],
        [
          [-1.6381594, -0.009455683, 0.15539852, 32.23186], [0.10462698, -0.5192576, 2.2537606, -186.44406],
          [0.0249384, 1.5573751, 0.7523889, 574.3135],
        ], code: 2)
    },
    ITKGeometry(
      "both, sform code 3, ITK takes the qform", [2.9198217391967773, 2.9198217391967773, 2.2949788570404053],
      [-171.95298767089844, 96.25605773925781, -140.2958526611328],
      [
        0.49844075491832296, -0.7753237244307296, -0.3878529967036346, 0.6465032003396947, 0.6304998052089232,
        -0.4295387915946727, 0.5775728748712017, -0.03664857386545963, 0.8155160816706184,
      ]
    ) {
      qform(
        &$0, [1, 2.9198217, 2.9198217, 2.2949789], [-0.28131077, -0.11448238, -0.85797095],
        [171.95299, -96.25606, -140.29585], code: 2)
      sform(
        &$0, [2.9198217, 2.9198217, 2.2949789],
        [
          [-1.455358, 2.263807, 0.8901145, 171.95299], [-1.8876741, -1.840947, 0.9857825, -96.25606],
          [1.6864098, -0.10700733, 1.8715922, -140.29585],
        ], code: 3)
    },
    ITKGeometry(
      "sform in micrometres", [0.7000000000000001, 0.7000000000000001, 1.5], [-1, -2, 3], [-1, 0, 0, 0, -1, 0, 0, 0, 1]
    ) {
      sform(&$0, [700, 700, 1500], [[700, 0, 0, 1000], [0, 700, 0, 2000], [0, 0, 1500, 3000]])
      $0.units = 3
    },
  ]
}

@Suite("NIfTI geometry")
struct NIfTIGeometryTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func draft(_ edit: (inout NIfTIDraft) -> Void) -> NIfTIDraft {
    var draft = NIfTIDraft((0..<60).map { Int16($0) }, datatype: 4)
    edit(&draft)
    return draft
  }

  private func code(_ draft: NIfTIDraft) throws -> ErrorCode? {
    let path = try folder.write(draft.bytes)
    return #expect(throws: StudyError.self) { try NIfTIReader.readGeometry(path) }?.code
  }

  @Test("spacing, origin and direction have ITK's bits", arguments: ITKGeometry.cases, [false, true])
  func geometryHasITKBits(expected: ITKGeometry, bigEndian: Bool) throws {
    var draft = draft(expected.edit)
    draft.bigEndian = bigEndian
    let geometry = try NIfTIReader.readGeometry(folder.write(draft.bytes))
    #expect([geometry.spacing.x, geometry.spacing.y, geometry.spacing.z] == expected.spacing)
    #expect([geometry.origin.x, geometry.origin.y, geometry.origin.z] == expected.origin)
    #expect(geometry.direction.rowMajor == expected.direction)
  }

  /// The writer of SimpleITK made this file of a real patient.
  @Test("a real image", .enabled(if: SharedData.isPresent, "no shared data beside the checkout"))
  func realImageHasItsGeometry() throws {
    let geometry = try NIfTIReader.readGeometry(SharedData.path("data/cases/STS_019/image.nii.gz"))
    #expect(geometry.size == SIMD3(136, 134, 47))
    #expect(geometry.spacing == Vector3(0.9765620231628418, 0.9765620231628418, 3.2699999809265137))
    #expect(geometry.origin == Vector3(-87.89070892333984, -143.55474853515625, -225.6300048828125))
    #expect(geometry.direction == .identity)
  }

  @Test("forms that disagree by more than 0.01 voxel at a corner are refused")
  func disagreeingFormsAreRefused() throws {
    func both(_ shift: Float) -> NIfTIDraft {
      draft {
        $0.qformCode = 1
        $0.quaternion = [0, 0, 1]
        $0.offset = [shift, 0, 0]
      }
    }
    #expect(try code(both(0.02)) == .niftiFormsDisagree)
    #expect(try NIfTIReader.readGeometry(folder.write(both(0.005).bytes)).origin == Vector3(0, 0, 0))
  }

  @Test("pixdim must fit the sform")
  func pixdimMustFitSform() throws {
    #expect(try code(draft { $0.pixdim = [1, 1, 1, 1.01] }) == .niftiFormsDisagree)
    #expect(try code(draft { $0.pixdim = [1, -1, 1, 1] }) == .niftiHeader)
  }

  @Test("a sheared sform is refused")
  func shearedSformIsRefused() throws {
    #expect(try code(draft { $0.rows = [[-1, 0.1, 0, 0], [0, -1, 0, 0], [0, 0, 1, 0]] }) == .niftiHeader)
    #expect(try code(draft { $0.rows = [[0, 0, 0, 0], [0, -1, 0, 0], [0, 0, 1, 0]] }) == .niftiHeader)
  }

  @Test("numbers that are not finite are refused", arguments: [Float.nan, .infinity])
  func nonFiniteFormsAreRefused(value: Float) throws {
    #expect(try code(draft { $0.rows[1][3] = value }) == .niftiHeader)
    #expect(
      try code(
        draft {
          $0.qformCode = 1
          $0.quaternion = [0, 0, 1]
          $0.offset[2] = value
        }) == .niftiHeader)
  }

  @Test("a file without forms is read only on request, as ITK reads it")
  func missingFormsNeedConsent() throws {
    let none = draft { $0.sformCode = 0 }
    #expect(try code(none) == .niftiNoForm)
    let geometry = try NIfTIReader.readGeometry(folder.write(none.bytes), acceptWithoutForms: true)
    #expect(geometry == Geometry(size: SIMD3(3, 4, 5)))
  }
}
