package import Errors
package import Imaging

/// One feature computed for every voxel of a region from the kernel around it.
package struct FeatureMap: Sendable {
  /// `<image type>_<class>_<feature>`, by PyRadiomics' names.
  package let name: String
  /// The region's bounding box and `kernelRadius` voxels around it, as far as the image goes, in float64; `initValue`
  /// outside the region, NaN where a feature is not defined.
  package let volume: Volume
}

/// The result of an extraction of maps, besides the maps.
package struct VoxelExtraction: Sendable {
  /// The maps' names in PyRadiomics' order.
  package let names: [String]
  /// In PyRadiomics' order; empty where the profile switches `additionalInfo` off.
  package let diagnostics: [Diagnostic]
  /// The grid of the maps.
  package let geometry: Geometry
  /// Voxels that have a value.
  package let voxels: Int
  package let notes: [Note]
}

extension Extractor {
  /// Computes every feature of the profile except those of shape around each voxel of the region: PyRadiomics'
  /// voxel-based extraction (`--mode voxel`).
  ///
  /// Grey levels are those of the whole region (with `maskedKernel: false`, of the whole box), not of each kernel.
  ///
  /// - Parameter receive: receives each map when it is done; not all are in memory at once. In no particular order.
  /// - Throws: as `extract`; `E_MEMORY_ESTIMATE` before anything is allocated; `E_PROFILE` for LBP3D with unmasked
  ///   kernels, for which PyRadiomics leaves the voxels outside the region undefined; any error that `receive` throws.
  package func extractMaps(
    image: Volume, mask: Mask, uncorrected: Mask? = nil, progress: (@Sendable (String, Double) -> Void)? = nil,
    receive: (FeatureMap) throws -> Void
  ) throws -> VoxelExtraction {
    try requireOneGrid(image.geometry, mask)
    let settings = profile.settings
    let requests = profile.featureClasses.filter { !$0.featureClass.isShape }
    if !settings.voxel.maskedKernel,
      let pattern = profile.imageTypes.first(where: { $0.type == .localBinaryPattern3D })
    {
      throw StudyError(
        .profile, "image type \(pattern.type.rawValue) is defined inside the region only", file: profile.name,
        hint: "take it out of the profile, or set maskedKernel: true")
    }
    progress?("preparing", 0)
    let memory = MemoryBudget(limit: memoryLimit, threads: threads)
    let prepared = try Preparation(image, mask, settings: settings, threads: threads, memory: memory)
    let field = try KernelField(prepared, settings: settings)
    try memory.requireMaps(field, image: prepared.image, requests: requests)

    let derived = DerivedImages(
      requests.isEmpty ? [] : profile.imageTypes, image: prepared.image, region: field.region)
    var names: [(place: Int, names: [String])] = []
    var notes: [Note] = []
    var done = 0
    for source in derived.sources {
      for image in source.make() {
        let tables = try ClassTables(image, field, threads: threads, memory: memory)
        var own: [String] = []
        for request in requests {
          let (table, failed) = try tables.table(request)
          let known = request.featureClass.names + request.featureClass.namesByRequest
          for feature in request.features {
            guard let index = known.firstIndex(of: feature) else { continue }
            let name = "\(image.name)_\(request.featureClass.rawValue)_\(feature)"
            own.append(name)
            try receive(FeatureMap(name: name, volume: field.map(table.feature(index))))
            if failed.contains(feature) {
              notes.append(
                Note(
                  code: "MAP_NOT_COMPUTED",
                  message:
                    "\(name): some kernel has no pair of voxels along a direction, where PyRadiomics computes none of "
                    + "its batch; there the map holds initValue"))
            }
          }
        }
        names.append((image.place, own))
        done += 1
        progress?(image.name, Double(done) / Double(derived.count))
      }
    }
    let diagnostics =
      settings.additionalInfo
      ? ProfileInfo.columns(profile) + GeneralInfo.image(image, prefix: "original")
        + Self.maskColumns(mask, prepared.original, uncorrected: uncorrected)
        + Preparation.Stage.allCases.flatMap { prepared.diagnostics($0, isCorrected: uncorrected != nil) } : []
    return VoxelExtraction(
      names: names.sorted { $0.place < $1.place }.flatMap(\.names), diagnostics: diagnostics, geometry: field.geometry,
      voxels: field.centres.count, notes: notes)
  }

  /// - Throws: `E_GRIDS_DIFFER`.
  func requireOneGrid(_ image: Geometry, _ mask: Mask) throws {
    guard image.size == mask.geometry.size || profile.settings.resampledPixelSpacing != nil else {
      throw StudyError(
        .gridsDiffer, "the mask has \(mask.geometry.size) voxels and the image \(image.size)",
        hint: "image and mask must be on one grid")
    }
  }
}
