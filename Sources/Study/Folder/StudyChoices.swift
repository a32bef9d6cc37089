internal import DICOM
internal import Errors
internal import FoundationEssentials
internal import Imaging
internal import Yams

/// What `study.yaml` says, or an operator: the choices that are made for one study. Every key may be left out.
public struct StudyChoices: Sendable, Equatable {
  static let fileName = "study.yaml"

  /// SeriesInstanceUID of the image, or `UID#part` for one of several phases in one series.
  public var image: String?
  /// The mask's file, relative to the study's folder.
  public var mask: String?
  /// Name of the region, or a regular expression.
  public var roi: String?
  /// Label of the region in a label map, or its number.
  public var label: Int?
  /// The study goes before others.
  var isUrgent = false
  /// Why the study is computed although files of it cannot be read; nil where that is a reason to refuse it.
  public var force: String?
  /// `force: true` without a reason yet.
  private var wantsForce = false
  /// Keys that an operator set.
  private(set) var byOperator: Set<String> = []

  public init(
    image: String? = nil, mask: String? = nil, roi: String? = nil, label: Int? = nil, force: String? = nil
  ) {
    self.image = image
    self.mask = mask
    self.roi = roi
    self.label = label
    self.force = force
  }

  /// These choices with an operator's above them, key by key; a region is named or numbered, not both.
  func adding(_ chosen: StudyChoices) -> StudyChoices {
    var result = self
    if let force = chosen.force {
      result.force = force
      result.byOperator.insert("force")
    }
    if let image = chosen.image {
      result.image = image
      result.byOperator.insert("image")
    }
    if let mask = chosen.mask {
      result.mask = mask
      result.byOperator.insert("mask")
    }
    if chosen.roi != nil || chosen.label != nil {
      (result.roi, result.label) = (chosen.roi, chosen.label)
      result.byOperator.formUnion(["roi", "label"])
    }
    return result
  }

  /// `study.yaml` of a study: in its folder; else in an archive, at its top or in its only folder.
  ///
  /// - Throws: `E_STUDY_YAML` where several archives hold one.
  static func file(among files: [StudyFile]) throws -> StudyFile? {
    if let own = files.first(where: { $0.stored == nil && $0.display == fileName }) { return own }
    let packed = files.filter {
      $0.stored != nil && $0.isAtTopOfArchive && Array($0.name.lastComponent) == Array(fileName.utf8)
    }
    guard packed.count <= 1 else {
      throw failure("there are \(packed.count) files \(fileName), none of them in the study's own folder")
    }
    return packed.first
  }

  /// - Throws: `E_STUDY_YAML`: not YAML, an unknown key, a value of the wrong kind.
  init(path: String) throws {
    guard let data = try? Data(contentsOf: URL(filePath: path)), data.count <= 1 << 16 else {
      throw Self.failure("the file cannot be read or is larger than 64 KiB")
    }
    guard let text = String(validating: data, as: UTF8.self) else { throw Self.failure("the file is not UTF-8 text") }
    let root: Node?
    do { root = try Yams.compose(yaml: text) } catch { throw Self.failure("the file is not YAML") }
    guard let root, root.null == nil else { return }
    guard let mapping = root.mapping else { throw Self.failure("the file is not a mapping of keys to values") }
    for (key, value) in mapping {
      let line = key.mark.map { "line \($0.line): " } ?? ""
      switch key.string {
      case "image": image = value.string
      case "mask": mask = try Self.fileName(value.string, line)
      case "roi": roi = value.string
      case "label":
        guard let number = value.int, number > 0, number < 1 << 31 else {
          throw Self.failure("\(line)label takes a whole number above 0")
        }
        label = number
      case "priority":
        guard value.string == "urgent" || value.string == "normal" else {
          throw Self.failure("\(line)priority takes urgent or normal")
        }
        isUrgent = value.string == "urgent"
      case "force":
        guard let wants = value.bool else { throw Self.failure("\(line)force takes true or false") }
        wantsForce = wants
      case "reason":
        guard let reason = value.string, !reason.isEmpty, reason.count <= 500 else {
          throw Self.failure("\(line)reason takes a text of 1 to 500 characters")
        }
        force = reason
      default: throw Self.failure("\(line)unknown key '\(key.string ?? "?")'")
      }
    }
    guard !wantsForce || force != nil else { throw Self.failure("force takes a reason as well: reason: why") }
    if !wantsForce { force = nil }
  }

  /// A path that stays inside the study.
  private static func fileName(_ name: String?, _ line: String) throws -> String {
    guard let name, !name.isEmpty, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
      throw failure("\(line)mask takes a file name inside the study's folder")
    }
    return name
  }

  private static func failure(_ message: String) -> StudyError {
    StudyError(
      .studyFile, message, file: fileName,
      hint: "keys are image, mask, roi, label, priority, force and reason, all optional")
  }
}
