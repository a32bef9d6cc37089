package import Errors
import Imaging

/// Which part this file is of a multi-frame object that is stored in several files (PS3.3 C.7.6.16.2.2.4).
package struct Concatenation: Sendable, Equatable {
  /// (0020,9161), empty where absent.
  var uid: String
  /// (0020,9162), from 1.
  var number: Int?
  /// (0020,9163)
  var total: Int?
  /// (0020,9228): frames of the parts before this one.
  var offset: Int?
  var frames: Int

  /// Nil where an object is whole.
  init?(_ dataset: borrowing Dataset, frames: Int) {
    uid = dataset.code(0x0020_9161) ?? ""
    // Of 16 bits, whatever the file declares.
    number = dataset.integer(0x0020_9162).flatMap { (0...65535).contains($0) ? $0 : nil }
    total = dataset.integer(0x0020_9163).flatMap { (0...65535).contains($0) ? $0 : nil }
    offset = dataset.integer(0x0020_9228)
    self.frames = frames
    guard !uid.isEmpty || (number ?? 1) != 1 || (total ?? 1) != 1 else { return nil }
  }
}

/// The parts of one concatenation, in order.
package struct ConcatenationParts {
  private let parts: [(header: ImageHeader, part: Concatenation)]

  /// Groups objects by their concatenation, each object once however often it was copied.
  package static func groups(_ headers: some Sequence<ImageHeader>) -> [ConcatenationParts] {
    var groups: [String: [String: (header: ImageHeader, part: Concatenation)]] = [:]
    for header in headers {
      guard let part = header.concatenation else { continue }
      let key = part.uid.isEmpty ? header.seriesUID : part.uid
      if groups[key, default: [:]][header.sopInstanceUID] == nil {
        groups[key, default: [:]][header.sopInstanceUID] = (header, part)
      }
    }
    return groups.sorted { $0.key < $1.key }.map { group in
      ConcatenationParts(
        parts: group.value.values.sorted {
          ($0.part.number ?? 0, $0.header.display) < ($1.part.number ?? 0, $1.header.display)
        })
    }
  }

  package var headers: [ImageHeader] { parts.map(\.header) }

  /// The error of the concatenation: parts that are absent, or contradict each other. Nil where it is whole.
  ///
  /// If the number of parts is not stated, missing parts at the end cannot be detected.
  package var fault: StudyError? {
    let first = parts[0].header
    func contradiction(_ what: String) -> StudyError {
      StudyError(
        .missingAttribute, "the parts of a concatenation contradict each other: \(what)", file: first.display,
        hint: "export the series again")
    }
    let totals = Set(parts.compactMap(\.part.total))
    guard totals.count <= 1 else {
      return contradiction("it has \(totals.sorted().map(String.init).joined(separator: " or ")) parts")
    }
    // Part numbers start at 1.
    guard totals.first != 0 else { return contradiction("it has 0 parts (In-concatenation Total Number)") }
    var numbers: Set<Int> = []
    for (header, part) in parts {
      guard let number = part.number else {
        return contradiction("\(header.display) does not say which part it is")
      }
      guard number > 0 else { return contradiction("\(header.display) is part 0 (In-concatenation Number)") }
      guard numbers.insert(number).inserted else { return contradiction("two files are part \(number)") }
    }
    let total = totals.first ?? numbers.max() ?? 1
    guard numbers.allSatisfy({ (1...max(1, total)).contains($0) }) else {
      return contradiction("part \(numbers.max() ?? 0) of \(total)")
    }
    let missing = (1...max(1, total)).filter { !numbers.contains($0) }
    guard missing.isEmpty else { return absent(missing, of: total) }
    var offset = 0
    for (header, part) in parts {
      if let stated = part.offset, stated != offset {
        return contradiction("\(header.display) follows \(stated) frames by its own words, and \(offset) are before it")
      }
      offset += max(0, min(part.frames, 1 << 32))
    }
    return nil
  }

  private func absent(_ missing: [Int], of total: Int) -> StudyError {
    let list = missing.prefix(20).map(String.init).joined(separator: ", ") + (missing.count > 20 ? ", ..." : "")
    return StudyError(
      .concatenation,
      "\(parts.count) of the \(total) parts of a concatenation are here; part\(missing.count == 1 ? "" : "s") \(list) "
        + "\(missing.count == 1 ? "is" : "are") missing", file: parts[0].header.display,
      hint: "copy all parts of the series", details: ["missing": list, "parts": "\(total)"])
  }
}
