internal import DICOM
import Errors

/// The contours of one slice that enclose something, put in order: those that cross each other or are the same are one
/// group, whose area is their union; a group that lies in another is a hole, one in a hole an island.
struct ContourNesting {
  struct Piece {
    var line: ContourLine
    var drawing: ContourRaster.Drawing
    /// The contour that it is, or that it is a loop of.
    var contour: Int
    /// It is a loop of a contour with a bridge, as keyholes have.
    var hasBridge = false
  }

  struct Group {
    /// In order of the file.
    var pieces: [Int]
    /// Number of groups that enclose it: even is inside.
    var depth = 0
  }

  /// Contours that can be read in two ways.
  enum Ambiguity: Error {
    case limit(StudyError)
    /// A contour overlaps itself.
    case overlapsItself(Int)
    /// Through the same centres in opposite directions.
    case repeatedOrRing
    /// One within another that leaves only a rim of it.
    case rim
    /// One crosses another that holds nearly all of it: so many voxels are inside, or a hole.
    case holeOrUnion(Int)
  }

  private(set) var groups: [Group] = []
  /// Pieces equal to an earlier one.
  private(set) var repeated: Set<Int> = []

  /// Lines through centres are repeated in the opposite direction, and are not rings.
  private(set) var hasReversedRepeats = false

  /// - Parameter repeatsReversed: how one line in both directions is read where nothing else decides: a repetition, not
  ///   a ring.
  init(_ pieces: [Piece], repeatsReversed: Bool, _ budget: inout ContourBudget) throws(Ambiguity) {
    var group = Array(pieces.indices)
    func root(_ i: Int) -> Int {
      var i = i
      while group[i] != i { i = group[i] }
      return i
    }
    /// Inner and outer.
    var nested: [(Int, Int)] = []
    for (i, j, relation) in try Self.relations(pieces, parting: true, &budget) {
      var relation = relation
      let isOneContour = pieces[i].contour == pieces[j].contour
      if Self.runOpposite(pieces[i].line, pieces[j].line) {
        switch relation {
        case .same:
          switch ContourRing(pieces[i].line, pieces[j].line, pieces[i].drawing) {
          case .repeated: hasReversedRepeats = true
          case .ring(let firstIsOutline): relation = firstIsOutline ? .outer : .inner
          case .unknown: guard repeatsReversed else { throw .repeatedOrRing }
          }
        // A ring one voxel wide, with lines of voxels on its outside.
        case .part: relation = .inner
        case .whole: relation = .outer
        default: break
        }
      }
      switch relation {
      case .apart: continue
      case .inner, .outer:
        guard !isOneContour || pieces[i].hasBridge else { throw .overlapsItself(pieces[i].contour) }
        nested.append(relation == .inner ? (i, j) : (j, i))
      case .crossing, .same, .part, .whole:
        guard !isOneContour || relation != .crossing else { throw .overlapsItself(pieces[i].contour) }
        switch relation {
        case .same: repeated.insert(max(i, j))
        case .part: repeated.insert(i)
        case .whole: repeated.insert(j)
        default: break
        }
        let (a, b) = (root(i), root(j))
        group[max(a, b)] = min(a, b)
      }
    }
    var members: [Int: [Int]] = [:]
    for i in pieces.indices { members[root(i), default: []].append(i) }
    var enclosing: [Int: Set<Int>] = [:]
    for (inner, outer) in nested where root(inner) != root(outer) {
      enclosing[root(inner), default: []].insert(root(outer))
    }
    groups = members.map { Group(pieces: $0.value, depth: enclosing[$0.key]?.count ?? 0) }
      .sorted { ($0.depth, $0.pieces[0]) < ($1.depth, $1.pieces[0]) }
  }

  /// Whether two pieces are equal.
  ///
  /// - Throws: `E_LIMIT`.
  static func hasTwins(_ pieces: [Piece], _ budget: inout ContourBudget) throws(StudyError) -> Bool {
    do throws(Ambiguity) {
      return try relations(pieces, parting: false, &budget).contains { $0.2 == .same }
    } catch {
      if case .limit(let error) = error { throw error }
      return true
    }
  }

  /// Both run through centres, in opposite directions: OpenCV's outline and hole.
  private static func runOpposite(_ first: ContourLine, _ second: ContourLine) -> Bool {
    first.isThroughCentres && second.isThroughCentres && (first.doubledArea < 0) != (second.doubledArea < 0)
  }

  /// Pairs that are not apart. Boxes are compared along the columns first.
  ///
  /// - Parameter parting: whether a hole must be told from a repetition and from a stroke.
  private static func relations(
    _ pieces: [Piece], parting: Bool, _ budget: inout ContourBudget
  ) throws(Ambiguity) -> [(Int, Int, ContourRelation)] {
    let bounds = pieces.map(\.line.bounds)
    let order = pieces.indices.sorted { (bounds[$0].left, $0) < (bounds[$1].left, $1) }
    var indexes = [ContourIndex?](repeating: nil, count: pieces.count)
    var found: [(Int, Int, ContourRelation)] = []
    var doubt: Ambiguity?
    do throws(StudyError) {
      for (place, first) in order.enumerated() {
        for second in order[(place + 1)...] {
          try budget.spend(1)
          guard bounds[second].left <= bounds[first].right else { break }
          guard bounds[first].meets(bounds[second]) else { continue }
          let (i, j) = (min(first, second), max(first, second))
          for k in [i, j] where indexes[k] == nil { indexes[k] = try ContourIndex(pieces[k].line, &budget) }
          guard let a = indexes[i], let b = indexes[j] else { continue }
          let relation = try ContourRelation.of(a, b, &budget)
          if relation != .apart { found.append((i, j, relation)) }
          if parting, doubt == nil { doubt = try Self.doubt(pieces[i], a, pieces[j], b, relation, &budget) }
        }
      }
    } catch {
      throw .limit(error)
    }
    if let doubt { throw doubt }
    return found
  }

  /// Why it cannot be told what the inner of two contours is, if so. Lines through centres lie as their voxels do.
  private static func doubt(
    _ first: Piece, _ a: ContourIndex, _ second: Piece, _ b: ContourIndex, _ relation: ContourRelation,
    _ budget: inout ContourBudget
  ) throws(StudyError) -> Ambiguity? {
    guard first.contour != second.contour, !first.line.isThroughCentres, !second.line.isThroughCentres else {
      return nil
    }
    switch relation {
    case .inner, .outer: return try ContourRelation.runTogether(a, b, &budget) ? .rim : nil
    case .crossing:
      let isFirstSmall = first.drawing.enclosed <= second.drawing.enclosed
      let (small, large) = isFirstSmall ? (first, second) : (second, first)
      let shared = try small.drawing.shared(large.drawing, &budget)
      let isHeld = 10 * shared >= 9 * small.drawing.enclosed
      let isRepeated = 10 * shared >= 9 * large.drawing.enclosed
      guard isHeld, !isRepeated, shared * ContourSlice.overlapShare > large.drawing.enclosed,
        try isFirstSmall
          ? ContourRelation.barelyLeaves(a, b, &budget) : ContourRelation.barelyLeaves(b, a, &budget)
      else { return nil }
      return .holeOrUnion(shared)
    default: return nil
    }
  }
}
