internal import Glibc
internal import Imaging

/// Three-dimensional shape features (PyRadiomics `shape`): lengths in mm, areas in mm², volumes in mm³.
enum ShapeFeatures {
  /// In PyRadiomics' order.
  static let names = [
    "Elongation", "Flatness", "LeastAxisLength", "MajorAxisLength", "Maximum2DDiameterColumn", "Maximum2DDiameterRow",
    "Maximum2DDiameterSlice", "Maximum3DDiameter", "MeshVolume", "MinorAxisLength", "Sphericity", "SurfaceArea",
    "SurfaceVolumeRatio", "VoxelVolume",
  ]
  static let namesByRequest = ["Compactness1", "Compactness2", "SphericalDisproportion"]

  /// Values in the order of `names` and `namesByRequest`.
  static func values(_ mask: Mask, box: BoundingBox) -> [Double] {
    let mesh = SurfaceMesh(mask, box: box)
    let axes = PrincipalAxes(mask, box: box)
    let diameters = MaximumDiameters(mesh.vertices, spacing: mask.geometry.spacing)
    let (volume, area) = (mesh.volume, mesh.area)
    let sphereArea = cbrt(36 * Double.pi * volume * volume)
    func length(_ eigenvalue: Double) -> Double { eigenvalue < 0 ? .nan : 4 * eigenvalue.squareRoot() }
    func ratio(_ small: Double, _ large: Double) -> Double {
      small < 0 || large < 0 ? .nan : (small / large).squareRoot()
    }
    let (least, minor, major) = axes.eigenvalues
    return [
      ratio(minor, major), ratio(least, major), length(least), length(major), diameters.column, diameters.row,
      diameters.slice, diameters.volume, volume, length(minor), sphereArea / area, area, area / volume,
      Double(axes.count) * mask.geometry.voxelVolume, volume / (pow(area, 1.5) * Double.pi.squareRoot()),
      36 * Double.pi * volume * volume / (area * area * area), area / sphereArea,
    ]
  }
}
