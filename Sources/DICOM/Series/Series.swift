/// The images of one DICOM series, as found in a study's folder. Not yet checked: see `checkGeometry`.
package struct Series: Sendable {
  /// (0020,000E)
  package let uid: String
  /// Which of several phases in one series this is, for example `acquisition-2`; nil where the series is not split.
  package let part: String?
  /// At least one, in order of the files' names.
  package let images: [ImageHeader]

  init(uid: String, part: String? = nil, images: [ImageHeader]) {
    self.uid = uid
    self.part = part
    self.images = images
  }

  /// The name of this series in lists and in `study.yaml`: its UID, or `UID#part`.
  package var identifier: String { part.map { "\(uid)#\($0)" } ?? uid }

  /// Whether a user's choice selects this series: the UID selects every part of it, `UID#part` only that one.
  package func isNamed(_ choice: String) -> Bool { choice == uid || choice == identifier }

  private var first: ImageHeader { images[0] }

  /// (0008,0060) of the first image.
  package var modality: String { first.modality }
  /// (0020,000D) of the first image.
  package var studyUID: String { first.studyUID }
  /// (0020,0052) of the first image; may be empty.
  package var frameOfReferenceUID: String { first.frameOfReferenceUID }
  /// (0010,0020) of the first image, compared and never shown.
  package var patientID: [UInt8] { first.patientID }
  /// (0020,0011) of the first image.
  package var number: Int? { first.seriesNumber }

  /// (0008,103E), for display only.
  package var description: DisplayText {
    DisplayText(first.seriesDescription, characterSet: first.characterSet)
  }

  /// (0018,1030), for display only.
  package var protocolName: DisplayText {
    DisplayText(first.protocolName, characterSet: first.characterSet)
  }

  /// Whether any image is of a CT SOP class (a scout and a dose page are too few for a volume, but may be CT).
  package var isCT: Bool { images.contains { SOPClass.isCT($0.sopClassUID) } }

  /// Approximate number of slices, for lists of candidates.
  package var count: Int { images.count }
}
