internal import Configuration
internal import DICOM
internal import Errors
internal import Hashing
internal import Imaging
internal import Report

/// A study as NIfTI: what is published, and exactly what features are computed on.
struct ConvertedStudy: Sendable {
  /// The image as `image.nii.gz` reads back: its geometry in float32, as anyone else will see it.
  let volume: Volume
  let mask: Mask
  let inputs: [ResultDocument.Input]
  let notes: [Note]

  /// Reads series and mask, and writes `image.nii.gz` and `mask.nii.gz` into a folder.
  init(_ pair: Pair, _ choices: StudyChoices, _ request: StudyRequest, to output: String) throws {
    let loaded = try loadVolume(pair.stack, threads: request.threads)
    guard let maskPath = pair.maskFile.path else {
      throw StudyError(.maskMissing, "the mask's name is not valid UTF-8", file: pair.maskFile.display)
    }
    let placed: (mask: Mask, notes: [Note])
    do {
      placed = try placeMask(
        labelVolume: try NIfTIReader.read(maskPath), choice: Self.labelChoice(choices, request.region),
        on: loaded.volume.geometry, file: pair.maskFile.display)
    } catch var error as StudyError {
      error.file = pair.maskFile.display
      throw error
    }
    var notes = loaded.warnings + placed.notes + (try checkROI(placed.mask, file: pair.maskFile.display))
    if let padding = loaded.paddingHU, loaded.paddingVoxels > 0 {
      notes.append(
        Note(
          code: "PIXEL_PADDING",
          message: "\(loaded.paddingVoxels) voxels of the image hold the padding value (\(padding) HU)"))
    }
    self.notes = notes

    let imagePath = output + "/image.nii.gz"
    try NIfTIWriter.write(loaded.volume, to: imagePath, threads: request.threads)
    try NIfTIWriter.write(placed.mask, to: output + "/mask.nii.gz", threads: request.threads)
    // Features are computed on what is published: its geometry has the precision of a NIfTI header.
    var volume = loaded.volume
    volume.geometry = try NIfTIReader.readGeometry(imagePath)
    var mask = placed.mask
    mask.geometry = volume.geometry
    self.volume = volume
    self.mask = mask
    inputs =
      try pair.stack.slices.map { try Self.input("image", $0.file) } + [try Self.input("mask", pair.maskFile)]
  }

  private static func labelChoice(_ choices: StudyChoices, _ region: RegionChoice) -> LabelChoice {
    if let label = choices.label ?? region.label { return .label(label) }
    return region.union ? .union : .single
  }

  private static func input(_ role: String, _ file: StudyFile) throws -> ResultDocument.Input {
    guard let path = file.path else {
      throw StudyError(.io, "the file's name is not valid UTF-8", file: file.display)
    }
    let (digest, bytes) = try FileHash.sha256(path)
    return ResultDocument.Input(role: role, sha256: digest, bytes: bytes)
  }
}
