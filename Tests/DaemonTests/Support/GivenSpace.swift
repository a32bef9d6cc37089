import Files
import Intake
import Synchronization

/// How much there is, as a test says.
final class GivenSpace: Sendable {
  private let held: Mutex<FreeSpace>

  init(_ value: FreeSpace) { held = Mutex(value) }

  var value: FreeSpace {
    get { held.withLock { $0 } }
    set { held.withLock { $0 = newValue } }
  }
}
