internal import Errors
internal import FoundationEssentials
internal import Glibc
internal import Yams

extension StudyChoices {
  static let keys = ["image", "mask", "roi", "segment", "label", "priority", "force", "reason"]
  /// Other words with the same meaning.
  private static let synonyms = [
    "series": "image", "seriesinstanceuid": "image", "uid": "image", "ct": "image", "segmentation": "mask",
    "region": "roi", "structure": "roi", "name": "roi", "number": "label", "labels": "label", "urgent": "priority",
  ]

  /// Reads a file of instructions.
  ///
  /// - Parameter file: its name in the study, for messages.
  /// - Throws: `E_STUDY_YAML`: not text, not YAML, an unknown key, a value of the wrong kind.
  init(path: String, file: String = StudyChoices.fileName) throws {
    self.init()
    let root = try Self.root(path, file)
    guard let root, root.null == nil else { return }
    guard let mapping = root.mapping else {
      throw Self.failure("the file is not a mapping of keys to values", file)
    }
    var wantsForce = false
    for (key, value) in mapping {
      let line = key.mark.map { "line \($0.line): " } ?? ""
      func failure(_ message: String) -> StudyError { Self.failure(line + message, file) }
      switch key.string {
      case "image": image = value.string
      case "mask": mask = try Self.fileName(value.string, failure)
      case "roi": roi = value.string
      case "segment":
        guard let number = value.int, number >= 0, number <= Self.largestNumber else {
          throw failure("segment takes the number of a region in an RTSTRUCT or SEG")
        }
        segment = number
      case "label":
        guard let number = value.int, number > 0, number <= Self.largestNumber else {
          throw failure("label takes a whole number from 1 to \(Self.largestNumber)")
        }
        label = number
      case "priority":
        guard value.string == "urgent" || value.string == "normal" else {
          throw failure("priority takes urgent or normal")
        }
        isUrgent = value.string == "urgent"
      case "force":
        guard let wants = value.bool else { throw failure("force takes true or false") }
        wantsForce = wants
      case "reason":
        guard let reason = value.string, !reason.isEmpty, reason.count <= 500 else {
          throw failure("reason takes a text of 1 to 500 characters")
        }
        force = reason
      default:
        throw Self.failure(
          line + Self.unknown(key.string), file, details: ["key": key.string.map { String($0.prefix(60)) } ?? ""])
      }
    }
    guard !wantsForce || force != nil else { throw Self.failure("force takes a reason as well: reason: why", file) }
    if !wantsForce { force = nil }
    let regions = [roi.map { _ in "roi" }, segment.map { _ in "segment" }, label.map { _ in "label" }].compactMap { $0 }
    guard regions.count <= 1 else {
      throw Self.failure(
        "\(regions.joined(separator: " and ")) exclude each other: each says which region is meant", file,
        details: ["keys": regions.joined(separator: " ")])
    }
  }

  static let largestNumber = 4_294_967_295
  static let largestBytes = 1 << 16

  /// Whether a text, of a file that need not be instructions, is meant as such: a mapping with one of the keys, or with
  /// a similar key.
  static func areInstructions(path: String) -> Bool {
    guard let root = try? root(path, fileName), let mapping = root.mapping, mapping.count <= 20 else { return false }
    return mapping.contains { key, _ in
      guard let key = key.string else { return false }
      return keys.contains(key) || NearestWord.of(key, in: keys) != nil
    }
  }

  /// Whether a text has one of the keys followed by `:` or `=` anywhere.
  static func hasKey(path: String) -> Bool {
    guard let data = try? contents(path, fileName) else { return false }
    let text = (PlainText.decode(data) ?? String(decoding: data, as: UTF8.self)).lowercased()
    let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "-" }
    return words.contains { word in
      keys.contains(String(word))
        && text[word.endIndex...].first { $0 != " " && $0 != "\t" }.map(":=：＝".contains) ?? false
    }
  }

  private static func root(_ path: String, _ file: String) throws -> Node? {
    guard let text = PlainText.decode(try contents(path, file)) else {
      throw failure("the file is not UTF-8 or UTF-16 text", file, hint: "save it as UTF-8")
    }
    do { return try Yams.compose(yaml: text) } catch { throw failure("the file is not YAML", file) }
  }

  private static func contents(_ path: String, _ file: String) throws -> Data {
    // At most this much is read: a file of that name may be anything.
    var about = stat()
    guard stat(path, &about) == 0, about.st_size <= largestBytes, let data = try? Data(contentsOf: URL(filePath: path)),
      data.count <= largestBytes
    else {
      throw failure("the file cannot be read or is larger than 64 KiB", file)
    }
    return data
  }

  private static func unknown(_ key: String?) -> String {
    guard let key else { return "a key is not text" }
    let meant = NearestWord.of(key, in: keys) ?? synonyms[key.lowercased()]
    return "unknown key '\(key.prefix(60))'" + (meant.map { "; did you mean '\($0)'?" } ?? "")
  }

  /// A path that stays inside the study.
  private static func fileName(_ name: String?, _ failure: (String) -> StudyError) throws -> String {
    guard let name, !name.isEmpty, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
      throw failure("mask takes a file name inside the study's folder")
    }
    return name
  }

  /// - Parameter details: known where the file was read whole, so that waiting for more of it cannot help.
  static func failure(
    _ message: String, _ file: String, hint: String? = nil, details: [String: String] = [:]
  ) -> StudyError {
    StudyError(
      .studyFile, message, file: file, hint: hint ?? "keys are \(keys.joined(separator: ", ")), all optional",
      details: details)
  }
}
