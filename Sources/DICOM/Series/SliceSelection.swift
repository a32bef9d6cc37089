import Errors
import Glibc
import Imaging

/// Selects the images of a series that form the volume: CT, one orientation, one patient, one grid, no repeats.
struct SliceSelection {
  private(set) var images: [PlacedImage] = []
  private(set) var dropped: [DroppedFile] = []
  private(set) var warnings: [Note] = []

  /// Angle in degrees up to which two directions count as equal.
  static let angleTolerance = 0.1
  /// Distance in mm up to which two positions count as equal.
  static let positionTolerance = 0.01

  init(_ series: Series) throws(StudyError) {
    if let damage = series.images.compactMap(\.damage).first { throw damage }
    var kept: [ImageHeader] = []
    for image in series.images {
      if SOPClass.isCT(image.sopClassUID), image.numberOfFrames > 1, image.frame == nil {
        throw StudyError(
          .multiframe, "holds \(image.numberOfFrames) frames in an image class of one", file: image.display,
          hint: "export the series as single CT images or as Enhanced CT")
      }
      if !SOPClass.isCT(image.sopClassUID) {
        dropped.append(DroppedFile(file: image.file, reason: .notCT))
      } else if image.imageType.contains("LOCALIZER") {
        dropped.append(DroppedFile(file: image.file, reason: .localizer))
      } else {
        kept.append(image)
      }
    }
    guard !kept.isEmpty else {
      let first = series.images[0]
      throw StudyError(
        .notCT, "the series holds no CT slices (modality \(first.modality.isEmpty ? "unknown" : first.modality))",
        file: first.display, hint: "drop the CT series that the mask was drawn on")
    }
    for image in kept { images.append(try Self.place(image)) }
  }

  func requireImages() throws(StudyError) {
    guard images.count < 3 else { return }
    throw StudyError(
      .tooFewSlices, "\(images.count) CT slice\(images.count == 1 ? "" : "s") where a volume needs at least 3",
      file: images.first?.display, hint: "copy the whole series", details: ["slices": String(images.count)])
  }

  /// Reads position, orientation and spacing, and refuses impossible values.
  private static func place(_ image: ImageHeader) throws(StudyError) -> PlacedImage {
    func missing(_ what: String) -> StudyError {
      StudyError(.missingAttribute, "has no usable \(what)", file: image.display, hint: "export the series again")
    }
    guard let position = image.position, abs(position.x) < 1e6, abs(position.y) < 1e6, abs(position.z) < 1e6 else {
      throw missing("Image Position (Patient)")
    }
    guard let row = image.rowDirection, let column = image.columnDirection, abs(row.length - 1) < 1e-3,
      abs(column.length - 1) < 1e-3, abs(row.dot(column)) < 1e-3
    else { throw missing("Image Orientation (Patient)") }
    guard let rowSpacing = image.rowSpacing, let columnSpacing = image.columnSpacing, rowSpacing > 1e-3,
      rowSpacing < 1e3,
      columnSpacing > 1e-3, columnSpacing < 1e3
    else { throw missing("Pixel Spacing") }
    guard image.rows > 0, image.columns > 0 else { throw missing("Rows, Columns and Bits Allocated") }
    return PlacedImage(
      header: image, position: position, row: row, column: column, rowSpacing: rowSpacing, columnSpacing: columnSpacing)
  }

  /// Keeps the orientation of most slices. A few other slices are dropped; many are refused, because the mask may
  /// belong to either.
  mutating func requireOneOrientation() throws(StudyError) {
    var groups: [[PlacedImage]] = []
    for image in images {
      if let group = groups.firstIndex(where: { Self.isSameOrientation($0[0], image) }) {
        groups[group].append(image)
      } else {
        groups.append([image])
      }
    }
    // Equal counts: the first found, which is fixed by the order of names.
    let largest = groups.indices.max { (groups[$0].count, $1) < (groups[$1].count, $0) } ?? 0
    let majority = groups[largest]
    let others = groups.indices.filter { $0 != largest }.flatMap { groups[$0] }
    if let other = others.first {
      guard others.count * 4 <= majority.count else {
        throw StudyError(
          .mixedOrientation,
          "\(majority.count) slices have one orientation and \(others.count) another", file: other.display,
          hint: "drop the axial series alone", details: ["orientations": String(groups.count)])
      }
      for image in others { dropped.append(DroppedFile(file: image.header.file, reason: .otherOrientation)) }
      warnings.append(
        Note(
          code: "OTHER_ORIENTATION",
          message: "\(others.count) image(s) of another orientation than the \(majority.count) others left out"))
    }
    images = majority
    try requireImages()
  }

  private static func isSameOrientation(_ a: PlacedImage, _ b: PlacedImage) -> Bool {
    degrees(a.row, b.row) <= angleTolerance && degrees(a.column, b.column) <= angleTolerance
  }

