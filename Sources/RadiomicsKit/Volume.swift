internal import Errors
internal import Imaging
internal import Radiomics

/// An image: values on a grid in the patient.
///
/// The centre of voxel (i, j, k) lies at `origin + direction * (spacing * (i, j, k))`, in mm, in LPS: x grows to the patient's
/// left, y to the back, z to the head. Values are stored x fastest, then y, then z. A CT's values are HU.
public struct Volume: Sendable, Equatable {
  let engine: Imaging.Volume

  init(_ engine: Imaging.Volume) { self.engine = engine }

  /// Reads a NIfTI (`.nii`, `.nii.gz`), NRRD (`.nrrd`, `.nhdr`) or MetaImage (`.mha`, `.mhd`) file; content decides which it is. An
  /// image of two dimensions is one slice.
  ///
  /// The file's type is kept: features of an int16 image and of the same values as float64 are those that PyRadiomics
  /// gives for each.
  ///
  /// - Throws: `E_NOT_FOUND`, `E_IO`, `E_TRUNCATED`, `E_CORRUPT`, `E_LIMIT`, and what is wrong with the header.
  public init(contentsOf path: String) throws(RadiomicsError) {
    engine = try RadiomicsError.wrap { try ExtractionInput.read(path) }
  }

  /// A CT: whole numbers, HU.
  ///
  /// - Parameters:
  ///   - size: voxels along each axis, each at least 1.
  ///   - spacing: mm between neighbouring voxel centres, each positive.
  ///   - origin: centre of voxel (0, 0, 0), mm, LPS.
  ///   - direction: unit vectors of the three axes in LPS, one after the other.
  ///   - values: one for each voxel, x fastest.
  /// - Throws: `E_GEOMETRY_INVALID` for a grid that is none, or another number of values.
  public init(
    size: SIMD3<Int>, spacing: SIMD3<Double>, origin: SIMD3<Double> = .zero,
    direction: [SIMD3<Double>] = Volume.axial, values: [Int16]
  ) throws(RadiomicsError) {
    let geometry = try Self.geometry(size, spacing, origin, direction, count: values.count)
    engine = Imaging.Volume(geometry: geometry, int16: values)
  }

  /// An image of single precision.
  ///
  /// - Throws: `E_GEOMETRY_INVALID`, as for whole numbers.
  public init(
    size: SIMD3<Int>, spacing: SIMD3<Double>, origin: SIMD3<Double> = .zero,
    direction: [SIMD3<Double>] = Volume.axial, values: [Float]
  ) throws(RadiomicsError) {
    let geometry = try Self.geometry(size, spacing, origin, direction, count: values.count)
    engine = Imaging.Volume(geometry: geometry, pixelType: .float32, voxels: .float32(values))
  }

  /// An image of double precision.
  ///
  /// - Throws: `E_GEOMETRY_INVALID`, as for whole numbers.
  public init(
    size: SIMD3<Int>, spacing: SIMD3<Double>, origin: SIMD3<Double> = .zero,
    direction: [SIMD3<Double>] = Volume.axial, values: [Double]
  ) throws(RadiomicsError) {
    let geometry = try Self.geometry(size, spacing, origin, direction, count: values.count)
    engine = Imaging.Volume(geometry: geometry, float64: values)
  }

  /// Axes along LPS, as of an axial series: columns to the left, rows to the back, slices to the head.
  public static let axial: [SIMD3<Double>] = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]

  /// Voxels along each axis.
  public var size: SIMD3<Int> { engine.geometry.size }
  /// mm between neighbouring voxel centres.
  public var spacing: SIMD3<Double> { engine.geometry.spacing }
  /// Centre of voxel (0, 0, 0), mm, LPS.
  public var origin: SIMD3<Double> { engine.geometry.origin }
  /// Unit vectors of the three axes in LPS.
  public var direction: [SIMD3<Double>] { (0..<3).map { engine.geometry.direction[$0] } }
  /// Number of voxels.
  public var count: Int { engine.geometry.count }
  /// Every value, x fastest; exact for each type that is read.
  public var values: [Double] { engine.voxels.doubles }

  private static func geometry(
    _ size: SIMD3<Int>, _ spacing: SIMD3<Double>, _ origin: SIMD3<Double>, _ direction: [SIMD3<Double>], count: Int
  ) throws(RadiomicsError) -> Geometry {
    let (area, isWide) = size.x.multipliedReportingOverflow(by: size.y)
    let (voxels, isDeep) = area.multipliedReportingOverflow(by: size.z)
    let numbers = ([spacing, origin] + direction).flatMap { [$0.x, $0.y, $0.z] }
    let isGrid = size.min() > 0 && !isWide && !isDeep && spacing.min() > 0 && numbers.allSatisfy(\.isFinite)
    guard isGrid, direction.count == 3 else {
      throw RadiomicsError(
        StudyError(
          .geometryInvalid, "a grid needs sizes of at least 1, positive spacings and three axes",
          hint: "give mm, and the axes as unit vectors"))
    }
    let matrix = Matrix3(direction[0], direction[1], direction[2])
    guard abs(abs(matrix.determinant) - 1) < 1e-3 else {
      throw RadiomicsError(
        StudyError(
          .geometryInvalid,
          "the three axes are not orthogonal unit vectors: their determinant is \(matrix.determinant)",
          hint: "give each axis as a unit vector, at right angles to the others"))
    }
    guard voxels == count else {
      throw RadiomicsError(
        StudyError(
          .geometryInvalid, "the grid has \(voxels) voxels, and \(count) values are given",
          hint: "give one value for each voxel, x fastest"))
    }
    return Geometry(size: size, spacing: spacing, origin: origin, direction: matrix)
  }
}
