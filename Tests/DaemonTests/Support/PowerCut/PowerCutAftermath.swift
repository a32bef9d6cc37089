import Files
import Foundation
import Intake

/// Decides where each file and folder is after a power cut, and makes the folder so.
///
/// What is as it was is moved whole, so that inodes and times stay, as they do on a disk.
struct PowerCutAftermath {
  private let disk: PowerCutDisk
  private let loss: PowerCutLoss
  private var generator: SeededGenerator
  /// Where the kernel showed each node, as a path.
  private var shown: [ObjectIdentifier: String] = [:]
  private var current: [ObjectIdentifier: (folder: DiskNode, name: FileName)] = [:]
  private var synced: [ObjectIdentifier: [(folder: DiskNode, name: FileName)]] = [:]
  private var nodes: [DiskNode] = []
  /// What each folder holds afterwards.
  private var after: [ObjectIdentifier: [(name: FileName, node: DiskNode)]] = [:]

  init(_ disk: PowerCutDisk, _ loss: PowerCutLoss) {
    self.disk = disk
    self.loss = loss
    if case .some(let seed) = loss {
      generator = SeededGenerator(seed: seed)
    } else {
      generator = SeededGenerator(seed: 1)
    }
  }

  /// Leaves at the disk's root what the cut left. Nobody may be at work there any more.
  mutating func leave() throws {
    collect(disk.top, at: disk.root)
    collectSynced()
    distribute()
    let draft = disk.root + ".after"
    try make(disk.top, at: draft)
    try FileManager.default.removeItem(atPath: disk.root)
    try FileManager.default.moveItem(atPath: draft, toPath: disk.root)
  }

  /// Everything that the kernel showed.
  private mutating func collect(_ node: DiskNode, at path: String) {
    shown[ObjectIdentifier(node)] = path
    nodes.append(node)
    for (name, entry) in node.entries.sorted(by: { $0.key.display < $1.key.display }) {
      current[ObjectIdentifier(entry)] = (node, name)
      collect(entry, at: path + "/" + String(decoding: name.bytes, as: UTF8.self))
    }
  }

  /// Everything that is on disk, shown or not; the list of nodes grows meanwhile.
  private mutating func collectSynced() {
    var known = Set(nodes.map { ObjectIdentifier($0) })
    var index = 0
    while index < nodes.count {
      let folder = nodes[index]
      index += 1
      for (name, entry) in folder.syncedEntries.sorted(by: { $0.key.display < $1.key.display }) {
        synced[ObjectIdentifier(entry), default: []].append((folder, name))
        if known.insert(ObjectIdentifier(entry)).inserted { nodes.append(entry) }
      }
    }
  }

  private mutating func distribute() {
    var places: [(node: DiskNode, folder: DiskNode, name: FileName)] = []
    for node in nodes where node !== disk.top {
      if let place = place(of: node) { places.append((node, place.folder, place.name)) }
    }
    // Nothing can have moved into a folder that is not there: then it is where it was.
    for _ in 0..<8 {
      let reached = reachable(places)
      var isMended = false
      for index in places.indices where !reached.contains(ObjectIdentifier(places[index].folder)) {
        let old = synced[ObjectIdentifier(places[index].node)] ?? []
        guard let place = old.first(where: { reached.contains(ObjectIdentifier($0.folder)) }) else { continue }
        (places[index].folder, places[index].name) = (place.folder, place.name)
        isMended = true
      }
      if !isMended { break }
    }
    // Who has a name by the last word of the kernel has it before one who was to lose it.
    places.sort { isLast($0) && !isLast($1) }
    for place in places
    where !after[ObjectIdentifier(place.folder), default: []].contains(where: { $0.name == place.name }) {
      after[ObjectIdentifier(place.folder), default: []].append((place.name, place.node))
    }
  }

  private func isLast(_ place: (node: DiskNode, folder: DiskNode, name: FileName)) -> Bool {
    place.folder.entries[place.name] === place.node
  }

  private func reachable(_ places: [(node: DiskNode, folder: DiskNode, name: FileName)]) -> Set<ObjectIdentifier> {
    var below: [ObjectIdentifier: [DiskNode]] = [:]
    for place in places { below[ObjectIdentifier(place.folder), default: []].append(place.node) }
    var reached: Set<ObjectIdentifier> = []
    var next = [disk.top]
    while let node = next.popLast() {
      if reached.insert(ObjectIdentifier(node)).inserted { next += below[ObjectIdentifier(node)] ?? [] }
    }
    return reached
  }

  /// Where a node is found after the cut: at its old place, its new one, or nowhere.
  private mutating func place(of node: DiskNode) -> (folder: DiskNode, name: FileName)? {
    let new = current[ObjectIdentifier(node)]
    let old = synced[ObjectIdentifier(node)] ?? []
    if let new, old.contains(where: { $0.folder === new.folder && $0.name == new.name }) { return new }
    switch loss {
    case .everything: return old.first
    case .contents: return new
    case .some: return Bool.random(using: &generator) ? new : old.first ?? (isMade(node) ? nil : new)
    }
  }

  /// It is new, not moved from somewhere.
  private func isMade(_ node: DiskNode) -> Bool { node.isFolder ? node.syncedEntries.isEmpty : node.synced == nil }

  private mutating func content(of node: DiskNode) -> [UInt8] {
    guard node.synced != node.content else { return node.content }
    guard case .some = loss else { return node.synced ?? [] }
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: return node.content
    case 1: return Array(node.content.prefix(node.content.count / 2))
    case 2: return [UInt8](repeating: 0, count: node.content.count)
    default: return node.synced ?? []
    }
  }

  private func isAsShown(_ node: DiskNode) -> Bool {
    guard shown[ObjectIdentifier(node)] != nil else { return false }
    guard node.isFolder else { return node.synced == node.content }
    let kept = after[ObjectIdentifier(node)] ?? []
    return kept.count == node.entries.count
      && kept.allSatisfy { node.entries[$0.name] === $0.node && isAsShown($0.node) }
  }

  private mutating func make(_ node: DiskNode, at path: String) throws {
    let old = shown[ObjectIdentifier(node)]
    let isWork = old?.contains("/state/work/") ?? false
    if let old, !isWork, node !== disk.top, isAsShown(node) {
      try FileManager.default.moveItem(atPath: old, toPath: path)
      return
    }
    guard node.isFolder else {
      try Data(content(of: node)).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes([.posixPermissions: node.mode], ofItemAtPath: path)
      return
    }
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: node.mode])
    for (name, entry) in after[ObjectIdentifier(node)] ?? [] {
      try make(entry, at: path + "/" + String(decoding: name.bytes, as: UTF8.self))
    }
    guard let old else { return }
    // What others wrote: the database, requests, status; and a worker, which syncs nothing.
    for name in try FileManager.default.contentsOfDirectory(atPath: old).sorted()
    where node.entries[FileName(name)!] == nil && !FileManager.default.fileExists(atPath: path + "/" + name) {
      if isWork {
        try leaveWork(old + "/" + name, at: path + "/" + name)
      } else {
        try FileManager.default.moveItem(atPath: old + "/" + name, toPath: path + "/" + name)
      }
    }
  }

  private mutating func leaveWork(_ old: String, at path: String) throws {
    switch loss {
    case .everything: return
    case .some where Bool.random(using: &generator): try FileManager.default.moveItem(atPath: old, toPath: path)
    case .contents, .some: _ = FileManager.default.createFile(atPath: path, contents: Data())
    }
  }
}
