import Errors

extension StudyFile {
  /// Passes a path under which APIs that take text can open the file, even where its own name is not valid UTF-8
  /// (a folder from a Chinese Windows): in that case a path that refers to an open descriptor.
  public func withReadablePath<Value>(_ body: (String) throws -> Value) throws -> Value {
    if let path { return try body(path) }
    let file = try open()
    let result = Result { try body("/proc/self/fd/\(file.descriptor)") }
    // The descriptor is closed here and not before.
    _ = consume file
    return try result.get()
  }
}
