internal import DICOM
internal import Documents
internal import FoundationEssentials
internal import Imaging

extension Measured {
  /// From the series' first slice, the mask and the published grid.
  init(_ pair: Pair, _ study: ConvertedStudy, longestDiameter: Double?) {
    self.init()
    let acquisition = pair.stack.slices[0].acquisition
    series = pair.series.identifier
    description = pair.series.description.text
    protocolName = pair.series.protocolName.text
    scanner = [acquisition.manufacturer, acquisition.model].filter { !$0.isEmpty }.joined(separator: " ")
    kVp = acquisition.kVp
    kernel = acquisition.kernel
    contrastAgent = acquisition.contrastAgent
    maskFile = pair.mask.file.display
    region = study.name
    label = study.mask.label
    volume = Double(study.mask.count) * study.volume.geometry.voxelVolume / 1000
    self.longestDiameter = longestDiameter.flatMap { $0.isFinite ? $0 : nil }
    computed = Date().formatted(.iso8601)
  }
}
