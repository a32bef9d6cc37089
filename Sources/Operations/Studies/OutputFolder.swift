import Documents
package import Errors
internal import Files
internal import Glibc

/// The folder into which `process` writes a result.
package struct OutputFolder {
  /// The files of a result.
  package static let files = [
    "manifest.json", "result.json", "features.csv", "features.json", "image.nii.gz", "mask.nii.gz", "overlay.png",
    "report.html", "error.json",
  ]

  package let path: String

  package init(path: String) { self.path = path }

  /// Creates the folder; an older result is removed on request, its manifest first.
  ///
  /// - Throws: `E_OUTPUT_EXISTS`, `E_OUTPUT_KIND`, `E_IO`.
  package func prepare(force: Bool) throws {
    try OutputPath.makeFolder(path)
    let present = Self.files.filter { access("\(path)/\($0)", F_OK) == 0 }
    guard force || present.isEmpty else {
      throw StudyError(
        .outputExists, "the folder holds a result already (\(present.joined(separator: ", ")))", file: path,
        hint: "choose another folder, or --force to replace it")
    }
    discard()
  }

  /// Removes a result's files: an incomplete result is not a result.
  package func discard() { for file in Self.files { unlink("\(path)/\(file)") } }
}

extension ErrorCode {
  /// A result already exists at the destination.
  package static let outputExists = ErrorCode("E_OUTPUT_EXISTS", .usage)
}
