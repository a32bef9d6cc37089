internal import Imaging

/// Shape features of a region of one slice (PyRadiomics `shape2D`): lengths in mm, areas in mm².
enum PlaneShapeFeatures {
  /// In PyRadiomics' order.
  static let names = [
    "Elongation", "MajorAxisLength", "MaximumDiameter", "MeshSurface", "MinorAxisLength", "Perimeter",
    "PerimeterSurfaceRatio", "PixelSurface", "Sphericity",
  ]
  static let namesByRequest = ["SphericalDisproportion"]

  /// Values in the order of `names` and `namesByRequest`.
  ///
  /// - Parameter axis: the axis (0 = x) along which the region is one voxel thick.
  static func values(_ mask: Mask, box: BoundingBox, across axis: Int) -> [Double] {
    // numpy's order of axes: z, y, x.
    let plane = [2, 1, 0].filter { $0 != axis }
    let outline = PlaneOutline(mask, box: box, rows: plane[0], columns: plane[1])
    let axes = PrincipalAxes(mask, box: box)
    // Across the slice there is no extent: the least eigenvalue is that axis.
    let (_, minor, major) = axes.eigenvalues
    let pixel = mask.geometry.spacing[plane[0]] * mask.geometry.spacing[plane[1]]
    let sphericity = 2 * (Double.pi * outline.surface).squareRoot() / outline.perimeter
    func length(_ eigenvalue: Double) -> Double { eigenvalue < 0 ? .nan : 4 * eigenvalue.squareRoot() }
    return [
      minor < 0 || major < 0 ? .nan : (minor / major).squareRoot(), length(major), outline.diameter, outline.surface,
      length(minor), outline.perimeter, outline.perimeter / outline.surface, Double(axes.count) * pixel, sphericity,
      1 / sphericity,
    ]
  }

  /// Whether PyRadiomics computes the class for this region.
  ///
  /// `featureextractor.computeShape` requires more than one voxel along the axis of number `force2Ddimension` counted
  /// from x, while the class itself requires one voxel along that axis counted from z. So a slice across y is never
  /// computed, and one across z is computed where it is more than one voxel wide along x.
  static func areComputed(box: BoundingBox, force2Ddimension: Int) -> Bool { box.size[force2Ddimension] > 1 }
}
