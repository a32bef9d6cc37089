import Errors

extension StudyFile {
  /// Gives a path under which the file can be opened by APIs that take text, also where its own name is not valid UTF-8
  /// (a folder from a Chinese Windows): then one that stands for an open descriptor.
  public func withReadablePath<Value>(_ body: (String) throws -> Value) throws -> Value {
    if let path { return try body(path) }
    let file = try open()
    let result = Result { try body("/proc/self/fd/\(file.descriptor)") }
    // The descriptor is closed here and not before.
    _ = consume file
    return try result.get()
  }
}