  /// One patient, study, frame of reference and grid.
  mutating func requireOneSource() throws(StudyError) {
    let first = images[0]
    for image in images.dropFirst() {
      let what: String? =
        image.header.patientID != first.header.patientID
        ? (image.header.patientID.isEmpty || first.header.patientID.isEmpty
          ? "a patient, and others without Patient ID" : "two patients (Patient ID)")
        : image.header.studyUID != first.header.studyUID
          ? "two studies (Study Instance UID)"
          : image.header.frameOfReferenceUID != first.header.frameOfReferenceUID
            ? "two frames of reference (Frame of Reference UID)" : nil
      if let what {
        throw StudyError(
          .patientMix, "one series holds images of \(what)", file: image.display,
          hint: "drop one patient's study per folder; export the series again if it is one",
          details: ["differs_from": first.display])
      }
    }
    for image in images.dropFirst() where !Self.isSameGrid(first, image) {
      throw StudyError(
        .mixedGrid,
        "has \(image.grid) where others have \(first.grid)",
        file: image.display, hint: "drop one series of one reconstruction", details: ["differs_from": first.display])
    }
  }

  private static func isSameGrid(_ a: PlacedImage, _ b: PlacedImage) -> Bool {
    a.header.rows == b.header.rows && a.header.columns == b.header.columns
      && abs(a.rowSpacing - b.rowSpacing) <= 1e-5 * a.rowSpacing
      && abs(a.columnSpacing - b.columnSpacing) <= 1e-5 * a.columnSpacing
  }

  /// Orders the images along the normal and drops exact repeats.
  mutating func sortAndDropDuplicates() throws(StudyError) {
    let normal = images[0].normal
    for i in images.indices { images[i].height = images[i].position.dot(normal) }
    images.sort { ($0.height, $0.header.file.name) < ($1.height, $1.header.file.name) }
    var kept: [PlacedImage] = []
    for image in images {
      // Images of one position follow each other, except for others at the same height beside them.
      let twin = kept.reversed().prefix { image.height - $0.height <= Self.positionTolerance }
        .first { (image.position - $0.position).length <= Self.positionTolerance }
      guard let twin else {
        kept.append(image)
        continue
      }
      guard try haveSamePixels(twin.header, image.header) else {
        throw StudyError(
          .duplicatePosition, "two different images at one position: \(twin.header.label) and \(image.header.label)",
          file: image.display, slice: kept.count - 1,
          hint:
            "the series holds two phases or reconstructions that nothing tells apart; drop them as series of their own",
          details: ["position": "\(image.height)", "other": twin.header.label])
      }
      let isSameInstance = twin.header.isSameInstance(as: image.header)
      dropped.append(DroppedFile(file: image.header.file, reason: isSameInstance ? .sameInstance : .samePixels))
      if !isSameInstance {
        warnings.append(
          Note(
            code: "DUPLICATE_SLICE",
            message: "\(image.header.label) repeats \(twin.header.label) (same position, same pixels); left out"))
      }
    }
    images = kept
    try requireImages()
  }

  /// Notes harmless oddities of the images that were kept.
  mutating func noteOddities() {
    let programs = images.filter(\.header.hasExecutablePreamble)
    if let first = programs.first {
      warnings.append(
        Note(
          code: "EXECUTABLE_PREAMBLE",
          message: "\(programs.count) file(s) begin like a program, \(first.display) first; nothing of that is kept"))
    }
    let instances = Set(images.map { InstanceKey($0.header) })
    if instances.count != images.count {
      warnings.append(Note(code: "SHARED_INSTANCE_UID", message: "different slices share a SOP Instance UID"))
    }
    noteContents()
    let padded = images.filter { $0.header.hasExcessPixels }
    if let first = padded.first {
      warnings.append(
        Note(
          code: "PIXEL_EXCESS",
          message: "\(padded.count) file(s) hold more bytes of pixels than their image has, \(first.display) first; "
            + "the image is taken from the beginning"))
    }
  }

  /// Notes on the images' values for the reader, once each.
  private mutating func noteContents() {
    var counts: [(note: Note, images: Int)] = []
    for image in images {
      guard case .noted(let note) = ImageContent(image.header) else { continue }
      if let index = counts.firstIndex(where: { $0.note.code == note.code }) {
        counts[index].images += 1
      } else {
        counts.append((note, 1))
      }
    }
    for (note, count) in counts {
      let share = count == images.count ? "all images" : "\(count) of \(images.count) images"
      warnings.append(Note(code: note.code, message: "\(share): \(note.message)"))
    }
    if counts.isEmpty, let what = describedContent(images[0].header) {
      warnings.append(
        Note(
          code: "NOT_HU_SUSPECTED",
          message:
            "the Series Description reads like \(what), and Image Type and Rescale Type do not say so: are these HU?"))
    }
  }
}

/// The identity of an image: its SOP instance, and its frame there.
private struct InstanceKey: Hashable {
  var instance: String
  var frame: Int

  init(_ header: ImageHeader) {
    instance = header.sopInstanceUID
    frame = header.frame ?? 0
  }
}

extension ImageHeader {
  /// Whether both are copies of one image.
  func isSameInstance(as other: ImageHeader) -> Bool { InstanceKey(self) == InstanceKey(other) }
}

/// The angle between two directions in degrees.
func degrees(_ a: Vector3, _ b: Vector3) -> Double {
  // atan2 keeps small angles, which acos loses.
  atan2Degrees(a.cross(b).length, a.dot(b))
}

/// The angle of the point (x, y) in degrees.
func atan2Degrees(_ y: Double, _ x: Double) -> Double { atan2(y, x) * 180 / .pi }
