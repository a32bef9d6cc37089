package import Errors
import Imaging

/// Checks by headers alone whether a series is one complete, even stack of CT slices, and orders it.
///
/// Pixels are read only where two slices lie at one position. Every refusal names the file, and the slice along the
/// normal where there is one; `details["positions"]` lists the positions along the normal in mm.
///
/// - Throws: `E_TRUNCATED`, `E_NOT_CT`, `E_MULTIFRAME`, `E_ATTRIBUTE`, `E_TOO_FEW_SLICES`, `E_MIXED_ORIENTATION`,
///   `E_CONCATENATION`, `E_IMAGES_MISSING`, `E_PATIENT_MIX`, `E_MIXED_GRID`, `E_DUPLICATE_POSITION`, `E_GANTRY_TILT`, `E_SLICE_GAP`, `E_SLICE_SHIFT`, and
///   the errors of `checkPixels`.
package func checkGeometry(_ series: Series) throws(StudyError) -> SliceStack {
  var selection = try SliceSelection(series)
  let counted = try requireAllImages(of: series)
  try selection.requireImages()
  try selection.requireOneOrientation()
  try selection.requireOneSource()
  for image in selection.images { try checkPixels(image.header) }
  try selection.sortAndDropDuplicates()
  selection.noteOddities()
  let line = try SliceLine(selection)
  return SliceStack(
    slices: selection.images.map(\.header), geometry: line.geometry, rounding: line.rounding,
    dropped: selection.dropped, warnings: selection.warnings + counted + line.warnings)
}

/// An image with its geometry.
struct PlacedImage {
  var header: ImageHeader
  var position: Vector3
  var row: Vector3
  var column: Vector3
  var rowSpacing: Double
  var columnSpacing: Double
  /// Along the common normal, mm. Set when sorted.
  var height = 0.0

  var normal: Vector3 { row.cross(column) }
  var display: String { header.display }

  /// Its pixels, for a message.
  var grid: String { "\(header.columns) x \(header.rows) pixels of \(columnSpacing) x \(rowSpacing) mm" }
}
