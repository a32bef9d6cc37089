/// Urgent studies go first, and yet every study gets its turn: after two urgent ones in a row the one that has waited
/// longest is next. So the first urgent study that comes is always next.
struct Turns: Sendable, Equatable {
  /// Urgent ones in a row.
  private(set) var urgent = 0

  /// The next of the waiting studies, which are in order of their arrival; nil where there is none.
  func next<Items: RandomAccessCollection>(
    of waiting: Items, isUrgent: (Items.Element) -> Bool
  ) -> Items.Index? {
    guard urgent < 2 else { return waiting.indices.first }
    return waiting.firstIndex(where: isUrgent) ?? waiting.indices.first
  }

  /// A place was given away, to an urgent study or another.
  mutating func gave(_ isUrgent: Bool) { urgent = isUrgent && urgent < 2 ? urgent + 1 : 0 }
}
