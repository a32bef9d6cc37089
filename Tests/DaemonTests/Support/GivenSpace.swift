import Files
import Intake
import Synchronization

/// Free space as a test sets it.
final class GivenSpace: Sendable {
  private let held: Mutex<FreeSpace>

  init(_ value: FreeSpace) { held = Mutex(value) }

  var value: FreeSpace {
    get { held.withLock { $0 } }
    set { held.withLock { $0 = newValue } }
  }
}
