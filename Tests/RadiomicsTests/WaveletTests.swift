import Imaging
import Radiomics
import Testing

/// Checksums from PyRadiomics 3.1.0's `imageoperations.getWaveletImage` with PyWavelets 1.8.0 on the same images.
struct WaveletTests {
  static let byName: [String: [String: UInt64]] = [
    "coif1": [
      "LLH": 0x35bd_6daa_51c7_8361,
      "LHL": 0x1716_9206_c019_10b4,
      "LHH": 0x4d20_ba08_e165_889f,
      "HLL": 0x86a9_4658_6157_f0cb,
      "HLH": 0x6e50_62e6_c43b_e74f,
      "HHL": 0x6f1e_7779_b890_9009,
      "HHH": 0x7fa8_0a84_5c40_72ce,
      "LLL": 0xcf22_d859_499f_d03b,
    ],
    "haar": [
      "LLH": 0x26b5_4f09_8364_8c53,
      "LHL": 0x6b6b_57dc_cbce_4120,
      "LHH": 0x2118_4eda_6794_c5dd,
      "HLL": 0xc458_96eb_1af5_565f,
      "HLH": 0x6ded_cb08_b97d_4560,
      "HHL": 0xe11b_b6e1_1a0b_8e98,
      "HHH": 0xbb53_22e9_dfdc_f3d7,
      "LLL": 0xeba5_ad31_7603_9cb6,
    ],
    "db3": [
      "LLH": 0xde92_9d23_3f45_0c5d,
      "LHL": 0xae4c_6cf7_fb35_40fe,
      "LHH": 0x673b_a9b3_059c_8836,
      "HLL": 0xf37c_5f22_b468_1d0a,
      "HLH": 0xa660_e7de_7ec5_e82d,
      "HHL": 0xef26_d4df_531a_05d8,
      "HHH": 0x09fc_f098_4d98_b4e2,
      "LLL": 0x64b0_140f_cc70_bb47,
    ],
    "bior2.2": [
      "LLH": 0xaa83_a224_01a0_b26c,
      "LHL": 0x0ef3_ba6f_0103_3385,
      "LHH": 0xddd9_2934_b0fe_0a26,
      "HLL": 0xf122_92c2_4d19_93fe,
      "HLH": 0x503e_d458_3d84_8fef,
      "HHL": 0xe5a1_300d_d50b_fbb9,
      "HHH": 0xb503_e93e_bf1e_c387,
      "LLL": 0xbef1_5d3a_84dc_978a,
    ],
    "dmey": [
      "LLH": 0xd75c_5e88_7760_976d,
      "LHL": 0xda7c_1f52_cf62_cf14,
      "LHH": 0xfbaa_0203_e76c_a56a,
      "HLL": 0xcf37_ec35_719e_b66d,
      "HLH": 0x42a3_8e56_5ebc_0a68,
      "HHL": 0x188e_bf6e_af3e_04ae,
      "HHH": 0x7dd5_6525_5331_c350,
      "LLL": 0x9aed_ca35_afa0_ae1f,
    ],
  ]

  static let single: [String: UInt64] = [
    "LLH": 0x007b_1642_fdd0_23ba,
    "LHL": 0x0078_4a9c_98f7_c888,
    "LHH": 0x0076_654a_4c1f_0809,
    "HLL": 0x0078_8220_04e7_3ac5,
    "HLH": 0x0074_f0d2_d063_58cd,
    "HHL": 0x0075_dba3_b1fd_35b9,
    "HHH": 0x0077_b144_58b3_4eb6,
    "LLL": 0x0076_adbc_1543_5c3c,
  ]

  static let secondLevel: [String: UInt64] = [
    "LLH": 0x2ac2_ab84_708b_2df2,
    "LHL": 0x12e7_11d8_73b1_6940,
    "LHH": 0xcfdf_44b3_dff2_1961,
    "HLL": 0x4dbf_a96d_31c6_f145,
    "HLH": 0xbb22_5e9b_c855_ff9e,
    "HHL": 0xb261_74c5_6d52_0466,
    "HHH": 0xa5d4_e9db_dcf3_ab69,
    "LLL": 0xaf16_e5ea_bad4_b332,
  ]

  static let inPlane: [String: UInt64] = [
    "LH": 0xeeac_a9c1_8bd2_fc0b,
    "HL": 0x0cca_6c46_84cd_5e4e,
    "HH": 0xbf47_834b_2128_0459,
    "LL": 0xc25e_82a3_a558_011b,
  ]

