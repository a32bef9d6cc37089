import Foundation

extension TestSpool {
  /// Puts a script before the worker's own. It sees `$verb` (`run` or `probe`), `$input`, `$output` and `$memory`, and may
  /// end the worker; `real` goes on with the worker itself and comes back.
  func wrapWorker(_ script: String) throws {
    let real = root + "/worker.real"
    if !FileManager.default.fileExists(atPath: real) {
      try FileManager.default.moveItem(atPath: root + "/worker", toPath: real)
    }
    let text = """
      #!/bin/sh
      \(Self.readRequest)
      real() { "\(real)" "$@"; }
      \(script)
      real "$@"
      """
    try text.write(toFile: root + "/worker.new", atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: root + "/worker.new")
    guard rename(root + "/worker.new", root + "/worker") == 0 else { throw POSIXError(.EIO) }
  }
}
