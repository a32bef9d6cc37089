internal import Documents
internal import Errors
internal import Files
internal import Glibc
internal import Intake

/// The children that examine whether studies are complete. On the daemon's thread.
final class ProbeRunner {
  private struct Running {
    var child: Child
    var output: ChildOutput
  }

  private let layout: Layout
  private let operations: any FileOperations
  private let ended: @Sendable (InboxEntry, Int) -> Void
  private var running: [Int: Running] = [:]

  /// - Parameter ended: called from any thread when a probe has ended; it is reaped by `report`.
  init(_ layout: Layout, _ operations: any FileOperations, ended: @escaping @Sendable (InboxEntry, Int) -> Void) {
    self.layout = layout
    self.operations = operations
    self.ended = ended
  }

  /// A probe's own folder: archives are opened there.
  func folder(_ token: Int) -> Path { layout.work / "probe.\(token)" }

  func start(_ entry: InboxEntry, _ token: Int, _ worker: WorkerCommand) throws {
    let folder = folder(token)
    let output = ChildOutput(limit: 1 << 20)
    try? operations.remove(folder)
    try? operations.makeFolder(folder, mode: 0o700)
    let (command, input) = worker.probe(layout.inbox / entry, in: folder)
    let child = try Child.start(
      command, folder: folder, input: input, output: { output.append($0) },
      ended: { [ended] in ended(entry, token) })
    running[token] = Running(child: child, output: output)
  }

  func kill(_ token: Int) { running[token]?.child.signal(SIGKILL) }

  /// Answer of a probe that has ended.
  func report(_ token: Int) -> ProbeReport? {
    guard let probe = running.removeValue(forKey: token) else { return nil }
    let end = probe.child.reap()
    let output = probe.output.contents
    return ProbeReport(
      exit: end.exit, signal: end.signal, verdict: ProbeAnswer.verdict(exit: end.exit, output: output),
      memory: ProbeAnswer.memory(exit: end.exit, output: output), content: ProbeAnswer.content(output))
  }
}
