import ArgumentParser
import DICOM

/// The `--threads` option.
enum ThreadCount {
  static func validate(_ threads: Int?) throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes a number from 1 to 1024") }
  }

  /// The given number, or one per processor.
  static func resolve(_ threads: Int?) -> Int { threads ?? defaultThreadCount }
}
