/// How a dataset is encoded (DICOM PS3.5 annex A).
package struct TransferSyntax: Sendable, Hashable {
  package let uid: String

  static let implicitLittleEndian = TransferSyntax(uid: "1.2.840.10008.1.2")
  static let explicitLittleEndian = TransferSyntax(uid: "1.2.840.10008.1.2.1")
  static let deflated = TransferSyntax(uid: "1.2.840.10008.1.2.1.99")
  /// Each frame deflated separately.
  package static let deflatedFrames = TransferSyntax(uid: "1.2.840.10008.1.2.8.1")
  package static let runLength = TransferSyntax(uid: "1.2.840.10008.1.2.5")
  static let explicitBigEndian = TransferSyntax(uid: "1.2.840.10008.1.2.2")

  /// JPEG lossless (any predictor, first order), JPEG-LS lossless, RLE: those that DCMTK decodes without loss.
  static let losslessDecodable: Set<String> = [
    "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.5",
  ]

  /// JPEG 2000 lossless, and the syntax that may be either: the codestream decides.
  static let jpeg2000: Set<String> = ["1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"]

  /// Syntaxes that are always lossy: JPEG baseline and extended and their retired relatives.
  private static let alwaysLossy: Set<String> = Set((50...56).map { "1.2.840.10008.1.2.4.\($0)" })
    .union((59...64).map { "1.2.840.10008.1.2.4.\($0)" })

  package var isBigEndian: Bool { self == .explicitBigEndian }
  var isImplicit: Bool { self == .implicitLittleEndian }
  package var isDeflated: Bool { self == .deflated }
  package var isNative: Bool {
    self == .implicitLittleEndian || self == .explicitLittleEndian || self == .deflated || self == .explicitBigEndian
  }
  /// JPEG-LS near-lossless (.81) may be lossless; the Lossy Image Compression attribute states whether it is, and it
  /// must be refused unless that attribute denies it.
  package var isLossy: Bool { Self.alwaysLossy.contains(uid) || uid == "1.2.840.10008.1.2.4.81" }
  package var isJPEG2000: Bool { Self.jpeg2000.contains(uid) }
  package var isDecodable: Bool { Self.losslessDecodable.contains(uid) || isJPEG2000 }

  /// The name for display.
  package var name: String {
    switch uid {
    case "1.2.840.10008.1.2": "implicit VR little endian"
    case "1.2.840.10008.1.2.1": "explicit VR little endian"
    case "1.2.840.10008.1.2.1.99": "deflated"
    case "1.2.840.10008.1.2.2": "explicit VR big endian"
    case "1.2.840.10008.1.2.4.50": "JPEG baseline"
    case "1.2.840.10008.1.2.4.51": "JPEG extended"
    case "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70": "JPEG lossless"
    case "1.2.840.10008.1.2.4.80": "JPEG-LS lossless"
    case "1.2.840.10008.1.2.4.81": "JPEG-LS near-lossless"
    case "1.2.840.10008.1.2.4.90": "JPEG 2000 lossless"
    case "1.2.840.10008.1.2.4.91": "JPEG 2000"
    case "1.2.840.10008.1.2.5": "RLE"
    case "1.2.840.10008.1.2.8.1": "deflated frames"
    default: "transfer syntax \(uid)"
    }
  }
}
