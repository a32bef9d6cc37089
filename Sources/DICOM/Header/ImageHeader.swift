package import Errors
package import Imaging

/// The parts of one DICOM object's header that radiomicsd needs. Read once; the file is not kept open.
package struct ImageHeader: Sendable {
  package var file: StudyFile
  /// (0008,0016), (0008,0018), (0020,000D), (0020,000E), (0020,0052). The frame of reference may be empty.
  package var sopClassUID: String
  package var sopInstanceUID: String
  package var studyUID: String
  package var seriesUID: String
  package var frameOfReferenceUID: String
  /// (0010,0020) as bytes: compared, never shown.
  package var patientID: [UInt8]
  /// (0008,0060)
  package var modality: String
  /// (0008,0008)
  package var imageType: [String]
  /// (0020,0011), (0020,0012), (0020,0013)
  package var seriesNumber: Int?
  package var acquisitionNumber: Int?
  package var instanceNumber: Int?
  /// (0020,1002): the number of images in its acquisition.
  var imagesInAcquisition: Int?
  /// Which part it is of an object that is stored in several files.
  package var concatenation: Concatenation?
  /// (0020,0032): centre of the first voxel, mm LPS.
  package var position: Vector3?
  /// (0020,0037): direction of growing column index, and of growing row index.
  package var rowDirection: Vector3?
  package var columnDirection: Vector3?
  /// (0028,0030): mm between rows, and between columns.
  package var rowSpacing: Double?
  package var columnSpacing: Double?
  package var acquisition: Acquisition
  /// (0008,0005), (0008,103E), (0018,1030): undecoded.
  package var characterSet: [UInt8]
  var seriesDescription: [UInt8]
  var protocolName: [UInt8]
  package var numberOfFrames: Int
  package var samplesPerPixel: Int
  var photometric: String
  package var pixels: PixelDescription?
  var rescale: Rescale?
  /// (0028,1054), empty where absent.
  var rescaleType: String
  var hasModalityLUT: Bool
  /// (0018,9361) is YES.
  var isMultiEnergy = false
  /// (0008,9206) and (0008,9207): how frames of an enhanced object were derived from a volume; empty where absent.
  var volumetricProperties = ""
  var volumeTechnique = ""
  /// Units (UCUM) of its Real World Value Mappings (0040,9096).
  var realWorldUnits: [String] = []
  /// Bits of a sample in which overlays (60xx,0102) are stored.
  var overlayBits: UInt32 = 0
  /// (0028,2110) is 01.
  package var isLossy: Bool
  /// (0028,0120) as its 16 bits, whatever its declared sign.
  package var paddingBits: UInt16?
  package var pixelData: PixelDataPlace?
  /// Index of the frame in its file, from 0; nil for an image that is a file of its own.
  package var frame: Int?
  /// Where the compressed pixels of this image are in the file.
  var fragments: [Range<Int>]
  /// Where the offset tables of the frames are, in an object of compressed frames.
  var offsets: (basic: Range<Int>?, extended: Range<Int>?)
  /// (0008,1155) of the image that a frame was converted from (0020,9172); empty where there is none.
  package var sourceInstanceUID = ""
  /// Attributes that separate phases that share a series.
  var phase: PhaseAttributes
  package var syntax: TransferSyntax
  package var isBigEndian: Bool
  /// The preamble starts like a program.
  var hasExecutablePreamble: Bool
  /// Why this file cannot be used, where that is already known (it is truncated).
  package var damage: StudyError?

  package var display: String { file.display }
  /// The file, and the frame where it has several.
  package var label: String { frame.map { "\(file.display) frame \($0 + 1)" } ?? file.display }
  package var rows: Int { pixels?.rows ?? 0 }
  package var columns: Int { pixels?.columns ?? 0 }

  /// An uncompressed image of one frame has bytes after it that are not padding to an even length.
  var hasExcessPixels: Bool {
    guard let place = pixelData, let pixels, !place.isEncapsulated, frame == nil else { return false }
    return place.length > pixels.frameBytes + 1
  }

  /// The slice's normal, row direction x column direction.
  package var normal: Vector3? {
    guard let rowDirection, let columnDirection else { return nil }
    return rowDirection.cross(columnDirection)
  }
}
