/// Random contours of one slice, to test the raster of structure sets.
package struct ContourCase: Sendable {
  package typealias Point = ExactContours.Point

  package static let columns = 16
  package static let rows = 14

  /// In eighths of a pixel.
  package var contours: [[Point]] = []
  /// The voxels that the contours were traced around, through centres; nil where they were drawn.
  package var bitmap: [UInt8]?

  /// A drawing, or a bitmap's borders. The same numbers make the same case.
  package init(using random: inout some RandomNumberGenerator) {
    if Int.random(in: 0..<4, using: &random) == 0 {
      trace(&random)
    } else {
      repeat { draw(&random) } while isThroughCentres
    }
  }

  /// More than half of the contours have all their points on centres: then another rule holds, which `trace` tries.
  private var isThroughCentres: Bool {
    2 * contours.count { $0.allSatisfy { $0.x % 8 == 0 && $0.y % 8 == 0 } } > contours.count
  }

  // MARK: Bitmaps

  private mutating func trace(_ random: inout some RandomNumberGenerator) {
    let (columns, rows) = (Self.columns, Self.rows)
    var cells = [UInt8](repeating: 0, count: columns * rows)
    let kind = Int.random(in: 0..<4, using: &random)
    if kind == 0 {
      let share = Int.random(in: 5..<95, using: &random)
      for i in cells.indices { cells[i] = Int.random(in: 0..<100, using: &random) < share ? 1 : 0 }
    } else {
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let (x, y) = (Int.random(in: 0..<columns, using: &random), Int.random(in: 0..<rows, using: &random))
        let radius = Int.random(in: 0..<7, using: &random)
        let wall = kind == 1 ? radius : Int.random(in: 0...1, using: &random)
        let value: UInt8 = kind == 3 && Bool.random(using: &random) ? 0 : 1
        for i in cells.indices {
          let (dx, dy) = (i % columns - x, i / columns - y)
          let distance = kind == 2 ? abs(dx) + abs(dy) : dx * dx + dy * dy
          let (low, high) = kind == 2 ? (radius - wall, radius) : ((radius - wall) * (radius - wall), radius * radius)
          if distance >= (wall == radius ? 0 : low), distance <= high { cells[i] = value }
        }
      }
    }
    bitmap = cells
    let isShort = Bool.random(using: &random)
    contours = BorderTracing.borders(cells, columns: columns, rows: rows).map { border in
      (isShort ? BorderTracing.shortened(border) : border).map { Point(8 * $0.0, 8 * $0.1) }
    }
    if Int.random(in: 0..<8, using: &random) == 0 { contours += contours }
  }

  // MARK: Drawings

  private mutating func draw(_ random: inout some RandomNumberGenerator) {
    contours = []
    let grain = [1, 1, 2, 4, 8].randomElement(using: &random) ?? 1
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      contours.append(shape(grain, &random))
      switch Int.random(in: 0..<12, using: &random) {
      case 0: contours.append(contours[contours.count - 1])
      case 1: contours.append(contours[contours.count - 1].reversed())
      case 2: contours.append(turned(contours[contours.count - 1], &random))
      case 3: contours[contours.count - 1].append(contours[contours.count - 1][0])
      case 4: contours[contours.count - 1] += contours[contours.count - 1]
      case 5, 6: contours.append(inner(contours[contours.count - 1], grain, &random))
      case 7: addKeyhole(grain, &random)
      default: break
      }
    }
    if Int.random(in: 0..<2, using: &random) == 0 { contours.shuffle(using: &random) }
  }

  private func clipped(_ x: Int, _ y: Int, _ grain: Int) -> Point {
    func snapped(_ value: Int) -> Int { Int((Double(value) / Double(grain)).rounded()) * grain }
    return Point(
      max(-4, min(8 * Self.columns - 4, snapped(x))), max(-4, min(8 * Self.rows - 4, snapped(y))))
  }

  private func shape(_ grain: Int, _ random: inout some RandomNumberGenerator) -> [Point] {
    let (width, height) = (8 * Self.columns, 8 * Self.rows)
    func place(_ random: inout some RandomNumberGenerator) -> Point {
      clipped(Int.random(in: 0..<width, using: &random), Int.random(in: 0..<height, using: &random), grain)
    }
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1:
      let (a, b) = (place(&random), place(&random))
      return [Point(a.x, a.y), Point(b.x, a.y), Point(b.x, b.y), Point(a.x, b.y)]
    case 2: return (0..<Int.random(in: 3...6, using: &random)).map { _ in place(&random) }
    case 3:
      // A row, a column or a diagonal out and back.
      let (a, b) = (place(&random), place(&random))
      return [a, b, a, clipped(a.x + grain, a.y, grain)]
    default:
      // Rays from a middle, in order.
      let middle = place(&random)
      let rays = [
        (8, 0), (7, 4), (4, 7), (0, 8), (-4, 7), (-7, 4), (-8, 0), (-7, -4), (-4, -7), (0, -8), (4, -7), (7, -4),
      ]
      let size = Int.random(in: 2...7, using: &random)
      return rays.filter { _ in Int.random(in: 0..<4, using: &random) > 0 }.prefix(12).map { ray in
        let length = Int.random(in: max(1, size - 3)...size, using: &random)
        return clipped(middle.x + ray.0 * length, middle.y + ray.1 * length, grain)
      } + [clipped(middle.x + 8 * size, middle.y - 8, grain), clipped(middle.x + 8, middle.y - 8 * size, grain)]
    }
  }

  private func turned(_ line: [Point], _ random: inout some RandomNumberGenerator) -> [Point] {
    let start = Int.random(in: 0..<line.count, using: &random)
    return Array(line[start...] + line[..<start])
  }

  /// The line drawn smaller, from its middle: a hole, where it is round.
  private func inner(_ line: [Point], _ grain: Int, _ random: inout some RandomNumberGenerator) -> [Point] {
    let x = line.reduce(0) { $0 + $1.x } / line.count
    let y = line.reduce(0) { $0 + $1.y } / line.count
    // A rim of less than a pixel is refused: most lines leave more, and every twentieth may be any.
    let (columns, rows) = (line.map(\.x).sorted(), line.map(\.y).sorted())
    let half = min(columns[columns.count - 1] - columns[0], rows[rows.count - 1] - rows[0]) / 2
    let isAny = Int.random(in: 0..<20, using: &random) == 0
    let most = isAny || half == 0 ? 7 : max(2, 8 - (8 * 16 + half - 1) / half)
    let parts = Int.random(in: 2...most, using: &random)
    let inner = line.map { clipped(x + ($0.x - x) * parts / 8, y + ($0.y - y) * parts / 8, grain) }
    return Bool.random(using: &random) ? inner : inner.reversed()
  }

  private mutating func addKeyhole(_ grain: Int, _ random: inout some RandomNumberGenerator) {
    let outer = contours[contours.count - 1]
    let hole = inner(outer, grain, &random)
    contours[contours.count - 1] = outer + [outer[0]] + hole + [hole[0]]
  }
}

/// Random numbers from bytes, for fuzzers; when they are used up, from what they were.
package struct ByteRandom: RandomNumberGenerator {
  private var bytes: ArraySlice<UInt8>
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  package init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

  package mutating func next() -> UInt64 {
    // Two bytes decide: ranges here are small, and a mutation changes one decision. Their bits are spread, as ranges are
    // taken from the high ones.
    let taken = bytes.prefix(2)
    bytes = bytes.dropFirst(2)
    for byte in taken { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    if taken.isEmpty { state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407 }
    var x = state
    x ^= x >> 33
    x &*= 0xFF51_AFD7_ED55_8CCD
    return x ^ (x >> 33)
  }
}
