import Errors

/// The axes of an NRRD file: three of space, and at most one list axis for layers.
struct NRRDAxes {
  let size: SIMD3<Int>
  let layers: Int
  /// Position of the list among the axes; nil where there is no list.
  let listAxis: Int?
  let directions: [Vector3]

  /// 3D Slicer needs a layer only for segments that overlap.
  static let mostLayers = 1024

  /// - Parameter isLegacy: four axes of space, where the last counts 3D Slicer's segments.
  /// - Throws: the errors that `unsupported` and `wrong` make.
  init(
    dimension: String, sizes: String, directions: String, kinds: String?, isLegacy: Bool,
    unsupported: (String) -> StudyError, wrong: (String) -> StudyError
  ) throws {
    let count = Int(dimension)
    let kinds = (kinds ?? "").lowercased().split(separator: " ")
    var list: Int?
    if count == 4 {
      let lists = isLegacy ? [3] : kinds.indices.filter { kinds[$0] == "list" || kinds[$0].hasSuffix("vector") }
      guard isLegacy || kinds.count == 4, lists.count == 1, lists[0] == 0 || lists[0] == 3 else {
        throw unsupported("dimension is 4 and its kinds do not say which axis is the list of layers")
      }
      list = lists[0]
    } else if count != 3 {
      throw unsupported("dimension is \(dimension.prefix(20)): the image is not a volume")
    }
    var lengths = sizes.split(separator: " ").map { Int($0) ?? 0 }
    guard lengths.count == count, lengths.allSatisfy({ (1...65535).contains($0) }) else { throw wrong("sizes") }
    var text = directions
    if let list {
      layers = lengths.remove(at: list)
      guard layers <= Self.mostLayers else { throw wrong("sizes") }
      if !isLegacy {
        // The list has no direction.
        guard list == 0 ? text.hasPrefix("none") : text.hasSuffix("none") else { throw wrong("space directions") }
        text = String(list == 0 ? text.dropFirst(4) : text.dropLast(4))
        while text.last == " " { text.removeLast() }
      }
    } else {
      layers = 1
    }
    listAxis = list
    size = SIMD3(lengths[0], lengths[1], lengths[2])
    let vectors = isLegacy ? Self.spatial(text) : Self.vectors(text)
    guard vectors.count == 3 else { throw wrong("space directions") }
    self.directions = vectors
  }

  /// The fields of an image of two dimensions as those of a volume of one slice, whose third axis is that of space.
  static func oneSlice(_ fields: [String: String]) -> [String: String] {
    var fields = fields
    func spatial(_ text: String?) -> String {
      (text ?? "").split(separator: ")").map { $0.filter { $0 != " " && $0 != "(" } }.filter { !$0.isEmpty }
        .map { "(\($0),0)" }.joined(separator: " ")
    }
    fields["dimension"] = "3"
    fields["space"] = "left-posterior-superior"
    fields["space dimension"] = nil
    fields["sizes"] = fields["sizes"].map { $0 + " 1" }
    fields["space directions"] = spatial(fields["space directions"]) + " (0,0,1)"
    fields["space origin"] = spatial(fields["space origin"])
    return fields
  }

  /// `(1,0,0) (0,1,0)` as vectors; empty where one of them is not three finite numbers.
  static func vectors(_ text: String) -> [Vector3] {
    let vectors = numbers(text)
    return vectors.allSatisfy { $0.count == 3 } ? vectors.map { Vector3($0[0], $0[1], $0[2]) } : []
  }

  /// The first three of `(1,0,0,0) (0,1,0,0) (0,0,1,0) (0,0,0,1)`; empty where the fourth axis is not separate.
  static func spatial(_ text: String) -> [Vector3] {
    let vectors = numbers(text)
    guard vectors.count == 4, vectors.allSatisfy({ $0.count == 4 }), vectors[3][..<3].allSatisfy({ $0 == 0 }),
      vectors[..<3].allSatisfy({ $0[3] == 0 })
    else { return [] }
    return vectors[..<3].map { Vector3($0[0], $0[1], $0[2]) }
  }

  /// The numbers of each vector; empty where one is not finite.
  static func numbers(_ text: String) -> [[Double]] {
    let vectors = text.split(separator: ")").map { part in
      part.drop { $0 == " " || $0 == "(" }.split(separator: ",").map { number in
        Double(String(number.filter { $0 != " " })) ?? .nan
      }
    }
    return vectors.allSatisfy { $0.allSatisfy(\.isFinite) } ? vectors : []
  }
}
