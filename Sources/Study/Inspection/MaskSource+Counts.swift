internal import DICOM
internal import DICOMMasks
internal import Errors
internal import Imaging

extension MaskSource {
  /// The regions, with voxels counted where the kind of file has voxels.
  func countedRegions() throws -> [MaskRegion] {
    switch content {
    case .structureSet: return regions ?? []
    case .segmentation(let segmentation):
      let counts = try segmentation.voxelCounts()
      return (regions ?? []).map { region in
        var region = region
        region.extent = "\(counts[region.number] ?? 0) voxels in " + region.extent
        return region
      }
    case .labelMap(_, let segments):
      let counts = try readLabels().layers.map { try labelCounts($0, file: file.display) }
      guard !segments.isEmpty else {
        return counts[0].sorted { $0.key < $1.key }.map {
          MaskRegion(number: $0.key, name: "", extent: "\($0.value) voxels", isUsable: true)
        }
      }
      return zip(segments, segments.regions).map { segment, region in
        var region = region
        let voxels = counts.indices.contains(segment.layer) ? counts[segment.layer][segment.label] ?? 0 : 0
        region.extent = "\(voxels) voxels, " + region.extent
        return region
      }
    }
  }
}
