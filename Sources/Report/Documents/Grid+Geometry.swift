package import Documents
package import Imaging

extension ResultDocument.Grid {
  /// As a result shows it.
  package init(_ geometry: Geometry) {
    self.init(
      size: [geometry.size.x, geometry.size.y, geometry.size.z],
      spacing: [geometry.spacing.x, geometry.spacing.y, geometry.spacing.z],
      origin: [geometry.origin.x, geometry.origin.y, geometry.origin.z], direction: geometry.direction.rowMajor)
  }
}
