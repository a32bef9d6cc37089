import Errors
import Imaging

/// The frames of an Enhanced or Legacy Converted Enhanced CT, each with the geometry, rescale and acquisition of its
/// functional groups, so that they are checked like slices. Their order in the file is ignored.
///
/// - Throws: `E_ATTRIBUTE` where frames are not described, `E_MULTIFRAME` where they are of several stacks,
///   `E_DICOM_MALFORMED`, `E_TRUNCATED`, `E_LIMIT`, `E_IO`.
func expandFrames(_ header: ImageHeader) throws(StudyError) -> [ImageHeader] {
  let groups = FunctionalGroups(try DatasetTree.read(header).root)
  guard header.numberOfFrames >= 1, header.numberOfFrames == groups.count else {
    throw StudyError(
      .missingAttribute, "has \(header.numberOfFrames) frames and describes \(groups.count)", file: header.display,
      hint: "export the series again")
  }
  let fragments = try frameFragments(header)
  var stacks: Set<String> = []
  var frames: [ImageHeader] = []
  frames.reserveCapacity(groups.count)
  for index in 0..<groups.count {
    var frame = header
    frame.frame = index
    frame.fragments = fragments.isEmpty ? [] : fragments[index]
    describe(&frame, groups, index)
    if !frame.imageType.contains("LOCALIZER") {
      stacks.insert(groups.group(0x0020_9111, frame: index)?.code(0x0020_9056) ?? "")
    }
    frames.append(frame)
  }
  guard stacks.count <= 1 else {
    throw StudyError(
      .multiframe, "holds \(stacks.count) stacks of frames", file: header.display,
      hint: "export the stack that the mask was drawn on as a series of its own")
  }
  return frames
}

private func describe(_ frame: inout ImageHeader, _ groups: FunctionalGroups, _ index: Int) {
  frame.position = groups.position(frame: index)
  let orientation = groups.orientation(frame: index)
  frame.rowDirection = orientation?.row
  frame.columnDirection = orientation?.column
  let measures = groups.group(0x0028_9110, frame: index)
  let spacing = measures?.decimals(0x0028_0030) ?? []
  frame.rowSpacing = spacing.count == 2 ? spacing[0] : nil
  frame.columnSpacing = spacing.count == 2 ? spacing[1] : nil
  frame.acquisition.sliceThickness = measures?.decimals(0x0018_0050)?.first
  frame.acquisition.spacingBetweenSlices = measures?.decimals(0x0018_0088)?.first
  (frame.rescale, frame.rescaleType) = groups.rescale(frame: index)
  let frameType = groups.group(0x0018_9329, frame: index)
  if let type = frameType?.code(0x0008_9007) {
    frame.imageType = type.split(separator: "\\", omittingEmptySubsequences: false).map(String.init)
  }
  if let properties = frameType?.code(0x0008_9206) { frame.volumetricProperties = properties }
  if let technique = frameType?.code(0x0008_9207) { frame.volumeTechnique = technique }
  frame.realWorldUnits = groups.realWorldUnits(frame: index)
  frame.acquisition.gantryTilt = groups.group(0x0018_9312, frame: index)?.decimals(0x0018_1120)?.first
  frame.acquisition.kVp = groups.group(0x0018_9325, frame: index)?.decimals(0x0018_0060)?.first
  frame.acquisition.kernel = groups.group(0x0018_9314, frame: index)?.code(0x0018_1210) ?? ""
  frame.sourceInstanceUID = groups.group(0x0020_9172, frame: index)?.uid(0x0008_1155) ?? ""
  let content = groups.group(0x0020_9111, frame: index)
  frame.acquisitionNumber = content?.unsigned(0x0020_9156)
  frame.phase = PhaseAttributes(
    acquisitionNumber: frame.acquisitionNumber,
    acquisitionTime: content?.code(0x0018_9074), contentTime: content?.code(0x0018_9151),
    temporalPosition: content?.unsigned(0x0020_9128).map(String.init), triggerTime: nil)
}
