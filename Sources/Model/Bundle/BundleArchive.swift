internal import Errors
internal import Glibc

/// A bundle as one file: an uncompressed POSIX ustar archive of plain files in one level, nothing else.
///
/// The same files give the same bytes: entries sorted by name, mode 644, owner and time 0. Reading is strict for the
/// same reason as everywhere in a bundle: no link, folder, extension header or path is followed or skipped.
package struct BundleArchive: BundleSource, Sendable {
  let path: String
  private let files: [String: [UInt8]]

  static let block = 512
  /// Maximum bytes of an archive.
  static let sizeLimit = 512 << 20

  init(files: [String: [UInt8]], path: String) {
    self.files = files
    self.path = path
  }

  /// Whether the path names a regular file (or a link to one), and therefore an archive rather than a folder.
  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// - Throws: `modelFiles` naming why it is not a plain archive.
  init(contentsOf path: String) throws {
    try self.init(bytes: try Self.contents(path), path: path)
  }

  init(bytes: [UInt8], path: String) throws {
    self.path = path
    func fault(_ message: String) -> StudyError {
      StudyError(
        .modelFiles, "the bundle's file cannot be read: \(message)", file: path,
        hint: "give a bundle's folder, or the file that model export wrote")
    }
    if bytes.starts(with: [0x1F, 0x8B]) { throw fault("it is compressed; the archive must be uncompressed") }
    guard bytes.count % Self.block == 0, bytes.count >= 2 * Self.block else {
      throw fault("it has \(bytes.count) bytes, which is not a ustar archive")
    }
    var files: [String: [UInt8]] = [:]
    var position = 0
    while true {
      guard bytes.count - position >= 2 * Self.block else { throw fault("it ends without two empty blocks") }
      let header = bytes[position..<(position + Self.block)]
      if header.allSatisfy({ $0 == 0 }) { break }
      let entry = try Self.entry(header, fault: fault)
      position += Self.block
      guard entry.size <= bytes.count - position else { throw fault("\(entry.name) claims \(entry.size) bytes") }
      guard files[entry.name] == nil else { throw fault("it holds \(entry.name) twice") }
      guard files.count < BundleManifest.fileLimit + 2 else { throw fault("it holds too many files") }
      files[entry.name] = Array(bytes[position..<(position + entry.size)])
      position += (entry.size + Self.block - 1) / Self.block * Self.block
    }
    guard bytes[position...].allSatisfy({ $0 == 0 }) else { throw fault("something follows its end") }
    self.files = files
  }

  func entries(limit: Int) throws -> [String] {
    guard files.count <= limit else {
      throw StudyError(.modelFiles, "the model bundle holds more than \(limit) files", file: path, hint: restoreHint)
    }
    return files.keys.sorted()
  }

  func read(_ name: String, limit: Int) throws -> [UInt8] {
    guard let bytes = files[name] else {
      throw StudyError(
        name == BundleManifest.fileName ? .modelMissing : .modelFiles, "the model bundle holds no \(name)", file: path,
        hint: restoreHint)
    }
    guard bytes.count <= limit else {
      throw StudyError(
        .modelFiles, "\(name) of the model bundle has \(bytes.count) bytes, more than the \(limit) allowed", file: path)
    }
    return bytes
  }

  private static func entry(_ header: ArraySlice<UInt8>, fault: (String) -> StudyError) throws -> (
    name: String, size: Int
  ) {
    let start = header.startIndex
    func field(_ offset: Int, _ length: Int) -> ArraySlice<UInt8> {
      header[(start + offset)..<(start + offset + length)]
    }
    func octal(_ field: ArraySlice<UInt8>) -> Int? {
      let digits = field.drop { $0 == 32 }.prefix { $0 != 0 && $0 != 32 }
      guard !digits.isEmpty, digits.allSatisfy({ (48...55).contains($0) }) else { return nil }
      return Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }
    guard field(257, 5).elementsEqual("ustar".utf8) else { throw fault("an entry is not in the ustar format") }
    let sum = header.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
    guard octal(field(148, 8)) == sum else { throw fault("an entry's checksum is wrong") }
    let name = String(decoding: field(0, 100).prefix { $0 != 0 }, as: UTF8.self)
    guard BundleFolder.isPlainName(name), field(345, 155).allSatisfy({ $0 == 0 }) else {
      throw fault("an entry's name is not that of a file beside the others: \(name)")
    }
    guard field(156, 1).first == UInt8(ascii: "0") else { throw fault("\(name) is not a regular file") }
    guard let size = octal(field(124, 12)), size <= sizeLimit else { throw fault("\(name) has no size that can be") }
    return (name, size)
  }

  /// The archive of these files.
  package static func encode(_ files: [String: [UInt8]]) throws -> [UInt8] {
    var out: [UInt8] = []
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      guard BundleFolder.isPlainName(name), name.utf8.count <= 100 else {
        throw StudyError(.modelFiles, "\(name) is not a valid file name for a bundle's archive", file: name)
      }
      var header = [UInt8](repeating: 0, count: block)
      func put(_ text: String, _ offset: Int) {
        header.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8)
      }
      func octal(_ value: Int, _ digits: Int) -> String {
        let text = String(value, radix: 8)
        return String(repeating: "0", count: digits - text.count) + text
      }
      put(name, 0)
      put("0000644\u{0}0000000\u{0}0000000\u{0}", 100)
      put(octal(bytes.count, 11) + "\u{0}" + octal(0, 11) + "\u{0}        0", 124)
      put("ustar\u{0}00", 257)
      put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\u{0} ", 148)
      out += header
      out += bytes
      out += [UInt8](repeating: 0, count: (block - bytes.count % block) % block)
    }
    return out + [UInt8](repeating: 0, count: 2 * block)
  }

  private static func contents(_ path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      throw StudyError(
        .modelMissing, "the model bundle cannot be opened: \(String(cString: strerror(errno)))", file: path)
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_size <= sizeLimit else {
      throw StudyError(.modelFiles, "the bundle's file has more than \(sizeLimit) bytes", file: path)
    }
    return try BundleFolder.contents(of: file, expected: Int(status.st_size), name: "the file", path: path)
  }
}
