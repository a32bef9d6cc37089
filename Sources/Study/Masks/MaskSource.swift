internal import DICOM
internal import DICOMMasks
internal import Errors
internal import Imaging

/// What kind of file a mask is.
enum MaskFormat: String, Sendable {
  case nifti = "NIfTI"
  case nrrd = "NRRD"
  case metaImage = "MetaImage"
  case structureSet = "RTSTRUCT"
  case segmentation = "SEG"
}

/// A file that holds a mask, opened as far as pairing needs: references, grid, regions.
struct MaskSource: Sendable {
  enum Content: Sendable {
    /// A grid with labels, and names for them where 3D Slicer wrote it; voxels are read when they are wanted.
    case labelMap(Geometry, segments: [LabelSegment])
    case structureSet(StructureSet)
    case segmentation(Segmentation)
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
    case .segmentation:
      format = .segmentation
      content = .segmentation(try readSegmentation(object))
    case .other: throw Self.unsupported(object.file.display)
    }
  }

  /// Nil where the file is no label map.
  init?(labelMap file: StudyFile) throws {
    self.file = file
    do {
      guard let opened = try file.withReadablePath({ try Self.open($0) }) else { return nil }
      (format, content) = opened
    } catch let error as StudyError {
      throw error.naming(file)
    }
  }

  private static func open(_ path: String) throws -> (MaskFormat, Content)? {
    if NIfTIReader.isNIfTI(path) { return (.nifti, .labelMap(try NIfTIReader.readGeometry(path), segments: [])) }
    if NRRDReader.isNRRD(path) {
      return (.nrrd, .labelMap(try NRRDReader.readGeometry(path), segments: try NRRDReader.readSegments(path)))
    }
    if MetaImageReader.isMetaImage(path) {
      return (.metaImage, .labelMap(try MetaImageReader.readGeometry(path), segments: []))
    }
    return nil
  }

  /// By its first bytes.
  static func mayBeLabelMap(_ file: StudyFile) -> Bool {
    let found = try? file.withReadablePath {
      NIfTIReader.isNIfTI($0) || NRRDReader.isNRRD($0) || MetaImageReader.isMetaImage($0)
    }
    return found ?? false
  }

  static func unsupported(_ file: String) -> StudyError {
    StudyError(
      .maskUnsupported, "the file is no mask that is read", file: file,
      hint: "save the mask as NIfTI (.nii.gz) on the CT's grid, or export it as RTSTRUCT or SEG")
  }

  /// The files that it is stored in: several for a segmentation in parts.
  var files: [StudyFile] {
    if case .segmentation(let segmentation) = content { return segmentation.files }
    return [file]
  }

  /// What a DICOM mask refers to; nil for label maps, which refer to nothing.
  var references: MaskReferences? {
    switch content {
    case .labelMap: nil
    case .structureSet(let set): set.references
    case .segmentation(let segmentation): segmentation.references
    }
  }

  /// The regions it offers; nil for label maps without names, whose labels are only known by reading all voxels.
  var regions: [MaskRegion]? {
    switch content {
    case .labelMap(_, let segments): segments.isEmpty ? nil : segments.regions
    case .structureSet(let set):
      set.regions.map { region in
        MaskRegion(
          number: region.number, name: region.name.text,
          extent: region.contours.isEmpty
            ? region.openContours > 0 ? "no closed contours" : "no contours"
            : "\(region.contours.count) contours", isUsable: !region.contours.isEmpty)
      }
    case .segmentation(let segmentation):
      segmentation.segments.filter { !$0.isBackground }.map { segment in
        MaskRegion(
          number: segment.number, name: segment.label.text, extent: "\(segment.frames) frames",
          isUsable: segment.frames > 0, codes: segment.codes)
      }
    }
  }
}

extension [LabelSegment] {
  /// By label where each has its own; else by position, from 1: labels repeat in layers.
  var regions: [MaskRegion] {
    let isUnique = Set(map(\.label)).count == count
    return enumerated().map { index, segment in
      MaskRegion(
        number: isUnique ? segment.label : index + 1, name: segment.name,
        extent: "label \(segment.label) of layer \(segment.layer)", isUsable: true)
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
