/// Urgent studies go first, and yet no study waits for ever: after two urgent ones in a row the one that waits longest has
/// its turn. So the first urgent one that comes is always next.
struct Turns: Sendable, Equatable {
  /// Urgent ones in a row.
  private(set) var urgent = 0

  /// Which of the waiting is next, those that wait longest being first; nil where there is none.
  func next<Items: RandomAccessCollection>(
    of waiting: Items, isUrgent: (Items.Element) -> Bool
  ) -> Items.Index? {
    guard urgent < 2 else { return waiting.indices.first }
    return waiting.firstIndex(where: isUrgent) ?? waiting.indices.first
  }

  /// A place was given away, to an urgent one or another.
  mutating func gave(_ isUrgent: Bool) { urgent = isUrgent && urgent < 2 ? urgent + 1 : 0 }
}
