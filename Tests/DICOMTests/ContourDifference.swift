import DICOM
import DICOMMasks
import Errors
import Files
import Imaging

#if canImport(TestKit)
  import TestKit
#endif

/// Compares the mask of random contours with the exact one, or with the voxels that they were traced around.
struct ContourDifference {
  /// Cases that were compared, contours in them, and cases that both sides refuse.
  private(set) var cases = 0
  private(set) var contours = 0
  private(set) var refused = 0

  private static let grids: [Geometry] = {
    let size = SIMD3(ContourCase.columns, ContourCase.rows, 3)
    let (a, b) = (0.8660254037844387, 0.5)
    return [
      Geometry(size: size, spacing: Vector3(1, 1, 3)),
      Geometry(size: size, spacing: Vector3(0.7, 0.8, 2.5), origin: Vector3(-13.2, -20.5, -101.3)),
      Geometry(
        size: size, spacing: Vector3(0.9765625, 0.9765625, 1.25), origin: Vector3(-250.123456, 311.7, 12.5),
        direction: Matrix3(Vector3(a, b, 0), Vector3(-b * a, a * a, b), Vector3(b * b, -a * b, a))),
    ]
  }()

  /// The voxels of slice 1; none where there are some in another one.
  private static func slice(
    _ set: StructureSet, _ region: StructureSet.Region, _ grid: Geometry
  ) -> Result<[UInt8], StudyError> {
    let area = grid.size.x * grid.size.y
    do throws(StudyError) {
      let voxels = try set.mask(of: region, on: grid).mask.voxels
      let isElsewhere = voxels[..<area].contains(1) || voxels[(2 * area)...].contains(1)
      return .success(isElsewhere ? [] : Array(voxels[area..<2 * area]))
    } catch {
      return .failure(error)
    }
  }

  /// - Returns: what differs.
  mutating func compare(_ drawn: ContourCase, using random: inout some RandomNumberGenerator) -> String? {
    let lines = drawn.contours
    guard lines.contains(where: { $0.count > 2 }) else { return nil }
    let grid = Self.grids.randomElement(using: &random) ?? Self.grids[0]
    // Rounding of coordinates: on centres much, else what decimal strings have.
    let noise = Bool.random(using: &random) ? 0 : drawn.bitmap == nil ? 2e-6 : 5e-4
    var region = StructureSet.Region(number: 1, name: DisplayText(text: "T"), contours: [])
    for line in lines {
      let points = line.map { point in
        let shift =
          noise == 0
          ? (0, 0)
          : (
            Double.random(in: -noise...noise, using: &random), Double.random(in: -noise...noise, using: &random)
          )
        return grid.point(at: Vector3(Double(point.x) / 8 + shift.0, Double(point.y) / 8 + shift.1, 1))
      }
      let contour = StructureSet.Contour(points: points)
      if points.count > 2 { region.contours.append(contour) } else { region.crumbs.append(contour) }
    }
    let set = StructureSet(
      file: StudyFile(folder: [], name: RelativePath("m.dcm")),
      references: MaskReferences(patientID: [], studyUID: "", framesOfReference: [], series: [:]), regions: [region])
    let expected = drawn.bitmap ?? ExactContours(columns: grid.size.x, rows: grid.size.y).mask(lines)
    cases += 1
    contours += lines.count
    let found: [UInt8]?
    switch Self.slice(set, region, grid) {
    case .success(let voxels): found = voxels
    case .failure(let error):
      guard error.code == .contourAmbiguous else { return "\(error): \(lines)" }
      found = nil
    }
    if found == nil { refused += 1 }
    guard found != expected else { return nil }
    func picture(_ voxels: [UInt8]?) -> String {
      guard let voxels else { return "refused" }
      return (0..<grid.size.y).map { row in
        voxels[row * grid.size.x..<(row + 1) * grid.size.x].map { $0 == 1 ? "#" : "." }.joined()
      }.joined(separator: "\n")
    }
    return "noise \(noise): \(lines.map { $0.map { [$0.x, $0.y] } })\n\(picture(found))\nexpected\n\(picture(expected))"
  }
}
