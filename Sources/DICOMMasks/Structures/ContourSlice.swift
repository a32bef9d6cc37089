internal import DICOM
import Errors

/// Fills the contours of one slice.
struct ContourSlice {
  /// Counts over the slices.
  struct Tally {
    /// Voxels within a hole.
    var holes = 0
    /// Contours equal to another.
    var repeated = 0
    /// Contours that cross another, and voxels in more than one of them.
    var crossing = 0
    var shared = 0
    /// Voxels within an even number of CLOSEDPLANAR_XOR contours.
    var xor = 0
    /// Voxels that a contour encircles twice, where it hardly overlaps itself.
    var overlapped = 0
    /// Voxels whose centre is on a contour and would otherwise be outside.
    var ties = 0
  }

  // Bits of a cell.
  private static let inside: UInt8 = 1
  private static let onLine: UInt8 = 2
  /// Some contour encloses the centre.
  private static let touched: UInt8 = 4
  /// On a contour that does not run through centres by convention.
  private static let tied: UInt8 = 8

  /// A contour whose ends overlap in less than one in this many of its voxels is read by the even-odd rule, as in
  /// planning systems; the IBSI phantom's has one such voxel. A contour that overlaps itself more can be read in two
  /// ways.
  static let overlapShare = 100

  let raster: ContourRaster
  let name: String
  let file: String?
  private var cells: [UInt8]
  private(set) var tally = Tally()
  /// A slice showed that the region's lines are stored in both directions.
  private var repeatsReversed = false

  init(_ raster: ContourRaster, name: String, file: String?) {
    (self.raster, self.name, self.file) = (raster, name, file)
    cells = [UInt8](repeating: 0, count: raster.columns * raster.rows)
  }

  /// Sets the voxels of all slices.
  ///
  /// - Throws: `E_CONTOUR_AMBIGUOUS`, `E_LIMIT`.
  mutating func fill(
    _ slices: [Int: [ContourLine]], into voxels: inout [UInt8], _ budget: inout ContourBudget
  ) throws(StudyError) {
    // Another slice may decide what this one leaves open.
    var open: [(key: Int, value: [ContourLine])] = []
    for (slice, lines) in slices.sorted(by: { $0.key < $1.key }) {
      if try !fill(lines, slice: slice, isLast: false, into: &voxels, &budget) { open.append((slice, lines)) }
    }
    for (slice, lines) in open { _ = try fill(lines, slice: slice, isLast: true, into: &voxels, &budget) }
  }

  /// - Returns: false where it is still open whether lines are repeated or rings.
  private mutating func fill(
    _ lines: [ContourLine], slice: Int, isLast: Bool, into voxels: inout [UInt8], _ budget: inout ContourBudget
  ) throws(StudyError) -> Bool {
    cells.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    guard let isXOR = lines.first?.isXOR else { return true }
    guard lines.allSatisfy({ $0.isXOR == isXOR }) else {
      throw ambiguous("contours of both types, CLOSED_PLANAR and CLOSEDPLANAR_XOR, lie in one slice", slice)
    }
    budget.beginSlice()
    var drawings: [ContourRaster.Drawing] = []
    for line in lines {
      let drawing = try raster.draw(line, &budget)
      mark(drawing, line)
      drawings.append(drawing)
    }
    if isXOR {
      try fillXOR(lines, drawings, slice, &budget)
    } else if try !fillNested(lines, drawings, slice, isLast: isLast, &budget) {
      return false
    }
    let start = slice * cells.count
    for offset in cells.indices where cells[offset] != 0 {
      let cell = cells[offset]
      let isIn = cell & (Self.inside | Self.onLine) != 0
      voxels[start + offset] = isIn ? 1 : 0
      if cell & (Self.tied | Self.inside) == Self.tied { tally.ties += 1 }
      if cell & Self.touched != 0, !isIn {
        if isXOR { tally.xor += 1 } else { tally.holes += 1 }
      }
    }
    return true
  }

  private mutating func mark(_ drawing: ContourRaster.Drawing, _ line: ContourLine) {
    let bits = Self.onLine | (line.isThroughCentres ? 0 : Self.tied)
    drawing.visit(columns: raster.columns) { offset, cell in
      if cell & ContourRaster.Drawing.onLine != 0 { cells[offset] |= bits }
    }
  }

