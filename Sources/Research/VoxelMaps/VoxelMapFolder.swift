internal import CLinux
internal import Documents
internal import Errors
internal import Files
internal import Glibc
internal import Imaging
package import Radiomics
internal import Study

/// A folder of feature maps: `<image type>_<class>_<feature>.nii.gz` each, and `features.json`, which lists them, written
/// last.
package struct VoxelMapFolder: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// Computes the maps and writes them; an existing listing is removed first, so that a folder with one is
  /// complete.
  ///
  /// - Throws: the errors of `Extractor.extractMaps`, `E_IO`.
  package func write(
    _ input: ExtractionInput, extractor: Extractor, progress: (@Sendable (String, Double) -> Void)? = nil
  ) throws -> VoxelExtraction {
    guard !input.isPlane else {
      throw StudyError(
        .profile, "maps of an image of two dimensions are not supported", hint: "save it as a volume of one slice")
    }
    let listing = path + "/features.json"
    if unlink(listing) != 0, errno != ENOENT, errno != ENOTDIR {
      throw StudyError(.io, "cannot replace the file: \(String(cString: strerror(errno)))", file: listing)
    }
    var hasFolder = false
    let extraction = try extractor.extractMaps(
      image: try input.image, mask: input.mask, uncorrected: input.uncorrected, progress: progress
    ) { map in
      // Only when there is something to write: a refusal leaves no empty folder.
      if !hasFolder { try make() }
      hasFolder = true
      try NIfTIWriter.write(map.volume, to: "\(path)/\(map.name).nii.gz", threads: extractor.threads, durable: false)
    }
    try make()
    // One sync for all maps: the listing states that they exist.
    try sync()
    try writeFile(document(extraction, input, extractor.profile).fileBytes(), to: listing)
    return extraction
  }

  /// Whether the listing exists, which is written last.
  var isComplete: Bool { access(path + "/features.json", R_OK) == 0 }

  /// Creates the folder if it does not exist.
  func make() throws {
    try OutputPath.makeFolder(path)
  }

  /// Waits for the disk, once for all files.
  private func sync() throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, clinux_sync_file_system(descriptor) == 0 else {
      throw StudyError(.io, "cannot write the maps: \(String(cString: strerror(errno)))", file: path)
    }
  }

  private func document(
    _ extraction: VoxelExtraction, _ input: ExtractionInput, _ profile: ExtractionProfile
  ) -> JSONValue {
    let voxel = profile.settings.voxel
    let size = extraction.geometry.size
    return [
      "maps": .object(JSONObject(extraction.names.map { JSONObject.Member($0, .string($0 + ".nii.gz")) })),
      "voxels": .integer(extraction.voxels),
      "size": JSONValue([size.x, size.y, size.z]),
      "voxelSetting": [
        "kernelRadius": .integer(voxel.kernelRadius), "maskedKernel": .bool(voxel.maskedKernel),
        "initValue": .number(voxel.initValue), "voxelBatch": .integer(voxel.voxelBatch ?? -1),
      ],
      "notes": JSONValue((input.notes + extraction.notes).map { "\($0)" }),
      "diagnostics": .object(
        JSONObject(extraction.diagnostics.map { JSONObject.Member($0.name, JSONValue($0.value)) })),
    ]
  }
}
