internal import Errors
internal import Imaging
internal import Radiomics

/// A region of interest: which voxels of an image's grid belong to it.
public struct Mask: Sendable, Equatable {
  let engine: Imaging.Mask

  /// Reads a label map (NIfTI, NRRD or MetaImage) onto the grid of an image.
  ///
  /// Axes may be exchanged or flipped, and the map may cover a part of the image; it is never resampled.
  ///
  /// - Parameters:
  ///   - label: the region's value in the map; nil takes the only one that is there.
  ///   - image: the image that the region belongs to.
  /// - Throws: what is wrong with the file; `E_NEEDS_LABEL` where the map has several labels and none is named,
  ///   `E_LABEL_MISSING`, `E_MASK_EMPTY`, `E_MASK_NOT_LABELS`, `E_GEOM_MISMATCH`.
  public init(contentsOf path: String, label: Int? = nil, on image: Volume) throws(RadiomicsError) {
    engine = try RadiomicsError.wrap {
      let choice = label.map(LabelChoice.label) ?? .single
      return try placeMask(
        labelVolume: ExtractionInput.read(path), choice: choice, on: image.engine.geometry, file: path
      ).mask
    }
  }

  /// A region by its voxels.
  ///
  /// - Parameters:
  ///   - voxels: one for each voxel of the image, x fastest; true inside.
  ///   - image: the image that the region belongs to.
  /// - Throws: `E_GEOMETRY_INVALID` where the numbers differ, `E_MASK_EMPTY`.
  public init(voxels: [Bool], on image: Volume) throws(RadiomicsError) {
    guard voxels.count == image.count else {
      throw RadiomicsError(
        StudyError(
          .geometryInvalid, "the image has \(image.count) voxels, and \(voxels.count) are given for the mask",
          hint: "give one value for each voxel, x fastest"))
    }
    guard voxels.contains(true) else {
      throw RadiomicsError(
        StudyError(.maskEmpty, "the mask has no voxel inside", hint: "check that the segmentation was saved"))
    }
    engine = Imaging.Mask(geometry: image.engine.geometry, voxels: voxels.map { $0 ? 1 : 0 })
  }

  /// Number of voxels inside.
  public var count: Int { engine.count }
  /// Volume of the voxels inside, mm³.
  public var volume: Double { Double(engine.count) * engine.geometry.voxelVolume }
  /// The label that the region had in its file; 1 where it was given by its voxels.
  public var label: Int { engine.label }
  /// One for each voxel of the grid, x fastest; true inside.
  public var voxels: [Bool] { engine.voxels.map { $0 != 0 } }
}
