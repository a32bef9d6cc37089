/// Which label of a label map is the region of interest.
public enum LabelChoice: Sendable, Hashable {
  /// The only label in the map, whatever its value. Several labels are refused.
  case single
  /// The voxels with this value.
  case label(Int)
  /// All labels together.
  case union

  var isNamed: Bool {
    if case .label = self { return true }
    return false
  }
}
