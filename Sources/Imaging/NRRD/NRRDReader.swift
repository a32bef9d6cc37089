import Errors

/// Reads NRRD files with an attached header (`.nrrd`, `.seg.nrrd`), raw or gzip, in LPS or RAS, as in ITK: volumes, and
/// the label maps and segments of 3D Slicer.
package enum NRRDReader {
  /// Whether a file is NRRD, by its content. False where it cannot be read.
  package static func isNRRD(_ path: String) -> Bool {
    guard let file = try? InputFile(path), let bytes = try? file.prefix(16) else { return false }
    return NRRDHeader.isNRRD(bytes)
  }

  /// The grid of a file, from its header alone.
  ///
  /// - Throws: as `read`.
  package static func readGeometry(_ path: String, allowsPlane: Bool = false) throws -> Geometry {
    try header(path, allowsPlane: allowsPlane).geometry
  }

  /// Whether a file contains an image of two dimensions. False where it cannot be read.
  package static func isPlane(_ path: String) -> Bool { (try? header(path, allowsPlane: true))?.isPlane ?? false }

  /// The segments that a file names, from its header alone.
  ///
  /// - Throws: as `read`.
  package static func readSegments(_ path: String) throws -> [LabelSegment] { try header(path).segments }

  /// Reads a volume.
  ///
  /// - Parameters:
  ///   - maximumBytes: refuse a larger volume (bytes of the file's type).
  ///   - allowsPlane: read an image of two dimensions as one slice.
  /// - Throws: `E_NOT_FOUND`, `E_IO`, `E_NOT_NRRD`, `E_NRRD_UNSUPPORTED` (layers among the reasons), `E_NRRD_DETACHED`,
  ///   `E_NRRD_HEADER`, `E_TRUNCATED`, `E_CORRUPT`, `E_LIMIT`, `E_PIXEL_TYPE`.
  package static func read(
    _ path: String, maximumBytes: Int = NIfTIReader.defaultMaximumBytes, allowsPlane: Bool = false
  ) throws -> Volume {
    let labels = try layers(path, maximumBytes: maximumBytes, asLabels: false, allowsPlane: allowsPlane)
    guard labels.layers.count == 1 else {
      throw StudyError(
        .nrrdUnsupported, "the file has \(labels.layers.count) layers where an image has one", file: path,
        hint: "save it with a single layer")
    }
    return labels.layers[0]
  }

  /// Reads label maps: one, or the layers of overlapping segments.
  ///
  /// 64-bit labels that do not fit 32 bits are returned as float64.
  ///
  /// - Throws: as `read`.
  package static func readLabels(
    _ path: String, maximumBytes: Int = NIfTIReader.defaultMaximumBytes, allowsPlane: Bool = false
  ) throws -> LabelLayers {
    try layers(path, maximumBytes: maximumBytes, asLabels: true, allowsPlane: allowsPlane)
  }

  private static func layers(
    _ path: String, maximumBytes: Int, asLabels: Bool, allowsPlane: Bool
  ) throws -> LabelLayers {
    let file = try InputFile(path)
    let header = try NRRDHeader(file.prefix(NRRDHeader.maximumBytes), file: path, allowsPlane: allowsPlane)
    let count = header.geometry.count
    // A volume's sizes are at most 65535: only the number of layers can overflow, and VoxelFile checks it.
    let (all, overflow) = count.multipliedReportingOverflow(by: header.layers)
    let bytes = overflow ? Int.max : all.multipliedReportingOverflow(by: header.type.bytes).partialValue
    let offset =
      header.isGzip
      ? header.byteSkip
      : header.byteSkip < 0 ? max(header.dataOffset, file.size - bytes) : header.dataOffset + header.byteSkip
    let voxels = try VoxelFile(
      file, compressedFrom: header.isGzip ? header.dataOffset : nil, offset: offset,
      count: overflow ? Int.max : all, type: header.type, swapped: header.swapped, maximumBytes: maximumBytes
    ).voxels(header.type, asLabels: asLabels)
    let layers = (0..<header.layers).map { layer in
      header.layers == 1
        ? voxels
        : header.isInterleaved
          ? voxels.strided(from: layer, by: header.layers) : voxels.strided(from: layer * count, by: 1, count: count)
    }
    return LabelLayers(
      layers: layers.map { Volume(geometry: header.geometry, pixelType: header.type.pixelType, voxels: $0) },
      segments: header.segments)
  }

  private static func header(_ path: String, allowsPlane: Bool = false) throws -> NRRDHeader {
    try NRRDHeader(InputFile(path).prefix(NRRDHeader.maximumBytes), file: path, allowsPlane: allowsPlane)
  }
}

extension Voxels {
  /// Every `step`-th value from an offset on, `count` of them or all.
  fileprivate func strided(from first: Int, by step: Int, count: Int? = nil) -> Voxels {
    func pick<T>(_ values: [T]) -> [T] {
      let indices = stride(from: first, to: count.map { first + $0 * step } ?? values.count, by: step)
      return indices.map { values[$0] }
    }
    return switch self {
    case .int16(let values): .int16(pick(values))
    case .int32(let values): .int32(pick(values))
    case .float32(let values): .float32(pick(values))
    case .float64(let values): .float64(pick(values))
    }
  }
}
