/// Bytes of a DICOM file, explicit VR little endian, sequences of undefined length: objects that nothing else writes.
package enum DICOMDraft {
  package static func element(_ tag: UInt32, _ vr: String, _ bytes: [UInt8]) -> [UInt8] {
    var value = bytes
    if value.count % 2 == 1 { value.append(vr == "UI" || vr == "OB" ? 0 : 0x20) }
    let isLong = ["OB", "OW", "SQ", "UN", "UT"].contains(vr)
    return number(tag >> 16, 2) + number(tag & 0xFFFF, 2) + Array(vr.utf8)
      + (isLong ? [0, 0] + number(UInt32(value.count), 4) : number(UInt32(value.count), 2)) + value
  }

  package static func text(_ tag: UInt32, _ vr: String, _ text: String) -> [UInt8] {
    element(tag, vr, Array(text.utf8))
  }

  package static func words(_ tag: UInt32, _ values: Int...) -> [UInt8] {
    element(tag, "US", values.flatMap { number(UInt32($0), 2) })
  }

  package static func sequence(_ tag: UInt32, _ items: [[UInt8]]) -> [UInt8] {
    let delimiter: [UInt8] = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0]
    return number(tag >> 16, 2) + number(tag & 0xFFFF, 2) + Array("SQ".utf8) + [0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
      + items.flatMap { [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF] + $0 + delimiter }
      + [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]
  }

  /// A file of a dataset's elements, which must be in order of their tags.
  package static func file(_ dataset: [UInt8]) -> [UInt8] {
    let syntax = element(0x0002_0010, "UI", Array("1.2.840.10008.1.2.1".utf8))
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
      + element(0x0002_0000, "UL", number(UInt32(syntax.count), 4)) + syntax + dataset
  }

  private static func number(_ value: UInt32, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
  }
}

/// The references of an object.
package struct DraftOrigin: Sendable {
  package var patientID = "P1"
  package var study = "1.2.3.1"
  package var series = "1.2.3.2"
  package var frame = "1.2.3.3"
  package var instances: [String] = []

  package init() {}
}

/// An RTSTRUCT to be written.
package struct StructureSetDraft: Sendable {
  package struct Region: Sendable {
    package var number: Int
    package var name: String
    /// Type and points.
    package var contours: [(type: String, points: [SIMD3<Double>])]

    package init(_ number: Int, _ name: String, _ contours: [(type: String, points: [SIMD3<Double>])]) {
      self.number = number
      self.name = name
      self.contours = contours
    }
  }

  package var origin = DraftOrigin()
  package var regions: [Region]

  package init(_ regions: [Region]) { self.regions = regions }

  package var bytes: [UInt8] {
    typealias D = DICOMDraft
    let images = origin.instances.map { D.text(0x0008_1155, "UI", $0) }
    let series = D.text(0x0020_000E, "UI", origin.series) + D.sequence(0x3006_0016, images)
    let study = D.text(0x0008_1155, "UI", origin.study) + D.sequence(0x3006_0014, [series])
    let frame = D.text(0x0020_0052, "UI", origin.frame) + D.sequence(0x3006_0012, [study])
    let names = regions.map {
      D.text(0x3006_0022, "IS", "\($0.number)") + D.text(0x3006_0024, "UI", origin.frame)
        + D.text(0x3006_0026, "LO", $0.name)
    }
    let contours = regions.map { region in
      D.sequence(
        0x3006_0040,
        region.contours.map { contour in
          D.text(0x3006_0042, "CS", contour.type) + D.text(0x3006_0046, "IS", "\(contour.points.count)")
            + D.text(
              0x3006_0050, "DS",
              contour.points.flatMap { ["\($0.x)", "\($0.y)", "\($0.z)"] }.joined(separator: "\\"))
        }) + D.text(0x3006_0084, "IS", "\(region.number)")
    }
    return D.file(
      D.text(0x0008_0005, "CS", "ISO_IR 192") + D.text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.481.3")
        + D.text(0x0008_0018, "UI", "1.2.3.99") + D.text(0x0008_0060, "CS", "RTSTRUCT")
        + D.text(0x0010_0020, "LO", origin.patientID) + D.text(0x0020_000D, "UI", origin.study)
        + D.text(0x0020_000E, "UI", "1.2.3.98") + D.sequence(0x3006_0010, [frame]) + D.sequence(0x3006_0020, names)
        + D.sequence(0x3006_0039, contours))
  }
}

