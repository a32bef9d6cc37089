/// The word that a person may have meant.
package enum NearestWord {
  /// The one of `words` that differs from `text` by the fewest letters inserted, omitted, exchanged or swapped with the
  /// next: at most two, and at most half of them. Nil where none is that close, or two are equally close.
  package static func of(_ text: String, in words: [String]) -> String? {
    let wanted = Array(text.lowercased().prefix(64))
    let near = words.map { ($0, distance(wanted, Array($0))) }.filter { $0.1 <= min(2, $0.0.count / 2) }
    guard let least = near.map(\.1).min() else { return nil }
    let nearest = near.filter { $0.1 == least }
    return nearest.count == 1 ? nearest[0].0 : nil
  }

  static func distance(_ a: String, _ b: String) -> Int { distance(Array(a), Array(b)) }

  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var least = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