  static func images(
    _ volume: Volume, _ wavelet: Wavelet = .coif1, levels: Int = 1, skipping: Int? = nil, box: BoundingBox? = nil,
    threads: Int = 1
  ) -> [(name: String, image: Volume)] {
    var images: [(name: String, image: Volume)] = []
    volume.forEachSubband(of: wavelet, levels: levels, skipping: skipping, box: box, threads: threads) {
      images.append(($0, $1))
    }
    return images
  }

  @Test("Every bit of every sub-band equals PyWavelets'", arguments: byName.keys.sorted())
  func subBandsHavePyWaveletsBits(_ name: String) throws {
    let wavelet = try #require(Wavelet(named: name))
    let images = Self.images(SyntheticImage.int16(), wavelet)
    #expect(images.map(\.name) == ["LLH", "LHL", "LHH", "HLL", "HLH", "HHL", "HHH", "LLL"].map { "wavelet-" + $0 })
    for (band, image) in images {
      #expect(image.pixelType == .float64)
      #expect(SyntheticImage.checksum(image.voxels) == Self.byName[name]?[String(band.dropFirst(8))], "\(band)")
    }
  }

  @Test("A float32 image is transformed in single precision")
  func float32IsTransformedInSinglePrecision() {
    for (band, image) in Self.images(SyntheticImage.float32()) {
      #expect(image.pixelType == .float32)
      #expect(SyntheticImage.checksum(image.voxels) == Self.single[String(band.dropFirst(8))], "\(band)")
    }
  }

  @Test("The second level transforms the first one's approximation")
  func secondLevelUsesFirstApproximation() {
    let images = Self.images(SyntheticImage.int16(), levels: 2)
    #expect(images.count == 15)
    #expect(images[6].name == "wavelet-HHH")
    for (band, image) in images.dropFirst(7) {
      #expect(band.hasPrefix("wavelet2-"))
      #expect(SyntheticImage.checksum(image.voxels) == Self.secondLevel[String(band.dropFirst(9))], "\(band)")
    }
  }

  @Test("In two dimensions names have two letters")
  func twoDimensionalNamesHaveTwoLetters() {
    let images = Self.images(SyntheticImage.int16(), skipping: 2)
    #expect(images.map(\.name) == ["wavelet-LH", "wavelet-HL", "wavelet-HH", "wavelet-LL"])
    for (band, image) in images {
      #expect(SyntheticImage.checksum(image.voxels) == Self.inPlane[String(band.dropFirst(8))], "\(band)")
    }
  }

  @Test(
    "A box of the result equals the box cut out of the whole result",
    arguments: [
      BoundingBox(lower: SIMD3(3, 2, 1), size: SIMD3(17, 9, 5)),
      BoundingBox(lower: SIMD3(22, 18, 8), size: SIMD3(1, 1, 1)),
      BoundingBox(lower: SIMD3(0, 0, 0), size: SIMD3(8, 19, 2)),
    ])
  func boxEqualsCropOfWholeResult(_ box: BoundingBox) {
    let image = SyntheticImage.int16()
    for (whole, part) in zip(Self.images(image), Self.images(image, box: box)) {
      #expect(part.image == whole.image.cropped(to: box), "\(whole.name)")
    }
  }

  @Test("The number of threads changes nothing", arguments: [2, 3, 5])
  func threadsChangeNothing(_ threads: Int) {
    let image = SyntheticImage.int16()
    #expect(Self.images(image).map(\.image) == Self.images(image, threads: threads).map(\.image))
  }

  @Test("PyRadiomics' families are known by PyWavelets' names; others are unknown")
  func waveletNamesFollowPyWavelets() {
    // Of PyWavelets 1.8: len(pywt.wavelist(kind="discrete")).
    #expect(Set(Wavelet.names).count == 106)
    #expect(Wavelet.names.count == 106)
    #expect(Wavelet.names.allSatisfy { Wavelet(named: $0) != nil })
    #expect(Wavelet(named: "coif1") == .coif1)
    #expect(Wavelet(named: "haar")?.low == [0.7071067811865476, 0.7071067811865476])
    #expect(Wavelet(named: "mexh") == nil)
    #expect(Wavelet(named: "") == nil)
  }
}
