/// SOP classes that radiomicsd knows (DICOM PS3.4 annex B.5).
package enum SOPClass {
  package static let ct = "1.2.840.10008.5.1.4.1.1.2"
  package static let enhancedCT = "1.2.840.10008.5.1.4.1.1.2.1"
  package static let legacyConvertedCT = "1.2.840.10008.5.1.4.1.1.2.2"
  package static let rtStructureSet = "1.2.840.10008.5.1.4.1.1.481.3"
  package static let segmentation = "1.2.840.10008.5.1.4.1.1.66.4"
  package static let labelMapSegmentation = "1.2.840.10008.5.1.4.1.1.66.7"

  /// The frames of such an object are described in functional groups (PS3.3 A.38, A.70).
  static func isEnhancedCT(_ uid: String) -> Bool { uid == enhancedCT || uid == legacyConvertedCT }

  package static func isCT(_ uid: String) -> Bool { uid == ct || uid == enhancedCT || uid == legacyConvertedCT }
}
