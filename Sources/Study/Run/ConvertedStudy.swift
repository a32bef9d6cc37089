internal import DICOM
internal import Documents
internal import Errors
internal import Hashing
internal import Imaging

/// A study as NIfTI: the published files, from which features are computed.
struct ConvertedStudy: Sendable {
  /// The image as `image.nii.gz` reads back: its geometry in float32, as other programs see it.
  let volume: Volume
  let mask: Mask
  /// The region's name in the mask; empty where it has none.
  let name: String
  let inputs: [ResultDocument.Input]
  let notes: [Note]

  /// Reads series and mask, and writes `image.nii.gz` and `mask.nii.gz` into a folder.
  init(_ pair: Pair, _ request: RegionRequest, threads: Int, to output: String) throws {
    let loaded = try loadVolume(pair.stack, threads: threads)
    let region = try pair.mask.extract(request, on: pair.stack)
    name = region.name
    let checked = try checkROI(region.mask, file: pair.mask.file.display)
    let quality = RegionQuality(
      loaded.volume, region.mask, padding: loaded.paddingHU.map { ($0, loaded.paddingVoxels) })
    notes = loaded.warnings + pair.notes + region.notes + checked + quality.notes

    let imagePath = output + "/image.nii.gz"
    try NIfTIWriter.write(loaded.volume, to: imagePath, threads: threads)
    try NIfTIWriter.write(region.mask, to: output + "/mask.nii.gz", threads: threads)
    // Features are computed from the published files: the geometry has the precision of a NIfTI header.
    var volume = loaded.volume
    volume.geometry = try NIfTIReader.readGeometry(imagePath)
    var mask = region.mask
    mask.geometry = volume.geometry
    self.volume = volume
    self.mask = mask
    // Frames of one file are one input.
    var seen: Set<StudyFile> = []
    let files = pair.stack.slices.map(\.file).filter { seen.insert($0).inserted }
    inputs = try files.map { try Self.input("image", $0) } + pair.mask.files.map { try Self.input("mask", $0) }
  }

  /// A file for the record of inputs.
  static func input(_ role: String, _ file: StudyFile) throws -> ResultDocument.Input {
    // A symbolic link was never copied into the study; a path that refers to a descriptor looks like one.
    let (digest, bytes) = try file.withReadablePath { try FileHash.sha256($0, followingLinks: file.path == nil) }
    return ResultDocument.Input(role: role, sha256: digest, bytes: bytes)
  }
}
