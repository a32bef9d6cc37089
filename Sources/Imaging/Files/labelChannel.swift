package import Errors

extension ErrorCode {
  /// The mask has no channel of the requested number (`label_channel`).
  package static let labelChannel = ErrorCode("E_LABEL_CHANNEL", .badInput)
}

extension StudyError {
  static func noChannel(_ channel: Int, of count: Int, file: String) -> StudyError {
    StudyError(
      .labelChannel, "channel \(channel) is wanted of a mask with \(count), which are counted from 0", file: file,
      hint: "correct label_channel")
  }
}

/// Reads a mask file that may have a channel for each structure (PyRadiomics' `label_channel`): NIfTI, NRRD or
/// MetaImage, decided by content.
///
/// - Parameters:
///   - channel: from 0; the only channel of a file is read whatever the number, as in PyRadiomics.
///   - allowsPlane: read an image of two dimensions as one slice.
/// - Returns: the channel's volume and the number of channels.
/// - Throws: the readers' errors; `E_LABEL_CHANNEL`.
package func readMaskChannel(
  _ path: String, _ channel: Int, allowsPlane: Bool = false
) throws -> (volume: Volume, channels: Int) {
  if MetaImageReader.isMetaImage(path) {
    return (try MetaImageReader.read(path, asLabels: true, allowsPlane: allowsPlane), 1)
  }
  guard NRRDReader.isNRRD(path) else {
    return try NIfTIReader.read(path, channel: channel, allowsPlane: allowsPlane)
  }
  let layers = try NRRDReader.readLabels(path, allowsPlane: allowsPlane).layers
  if layers.count == 1 { return (layers[0], 1) }
  guard channel < layers.count else { throw StudyError.noChannel(channel, of: layers.count, file: path) }
  return (layers[channel], layers.count)
}