  private mutating func fillXOR(
    _ lines: [ContourLine], _ drawings: [ContourRaster.Drawing], _ slice: Int, _ budget: inout ContourBudget
  ) throws(StudyError) {
    for drawing in drawings {
      drawing.visit(columns: raster.columns) { offset, cell in
        if cell & ContourRaster.Drawing.inside != 0 {
          cells[offset] = (cells[offset] ^ Self.inside) | Self.touched
        }
      }
    }
    // Twins cancel each other, which no program intends. Contours with equal boxes are compared.
    let pieces = lines.indices.filter { drawings[$0].enclosed > 0 }.map {
      ContourNesting.Piece(line: lines[$0], drawing: drawings[$0], contour: $0)
    }
    guard try !ContourNesting.hasTwins(pieces, &budget) else {
      throw ambiguous("a CLOSEDPLANAR_XOR contour is stored twice, so that it cancels itself", slice)
    }
  }

  private mutating func fillNested(
    _ lines: [ContourLine], _ drawings: [ContourRaster.Drawing], _ slice: Int, isLast: Bool,
    _ budget: inout ContourBudget
  ) throws(StudyError) -> Bool {
    let pieces = try pieces(lines, drawings, slice, &budget)
    let nesting: ContourNesting
    do throws(ContourNesting.Ambiguity) {
      nesting = try ContourNesting(pieces, repeatsReversed: repeatsReversed, &budget)
    } catch {
      switch error {
      case .limit(let error): throw error
      case .overlapsItself(let contour): throw overlapsItself(drawings[contour].overlapped, slice)
      case .rim:
        throw ambiguous(
          "a contour runs within another, less than a pixel from it all along: one contour twice, or a thin wall",
          slice, hint: "delete one of the two contours, and export the region again")
      case .holeOrUnion(let voxels):
        throw ambiguous(
          "a contour lies within another and leaves it by less than a pixel: a hole, or a part that was added, of \(voxels) voxels",
          slice, hint: "draw the hole inside the outline or delete the contour, and export the region again")
      case .repeatedOrRing:
        guard isLast else { return false }
        throw ambiguous(
          "two contours run through the same voxels in opposite directions: one contour twice, or a ring one voxel wide",
          slice)
      }
    }
    repeatsReversed = repeatsReversed || nesting.hasReversedRepeats
    tally.repeated += nesting.repeated.count
    for group in nesting.groups {
      let isInside = group.depth & 1 == 0
      for piece in group.pieces {
        pieces[piece].drawing.visit(columns: raster.columns) { offset, cell in
          guard cell & ContourRaster.Drawing.inside != 0 else { return }
          cells[offset] = (isInside ? cells[offset] | Self.inside : cells[offset] & ~Self.inside) | Self.touched
        }
      }
      count(group.pieces.filter { !nesting.repeated.contains($0) }, of: pieces)
    }
    return true
  }

  /// The contours that enclose voxels; a contour that overlaps itself is replaced by its loops.
  private mutating func pieces(
    _ lines: [ContourLine], _ drawings: [ContourRaster.Drawing], _ slice: Int, _ budget: inout ContourBudget
  ) throws(StudyError) -> [ContourNesting.Piece] {
    var pieces: [ContourNesting.Piece] = []
    for (contour, (line, drawing)) in zip(lines, drawings).enumerated() {
      guard drawing.overlapped * Self.overlapShare > drawing.enclosed else {
        tally.overlapped += drawing.overlapped
        if drawing.enclosed > 0 {
          pieces.append(ContourNesting.Piece(line: line, drawing: drawing, contour: contour))
        }
        continue
      }
      let parted = ContourLoops(line)
      for loop in parted.loops {
        let drawn = try raster.draw(loop, &budget)
        guard drawn.overlapped == 0 else { throw overlapsItself(drawing.overlapped, slice) }
        guard drawn.enclosed > 0 else { continue }
        pieces.append(
          ContourNesting.Piece(line: loop, drawing: drawn, contour: contour, hasBridge: parted.hasBridge))
      }
    }
    return pieces
  }

  /// Counts the voxels shared by crossing contours.
  private mutating func count(_ group: [Int], of pieces: [ContourNesting.Piece]) {
    guard group.count > 1 else { return }
    tally.crossing += group.count
    var holders: [Int: Bool] = [:]
    for piece in group {
      pieces[piece].drawing.visit(columns: raster.columns) { offset, cell in
        guard cell & ContourRaster.Drawing.inside != 0 else { return }
        holders[offset] = holders[offset] != nil
      }
    }
    tally.shared += holders.values.reduce(0) { $0 + ($1 ? 1 : 0) }
  }

  private func overlapsItself(_ voxels: Int, _ slice: Int) -> StudyError {
    ambiguous(
      "a contour crosses and overlaps itself, and \(voxels) voxels are inside or outside by how it is read", slice)
  }

  private func ambiguous(
    _ what: String, _ slice: Int,
    hint: String = "draw the region on this slice again, with lines that do not cross themselves, and export it"
  ) -> StudyError {
    StudyError(.contourAmbiguous, "\(name): \(what)", file: file, slice: slice, hint: hint)
  }
}
