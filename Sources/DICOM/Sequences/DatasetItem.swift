/// One item of a `DatasetTree`: access to its values by tag (0xGGGGEEEE).
package struct DatasetItem: Sendable {
  let tree: DatasetTree
  let index: Int

  private func element(_ tag: UInt32) -> DatasetTree.Element? {
    tree.items[index].elements.first { $0.tag == tag }
  }

  /// The items of a sequence; none where it is absent.
  package func items(_ tag: UInt32) -> [DatasetItem] {
    element(tag)?.items.map { DatasetItem(tree: tree, index: $0) } ?? []
  }

  /// Units of the item's Real World Value Mappings (0040,9096): code values of Measurement Units (0040,08EA).
  package var realWorldUnits: [String] {
    items(0x0040_9096).compactMap { $0.item(0x0040_08EA)?.code(0x0008_0100) }
  }

  /// The first item of a sequence.
  package func item(_ tag: UInt32) -> DatasetItem? { items(tag).first }

  /// A value without the padding around it; nil where it is absent or empty.
  package func bytes(_ tag: UInt32) -> ArraySlice<UInt8>? {
    guard let element = element(tag) else { return nil }
    return trimmed(tree.bytes[element.value])
  }

  /// A value of the default repertoire (UI, CS, DS, IS, SH of codes). Other bytes appear as `?`.
  package func code(_ tag: UInt32) -> String? { bytes(tag).map(asciiText) }

  /// A UID: digits and dots, or nil.
  package func uid(_ tag: UInt32) -> String? {
    guard let bytes = bytes(tag), bytes.count <= 64,
      bytes.allSatisfy({ $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return asciiText(bytes)
  }

  /// All decimal strings of a value (VR DS); nil where one of them is not a finite number.
  package func decimals(_ tag: UInt32) -> [Double]? {
    guard let bytes = bytes(tag) else { return nil }
    var numbers: [Double] = []
    for part in bytes.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false) {
      guard let value = trimmed(part), value.count <= 64, value.allSatisfy(isDecimalCharacter),
        let number = Double(asciiText(value)), number.isFinite
      else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// The first number of a value of VR IS.
  package func integer(_ tag: UInt32) -> Int? {
    guard let part = bytes(tag)?.split(separator: UInt8(ascii: "\\"), maxSplits: 1).first else { return nil }
    return trimmed(part).flatMap { Int(asciiText($0)) }
  }

  /// The valid numbers of a value of VR IS; at most 65,536 of them.
  package func integers(_ tag: UInt32) -> [Int] {
    guard let bytes = bytes(tag) else { return [] }
    return bytes.split(separator: UInt8(ascii: "\\")).prefix(65_536).compactMap {
      trimmed($0).flatMap { Int(asciiText($0)) }
    }
  }

  /// The first number of a value of VR US or UL, by its length.
  package func unsigned(_ tag: UInt32) -> Int? {
    guard let range = element(tag)?.value, range.count >= 2 else { return nil }
    let count = range.count == 4 ? 4 : 2
    var value = 0
    for i in 0..<count {
      value =
        value << 8
        | Int(tree.bytes[range.lowerBound + (tree.items[index].isBigEndian ? i : count - 1 - i)])
    }
    return value
  }
}

/// Without spaces and NULs around it; nil where nothing else is left.
private func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
  func isPadding(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0 }
  guard let first = bytes.firstIndex(where: { !isPadding($0) }), let last = bytes.lastIndex(where: { !isPadding($0) })
  else { return nil }
  return bytes[first...last]
}

private func asciiText(_ bytes: ArraySlice<UInt8>) -> String {
  if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
  return String(decoding: bytes.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
}
