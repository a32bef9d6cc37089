import Errors

/// Reads NIfTI-1 single files (`.nii`, `.nii.gz`) as ITK 5.4 does, so that features computed here and with
/// PyRadiomics start from the same numbers.
///
/// Both byte orders; uint8 to float64, and 64-bit integers whose values fit 32 bits. NIfTI-2, `.hdr`/`.img` pairs and
/// images that are not three-dimensional are refused. The extension of the name is ignored: content decides.
package enum NIfTIReader {
  /// The largest volume that is read by default, in bytes of the file's type.
  package static let defaultMaximumBytes = 8 << 30

  /// Whether a file is a NIfTI-1 single file, by its content, compressed or not. False where it cannot be read.
  package static func isNIfTI(_ path: String) -> Bool {
    guard let source = try? NIfTISource(path), let bytes = try? source.header() else { return false }
    return NIfTIHeader.isSingleFile(bytes) || NIfTIHeader.isVersion2(bytes)
  }

  /// Whether a file contains an image of two dimensions. False where it cannot be read.
  package static func isPlane(_ path: String) -> Bool {
    guard let source = try? NIfTISource(path), let bytes = try? source.header() else { return false }
    return (try? NIfTIHeader(bytes, file: path, allowsChannels: true, allowsPlane: true))?.isPlane ?? false
  }

  /// The grid of a file, from its header alone: the voxels are not read and may be missing.
  ///
  /// - Throws: as `read`.
  package static func readGeometry(
    _ path: String, acceptWithoutForms: Bool = false, allowsPlane: Bool = false
  ) throws -> Geometry {
    let source = try NIfTISource(path)
    let header = try NIfTIHeader(source.header(), file: path, allowsPlane: allowsPlane)
    return try NIfTIOrientation(header, file: path).geometry(acceptWithoutForms: acceptWithoutForms)
  }

  /// Reads a volume.
  ///
  /// An integer image with a scale (`scl_slope`, `scl_inter`) becomes float32, as with ITK: `float32(double(float32(v))
  /// * slope + inter)`; slope 0 counts as 1. Values that are not finite become 0, as with ITK.
  ///
  /// - Parameters:
  ///   - acceptWithoutForms: read a file that has neither sform nor qform: origin 0 and axes along LPS, as ITK does.
  ///   - maximumBytes: refuse a larger volume (bytes of the file's type).
  ///   - allowsPlane: read an image of two dimensions as one slice.
  /// - Throws: `E_NOT_FOUND`, `E_IO`, `E_NOT_NIFTI`, `E_NIFTI_UNSUPPORTED`, `E_NIFTI_HEADER`, `E_NIFTI_NO_FORM`,
  ///   `E_NIFTI_FORMS_DISAGREE`, `E_TRUNCATED`, `E_CORRUPT`, `E_LIMIT`, `E_PIXEL_TYPE`.
  package static func read(
    _ path: String, acceptWithoutForms: Bool = false, maximumBytes: Int = defaultMaximumBytes,
    allowsPlane: Bool = false
  ) throws -> Volume {
    try read(
      NIfTISource(path), path, channel: nil, acceptWithoutForms, maximumBytes, asLabels: false, allowsPlane: allowsPlane
    ).volume
  }

  /// Reads one of the volumes of a mask that has a channel for each structure (a vector image, or four dimensions).
  ///
  /// - Parameter channel: from 0; the only volume of a file is read whatever the number.
  /// - Returns: the volume and the number of volumes.
  /// - Throws: as `read`; `E_LABEL_CHANNEL`.
  package static func read(
    _ path: String, channel: Int, maximumBytes: Int = defaultMaximumBytes, allowsPlane: Bool = false
  ) throws -> (volume: Volume, channels: Int) {
    try read(
      NIfTISource(path), path, channel: channel, false, maximumBytes, asLabels: true, allowsPlane: allowsPlane)
  }

  /// Reads a label map: as `read`, and 64-bit labels that do not fit 32 bits as float64. Values that are not finite are
  /// kept: they are not labels, and `placeMask` and `labelCounts` refuse them.
  package static func readLabels(_ path: String, maximumBytes: Int = defaultMaximumBytes) throws -> Volume {
    try read(NIfTISource(path), path, channel: nil, false, maximumBytes, asLabels: true, isRepaired: false)
      .volume
  }

  private static func read(
    _ source: consuming NIfTISource, _ path: String, channel: Int?, _ acceptWithoutForms: Bool, _ maximumBytes: Int,
    asLabels: Bool, allowsPlane: Bool = false, isRepaired: Bool = true
  ) throws -> (volume: Volume, channels: Int) {
    let header = try NIfTIHeader(source.header(), file: path, allowsChannels: channel != nil, allowsPlane: allowsPlane)
    let geometry = try NIfTIOrientation(header, file: path).geometry(acceptWithoutForms: acceptWithoutForms)
    let place = header.channels == 1 ? 0 : channel ?? 0
    guard place < header.channels else { throw StudyError.noChannel(place, of: header.channels, file: path) }
    var voxels = try source.voxels(header, channel: place, maximumBytes: maximumBytes)
      .voxels(header.datatype, asLabels: asLabels)
    if isRepaired { NIfTIScaling.repair(&voxels) }
    let (scaled, type) = NIfTIScaling.scale(voxels, header)
    return (Volume(geometry: geometry, pixelType: type, voxels: scaled), header.channels)
  }
}
