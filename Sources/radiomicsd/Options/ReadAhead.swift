import CLinux
import Radiomics
import Synchronization

/// Starts to read the image of `extract` before the command line is parsed and the profile read, which takes some
/// milliseconds in which a processor would be idle.
///
/// The image decides nothing here: the command uses it only where it needs that file.
enum ReadAhead {
  private static let found = Mutex<ImageAhead?>(nil)

  static var image: ImageAhead? { found.withLock { $0 } }

  /// - Parameter arguments: those after `extract`.
  static func begin(_ arguments: [String]) {
    guard !arguments.contains("--batch"), !arguments.contains("-h"), !arguments.contains("--help"),
      let image = value(of: "--image", arguments),
      ThreadCount.resolve(value(of: "--threads", arguments).flatMap { Int($0) }) > 1
    else { return }
    ExtractCommand.keepHeap()
    found.withLock { $0 = ImageAhead(image) }
  }

  private static func value(of option: String, _ arguments: [String]) -> String? {
    if let place = arguments.lastIndex(of: option), place + 1 < arguments.count { return arguments[place + 1] }
    return arguments.last { $0.hasPrefix(option + "=") }.map { String($0.dropFirst(option.count + 1)) }
  }
}
