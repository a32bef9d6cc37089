internal import DICOM
internal import Documents
internal import Errors
internal import Files

/// An unused file of a study, and the reason.
struct UnusedFile: Sendable, Equatable {
  let file: String
  let reason: String

  /// Maximum number of listed files; the others are counted.
  static let mostListed = 100
}

extension StudyContents {
  /// Every file that is neither used nor a known leftover of a system or a viewer: masks and other files first, then
  /// images, each in the order of their names.
  func unused(besides pair: Pair) -> [UnusedFile] {
    let masks = Dictionary(pair.unused.map { ($0.file, $0.reason) }, uniquingKeysWith: { first, _ in first })
    let mask = pair.mask.file
    let parts = Set(pair.mask.files)
    let objects = scan.objects.filter { !parts.contains($0.file) }.map { object in
      UnusedFile(
        file: object.file.display,
        reason: masks[object.file.display]
          ?? (object.kind == .other
            ? "a DICOM object that is neither image nor mask" : "a mask; another one was named"))
    }
    let files = others(besides: mask).map { file in
      UnusedFile(
        file: file.file, reason: masks[file.file] ?? file.reason)
    }
    return (objects + files).sorted { $0.file < $1.file } + images(besides: pair)
  }

  /// Files that are not DICOM and not instructions, and entries that are not opened.
  ///
  /// - Parameter mask: the used one.
  func others(besides mask: StudyFile?) -> [UnusedFile] {
    let said = Dictionary(
      instructions.unused.map { ($0.file.display, $0.reason) }, uniquingKeysWith: { first, _ in first })
    let files = scan.otherFiles.filter { $0 != mask && $0 != choicesFile && !$0.isHarmless }.map { file in
      UnusedFile(
        file: file.display,
        reason: said[file.display]
          ?? (MaskSource.mayBeLabelMap(file)
            ? "a label map or image; another mask was named"
            : file.isNamedLikeLabelMap
              ? "empty or damaged, a label map by its name; another mask was named" : "nothing that is read"))
    }
    let nested = Set(folder.archives.flatMap { archive in archive.nested.map { archive.file.display + "/" + $0 } })
    let skipped = scan.skipped.filter { !$0.isJunk && !$0.isDirectoryIndex }.map { name in
      UnusedFile(
        file: name.display,
        reason: nested.contains(name.display) ? "an archive in an archive" : "a link, pipe or device")
    }
    let passed = passedOver.map { UnusedFile(file: $0, reason: "cannot be read") }
    return files + skipped + passed
  }

  private func images(besides pair: Pair) -> [UnusedFile] {
    let used = Set(pair.stack.slices.map(\.file))
    var listed: Set<StudyFile> = []
    var unused: [UnusedFile] = []
    for dropped in pair.stack.dropped where !used.contains(dropped.file) && listed.insert(dropped.file).inserted {
      unused.append(UnusedFile(file: dropped.file.display, reason: "an image left out (\(dropped.reason.rawValue))"))
    }
    for series in scan.series {
      for image in series.images where !used.contains(image.file) && listed.insert(image.file).inserted {
        unused.append(UnusedFile(file: image.file.display, reason: "an image of series \(series.identifier)"))
      }
    }
    return unused
  }
}

extension StudyFile {
  /// A marker or a list of checksums: known not to be part of a study.
  fileprivate var isHarmless: Bool { StudyFileName.isHarmless(name.lastComponent) }
}

extension [UnusedFile] {
  /// The number, and the first hundred.
  var json: JSONValue {
    [
      "count": .integer(count),
      "files": .array(
        prefix(UnusedFile.mostListed).map { ["file": .string($0.file), "reason": .string($0.reason)] }),
    ]
  }
}