/// A SEG to be written: axial frames.
package struct SegmentationDraft: Sendable {
  package struct Frame: Sendable {
    package var segment: Int
    /// Of the first voxel, mm.
    package var position: SIMD3<Double>
    /// One per voxel, columns fastest.
    package var values: [UInt8]
    /// Images that it references as its source, and the frame there.
    package var sources: [(instance: String, frame: Int?)]

    package init(
      _ segment: Int, at position: SIMD3<Double>, _ values: [UInt8], sources: [(instance: String, frame: Int?)] = []
    ) {
      self.segment = segment
      self.position = position
      self.values = values
      self.sources = sources
    }
  }

  package var origin = DraftOrigin()
  /// BINARY, FRACTIONAL or LABELMAP.
  package var type = "BINARY"
  package var maximum = 255
  package var rows: Int
  package var columns: Int
  /// Between rows and between columns, mm.
  package var spacing = (1.0, 1.0)
  /// Number, label, code value of SCT.
  package var segments: [(Int, String, String)]
  package var frames: [Frame]
  package var instance = "1.2.3.89"
  /// Which part of how many it is, and the frames before it.
  package var part: (number: Int, total: Int, offset: Int)?
  /// Of every source image: Spatial Locations Preserved.
  package var preserved = "YES"
  /// Number of Frames, where it differs from that of the frames.
  package var statedFrames: Int?

  package init(rows: Int, columns: Int, segments: [(Int, String, String)], frames: [Frame]) {
    self.rows = rows
    self.columns = columns
    self.segments = segments
    self.frames = frames
  }

  package var bytes: [UInt8] {
    typealias D = DICOMDraft
    let isBits = type == "BINARY"
    let instances = origin.instances.map { D.text(0x0008_1155, "UI", $0) }
    let reference = D.sequence(0x0008_114A, instances) + D.text(0x0020_000E, "UI", origin.series)
    let described = segments.map { number, label, code in
      D.words(0x0062_0004, number) + D.text(0x0062_0005, "LO", label)
        + D.sequence(0x0062_000F, [D.text(0x0008_0100, "SH", code) + D.text(0x0008_0102, "SH", "SCT")])
    }
    let shared =
      D.sequence(0x0020_9116, [D.text(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0")])
      + D.sequence(0x0028_9110, [D.text(0x0028_0030, "DS", "\(spacing.0)\\\(spacing.1)")])
    let places = frames.map { frame in
      sources(frame)
        + D.sequence(
          0x0020_9113,
          [D.text(0x0020_0032, "DS", "\(frame.position.x)\\\(frame.position.y)\\\(frame.position.z)")])
        + (type == "LABELMAP" ? [] : D.sequence(0x0062_000A, [D.words(0x0062_000B, frame.segment)]))
    }
    let values = frames.flatMap(\.values)
    var packed = [UInt8](repeating: 0, count: isBits ? (values.count + 7) / 8 : 0)
    if isBits { for (i, value) in values.enumerated() where value != 0 { packed[i / 8] |= 1 << UInt8(i % 8) } }
    let bits = isBits ? 1 : 8
    var dataset =
      D.text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.66.\(type == "LABELMAP" ? 7 : 4)")
      + D.text(0x0008_0018, "UI", instance) + D.text(0x0008_0060, "CS", "SEG")
      + D.sequence(0x0008_1115, [reference]) + D.text(0x0010_0020, "LO", origin.patientID)
    dataset += D.text(0x0020_000D, "UI", origin.study) + D.text(0x0020_000E, "UI", "1.2.3.88")
    dataset += D.text(0x0020_0052, "UI", origin.frame)
    if let part {
      dataset += D.text(0x0020_9161, "UI", "1.2.3.70") + D.words(0x0020_9162, part.number)
      dataset += D.words(0x0020_9163, part.total)
      dataset += D.element(0x0020_9228, "UL", [UInt8(part.offset), 0, 0, 0])
    }
    dataset += D.words(0x0028_0002, 1) + D.text(0x0028_0004, "CS", "MONOCHROME2")
    dataset +=
      D.text(0x0028_0008, "IS", "\(statedFrames ?? frames.count)") + D.words(0x0028_0010, rows)
      + D.words(0x0028_0011, columns)
    dataset += D.words(0x0028_0100, bits) + D.words(0x0028_0101, bits) + D.words(0x0028_0102, bits - 1)
    dataset += D.words(0x0028_0103, 0) + D.text(0x0062_0001, "CS", type) + D.sequence(0x0062_0002, described)
    if type == "FRACTIONAL" {
      dataset += D.words(0x0062_000E, maximum) + D.text(0x0062_0010, "CS", "PROBABILITY")
    }
    dataset += D.sequence(0x5200_9229, [shared]) + D.sequence(0x5200_9230, places)
    return D.file(dataset + D.element(0x7FE0_0010, "OB", isBits ? packed : values))
  }

  private func sources(_ frame: Frame) -> [UInt8] {
    typealias D = DICOMDraft
    guard !frame.sources.isEmpty else { return [] }
    let images = frame.sources.map { source in
      D.text(0x0008_1155, "UI", source.instance)
        + (source.frame.map { D.text(0x0008_1160, "IS", "\($0)") } ?? []) + D.text(0x0028_135A, "CS", preserved)
    }
    return D.sequence(0x0008_9124, [D.sequence(0x0008_2112, images)])
  }
}
