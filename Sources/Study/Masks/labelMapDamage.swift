internal import DICOM
internal import Errors
internal import Files
internal import Glibc
internal import Imaging

extension StudyFile {
  /// By its suffix a label map: whatever it holds, it was meant as one.
  var isNamedLikeLabelMap: Bool {
    let name = String(decoding: name.lastComponent, as: UTF8.self).lowercased()
    return [".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd"].contains { name.hasSuffix($0) }
  }

  /// What is wrong with a label map by its suffix that is empty, cut or none. Nil for other files, for whole ones, and for
  /// those of a kind that is refused for other reasons where they are used.
  ///
  /// - Parameter isReadWhole: whether the voxels are read as well: a file that is cut may have its header.
  func labelMapDamage(isReadWhole: Bool) -> StudyError? {
    guard isNamedLikeLabelMap else { return nil }
    do {
      if let mask = try MaskSource(labelMap: self) {
        if isReadWhole { _ = try mask.readLabels() }
        return nil
      }
    } catch let error as StudyError {
      return [.truncated, .corrupt].contains(error.code) ? error.naming(self) : nil
    } catch {
      return nil
    }
    let hint = "copy the mask again, remove it, or name another: --mask FILE, or mask: FILE in study.yaml"
    let isEmpty = try? withReadablePath { path in
      var about = stat()
      return stat(path, &about) == 0 && about.st_size == 0
    }
    if isEmpty ?? false { return StudyError(.truncated, "is empty", file: display, hint: hint) }
    return StudyError(.corrupt, "is named like a label map and cannot be read as one", file: display, hint: hint)
  }
}
