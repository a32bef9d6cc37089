internal import DICOM
internal import Errors
internal import Imaging

/// What kind of file a mask is.
enum MaskFormat: String, Sendable {
  case nifti = "NIfTI"
  case nrrd = "NRRD"
  case structureSet = "RTSTRUCT"
  case segmentation = "SEG"
}

/// A file that holds a mask, opened as far as pairing needs: references, grid, regions.
struct MaskSource: Sendable {
  enum Content: Sendable {
    /// A grid with labels; the voxels are read when they are wanted.
    case labelMap(Geometry)
    case structureSet(StructureSet)
  }

  let file: StudyFile
  let format: MaskFormat
  let content: Content

  /// - Throws: what is wrong with the file.
  init(object: DICOMObject) throws(StudyError) {
    file = object.file
    switch object.kind {
    case .rtStructureSet:
      format = .structureSet
      content = .structureSet(try readStructureSet(object))
    default: throw Self.unsupported(object.file.display)
    }
  }

  /// Nil where the file is no label map.
  init?(labelMap file: StudyFile) throws {
    guard let path = file.path else { return nil }
    self.file = file
    do {
      if NIfTIReader.isNIfTI(path) {
        format = .nifti
        content = .labelMap(try NIfTIReader.readGeometry(path))
      } else if NRRDReader.isNRRD(path) {
        format = .nrrd
        content = .labelMap(try NRRDReader.readGeometry(path))
      } else {
        return nil
      }
    } catch let error as StudyError {
      throw error.naming(file)
    }
  }

  static func unsupported(_ file: String) -> StudyError {
    StudyError(
      .maskUnsupported, "the file is no mask that is read", file: file,
      hint: "save the mask as NIfTI (.nii.gz) on the CT's grid, or export it as RTSTRUCT or SEG")
  }

  /// What a DICOM mask refers to; nil for label maps, which refer to nothing.
  var references: MaskReferences? {
    switch content {
    case .labelMap: nil
    case .structureSet(let set): set.references
    }
  }

  /// The regions it offers; nil for label maps, whose labels are only known by reading all voxels.
  var regions: [MaskRegion]? {
    switch content {
    case .labelMap: nil
    case .structureSet(let set):
      set.regions.map { region in
        MaskRegion(
          number: region.number, name: region.name.text,
          extent: region.contours.isEmpty
            ? region.openContours > 0 ? "no closed contours" : "no contours"
            : "\(region.contours.count) contours", isUsable: !region.contours.isEmpty)
      }
    }
  }
}

extension StudyError {
  /// The error with the file by its name in the study, whatever path it was opened with.
  func naming(_ file: StudyFile) -> StudyError {
    var error = self
    error.file = file.display
    return error
  }
}
