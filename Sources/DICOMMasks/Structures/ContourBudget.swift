internal import DICOM
import Errors

/// Limits of steps and memory for the contours of one region: the files are untrusted, and lines that cross
/// each other everywhere are not a drawing.
struct ContourBudget {
  /// A few seconds of work.
  static let mostSteps = 400_000_000
  /// Cells of the boxes of a slice's contours, one byte each.
  static let mostCells = 1 << 28

  private var steps = 0
  private var cells = 0
  let file: String?

  init(file: String?) { self.file = file }

  /// - Throws: `E_LIMIT`.
  mutating func spend(_ steps: Int) throws(StudyError) {
    self.steps += steps
    guard self.steps <= Self.mostSteps else {
      throw StudyError(
        .limit, "the contours of a region meet each other more often than \(Self.mostSteps) steps can sort out",
        file: file)
    }
  }

  /// Releases the cells of a slice's contours.
  mutating func beginSlice() { cells = 0 }

  /// - Throws: `E_LIMIT`.
  mutating func hold(_ cells: Int) throws(StudyError) {
    self.cells += cells
    guard self.cells <= Self.mostCells else {
      throw StudyError(
        .limit, "the contours of a slice cover more than \(Self.mostCells) voxels, each counted for itself", file: file)
    }
  }
}
