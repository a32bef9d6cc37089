internal import DICOM
internal import Errors
internal import Files
internal import Hashing
internal import Imaging

/// The files of a study that hold instructions, or were meant to: which one counts, and what is said of the others.
///
/// One in the study's own folder stands above those elsewhere. Without it an archive's counts, at its top or in its only
/// folder. What is called nearly so, lies elsewhere, or contradicts another is refused by name, never passed over.
struct InstructionFiles {
  /// The one that is read.
  let file: StudyFile?
  /// Others, with why they were not read.
  let unused: [(file: StudyFile, reason: String)]

  /// - Parameter skipped: names of files that are not looked into.
  /// - Throws: `E_STUDY_YAML`.
  init(among files: [StudyFile], skipped: [RelativePath] = []) throws {
    if let name = skipped.first(where: { $0.isAtTop && $0.isMeantAsInstructions }) {
      throw StudyChoices.failure(
        "instructions are hidden, or no file of their own, and are not read", name.display,
        hint: "make it a file \(StudyChoices.fileName), or remove it", details: ["files": name.display])
    }
    var meant: [StudyFile] = []
    var bare: StudyFile?
    for file in files {
      switch StudyFileName.instructions(file.name.lastComponent) {
      case .no:
        if !file.isBelowTop, StudyFileName.isBareInstructions(file.name.lastComponent) { bare = file }
      case .yes: meant.append(file)
      case .text:
        if (try? file.withReadablePath { StudyChoices.areInstructions(path: $0) }) ?? false {
          meant.append(file)
        } else if !file.isBelowTop, (try? file.withReadablePath { StudyChoices.hasKey(path: $0) }) ?? false {
          throw StudyChoices.failure(
            "the file has a key of instructions and is no list of them, key: value on each line", file.display,
            details: ["files": file.display])
        }
      case .nearly:
        guard !file.isBelowTop else { break }
        throw Self.nearly(file)
      }
    }
    let own = meant.filter { $0.stored == nil && !$0.name.bytes.contains(0x2F) }
    let packed = meant.filter { $0.stored != nil && $0.isAtTopOfArchive }
    let counting = own.isEmpty ? packed : own
    guard let first = counting.first else {
      guard let stray = meant.first else {
        if let bare { throw Self.nearly(bare) }
        (file, unused) = (nil, [])
        return
      }
      throw StudyChoices.failure(
        "instructions lie in a folder of the study, where they do not count", stray.display,
        hint: "move \(StudyChoices.fileName) to the top of the study, or remove it", details: ["files": stray.display])
    }
    let contents = try counting.map { file in
      try file.withReadablePath { try FileHash.sha256($0, followingLinks: file.path == nil).digest }
    }
    guard Set(contents).count == 1 else {
      throw StudyChoices.failure(
        "there are \(counting.count) files of instructions that say different things: "
          + counting.prefix(10).map(\.display).joined(separator: ", "), first.display,
        hint: "leave one of them", details: ["files": counting.prefix(10).map(\.display).joined(separator: ", ")])
    }
    file = first
    unused = meant.filter { $0 != first }.map { other in
      (other, counting.contains(other) ? "the same as \(first.display)" : "\(first.display) stands above it")
    }
  }

  private static func nearly(_ file: StudyFile) -> StudyError {
    StudyChoices.failure(
      "the file is called nearly like the file of instructions", file.display,
      hint: "rename it \(StudyChoices.fileName), or remove it", details: ["files": file.display])
  }

  /// What was not read and may say something else.
  var notes: [Note] {
    guard let file else { return [] }
    return unused.filter { !$0.reason.hasPrefix("the same") }.prefix(10).map { other in
      Note(
        code: "INSTRUCTIONS_NOT_USED", message: "\(other.file.display) was not read: \(file.display) stands above it")
    }
  }
}

extension StudyFile {
  /// It lies in a folder of the study, or of an archive.
  fileprivate var isBelowTop: Bool { stored == nil ? name.bytes.contains(0x2F) : !isAtTopOfArchive }
}

extension RelativePath {
  /// It lies in the study's own folder, or at the top of an archive.
  fileprivate var isAtTop: Bool {
    !bytes.contains(0x2F) || StudyFile(folder: [], name: self, stored: self).isAtTopOfArchive
  }

  /// `.study.yaml`, or a link of the name that is read.
  fileprivate var isMeantAsInstructions: Bool {
    StudyFileName.isHiddenInstructions(lastComponent) || StudyFileName.instructions(lastComponent) == .yes
  }
}
