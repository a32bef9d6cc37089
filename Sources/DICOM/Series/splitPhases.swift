import Errors
import Files
import Imaging

/// Splits a series in which positions repeat into its phases, each a series of its own with a `part`.
///
/// Tried in turn: Acquisition Number, Acquisition Time, Content Time, Temporal Position, Trigger Time, first by equal
/// values, then, for times, by the order in which each position was acquired. A split counts only where every part is a
/// complete, even stack; otherwise the series stays unchanged, and `checkGeometry` reports its error.
package func splitPhases(_ series: Series) -> [Series] {
  guard series.isCT, let all = stackedImages(series) else { return [series] }
  // Copies of an image stay with it.
  var originals: [PlacedImage] = []
  var copies: [PlacedImage] = []
  for image in all {
    let isCopy = originals.reversed().prefix { isSamePosition($0, image) }
      .contains { $0.header.isSameInstance(as: image.header) }
    if isCopy { copies.append(image) } else { originals.append(image) }
  }
  guard zip(originals, originals.dropFirst()).contains(where: isSamePosition) else { return [series] }
  let placed = Set(all.map { ImageKey($0.header) })
  let others = series.images.filter { !placed.contains(ImageKey($0)) }
  for key in PhaseAttributes.Key.allCases {
    for groups in [byValue(originals, key), key.isTime ? byOrder(originals, key) : []] {
      if let parts = accept(groups, copies, others, of: series, key) { return parts }
    }
  }
  return [series]
}

/// The images that form the stack or stacks, by height; nil where the series cannot be one in any case.
private func stackedImages(_ series: Series) -> [PlacedImage]? {
  guard var selection = try? SliceSelection(series), (try? selection.requireOneOrientation()) != nil,
    (try? selection.requireOneSource()) != nil
  else { return nil }
  var images = selection.images
  let normal = images[0].normal
  for i in images.indices { images[i].height = images[i].position.dot(normal) }
  return images.sorted { ($0.height, $0.header.file.name) < ($1.height, $1.header.file.name) }
}

private func isSamePosition(_ a: PlacedImage, _ b: PlacedImage) -> Bool {
  (a.position - b.position).length <= SliceSelection.positionTolerance
}

/// Groups of equal value, in order of the values.
private func byValue(_ images: [PlacedImage], _ key: PhaseAttributes.Key) -> [[PlacedImage]] {
  let groups = Dictionary(grouping: images) { $0.header.phase[key] ?? "" }
  return groups.sorted { (Double($0.key) ?? -1, $0.key) < (Double($1.key) ?? -1, $1.key) }.map(\.value)
}

/// The first image of every position, the second of every position, ...: phases follow each other, so that all images
/// of one are earlier than all of the next. Empty where they are not.
private func byOrder(_ images: [PlacedImage], _ key: PhaseAttributes.Key) -> [[PlacedImage]] {
  var positions: [[(time: Double, image: PlacedImage)]] = []
  for image in images {
    guard let time = image.header.phase[key].flatMap(Double.init) else { return [] }
    if let last = positions.last?.last?.image, image.height - last.height <= SliceSelection.positionTolerance {
      positions[positions.count - 1].append((time, image))
    } else {
      positions.append([(time, image)])
    }
  }
  guard let count = positions.first?.count, count >= 2, positions.allSatisfy({ $0.count == count }) else { return [] }
  let sorted = positions.map { $0.sorted { $0.time < $1.time } }
  for phase in 1..<count {
    let latest = sorted.map { $0[phase - 1].time }.max() ?? 0
    let earliest = sorted.map { $0[phase].time }.min() ?? 0
    guard latest < earliest else { return [] }
  }
  return (0..<count).map { phase in sorted.map { $0[phase].image } }
}

/// The parts as series where each is a sound stack. Images that are not slices of the stack stay with every part, and
/// are listed there as left out.
private func accept(
  _ groups: [[PlacedImage]], _ copies: [PlacedImage], _ others: [ImageHeader], of series: Series,
  _ key: PhaseAttributes.Key
) -> [Series]? {
  guard groups.count >= 2, groups.allSatisfy({ $0.count >= 3 }) else { return nil }
  var parts: [Series] = []
  for group in groups {
    let own = copies.filter { copy in
      group.contains { $0.header.isSameInstance(as: copy.header) && isSamePosition($0, copy) }
    }
    let label = group.compactMap { $0.header.phase[key] }.min { (Double($0) ?? 0) < (Double($1) ?? 0) } ?? "none"
    let part = Series(
      uid: series.uid, part: "\(key.rawValue)-\(label)", images: (group + own).map(\.header) + others)
    guard (try? checkGeometry(part)) != nil else { return nil }
    parts.append(part)
  }
  return Set(parts.map(\.part)).count == parts.count ? parts : nil
}

/// One image of a folder.
private struct ImageKey: Hashable {
  let file: RelativePath
  let frame: Int?

  init(_ header: ImageHeader) {
    file = header.file.name
    frame = header.frame
  }
}
