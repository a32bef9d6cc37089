/// Urgent studies go first, and yet no study waits for ever: every third place is for the one that waits longest.
struct Turns: Sendable, Equatable {
  private(set) var places = 0

  /// Which of the waiting is next, those that wait longest being first; nil where there is none.
  func next<Items: RandomAccessCollection>(
    of waiting: Items, isUrgent: (Items.Element) -> Bool
  ) -> Items.Index? {
    guard places % 3 != 2 else { return waiting.indices.first }
    return waiting.firstIndex(where: isUrgent) ?? waiting.indices.first
  }

  /// A place was given away.
  mutating func gave() { places += 1 }
}
