internal import Errors
internal import FoundationEssentials

/// Decodes one JSON file of a bundle; an error names its place in the document.
func decodeBundleJSON<T: Decodable>(_ type: T.Type, from bytes: [UInt8], file: String) throws -> T {
  do {
    return try JSONDecoder().decode(type, from: Data(bytes))
  } catch let error as DecodingError {
    throw StudyError(.modelSchema, "\(file): \(error.place)", file: file, hint: restoreHint)
  }
}

extension DecodingError {
  /// Where and what, in one line.
  package var place: String {
    switch self {
    case .keyNotFound(let key, let context): "\(context.path)key \"\(key.stringValue)\" is missing"
    case .typeMismatch(let type, let context): "\(context.path)is not of type \(type)"
    case .valueNotFound(let type, let context): "\(context.path)is null where \(type) is expected"
    case .dataCorrupted(let context): "\(context.path)\(context.debugDescription)"
    @unknown default: "cannot be decoded"
    }
  }
}

extension DecodingError.Context {
  fileprivate var path: String {
    codingPath.isEmpty ? "" : codingPath.map(\.stringValue).joined(separator: ".") + " "
  }
}
