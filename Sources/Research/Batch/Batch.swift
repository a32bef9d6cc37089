import Errors
internal import Files
internal import Imaging
internal import Parallel
package import Radiomics
internal import Study
internal import Synchronization

/// Features of many cases: reads a table, computes several cases in parallel within memory, and writes one row per
/// case.
package struct Batch: Sendable {
  package enum Format: Sendable { case csv, json }

  /// The output for a case.
  package enum Content: Sendable {
    case features
    /// Maps by voxel, in a folder for each case.
    case maps
  }

  /// The progress of a batch.
  package struct Progress: Sendable {
    package let done: Int
    package let failed: Int
    package let total: Int
    /// Estimated seconds for the rest at the current pace; nil before anything was computed.
    package let secondsLeft: Double?
  }

  package let table: BatchTable
  package let profile: ExtractionProfile
  /// The file to write; for maps the folder, in which `cases.csv` or `cases.json` is.
  package let output: String
  package let content: Content
  package let format: Format
  /// Number of cases in parallel.
  package let jobs: Int
  /// Threads of each.
  package let threads: Int
  /// Bytes of memory for all of them; nil uses the available memory.
  package let memoryLimit: Int?

  package init(
    table: BatchTable, profile: ExtractionProfile, output: String, format: Format, jobs: Int, threads: Int,
    memoryLimit: Int?, content: Content = .features
  ) {
    self.content = content
    self.table = table
    self.profile = profile
    self.output = output
    self.format = format
    self.jobs = max(1, jobs)
    self.threads = max(1, threads)
    self.memoryLimit = memoryLimit
  }

  /// Computes the missing rows and writes the output when every case has its row.
  ///
  /// - Parameters:
  ///   - resume: keep the rows that an interrupted run finished; its failures and cases whose files changed are computed.
  ///   - note: called with notes for the reader of the output.
  ///   - progress: called after each case, from any thread, never concurrently.
  /// - Returns: the number of cases that failed.
  /// - Throws: `E_IO`, `E_BATCH_TABLE`.
  package func run(
    resume: Bool, note: (String) -> Void = { _ in }, progress: @escaping @Sendable (Progress) -> Void
  ) throws -> Int {
    table.notes.forEach(note)
    if content == .maps { try VoxelMapFolder(path: output).make() }
    var journal = BatchJournal(output: rowsPath, table: table, profile: profile)
    var kept: [Int: BatchRow] = [:]
    for row in resume ? try journal.rows() : []
    where row.succeeded && table.cases.indices.contains(row.index)
      && row.fingerprint == BatchRow.fingerprint(table.cases[row.index]) && isComplete(row)
    { kept[row.index] = row }
    try journal.begin(keeping: kept.values.sorted { $0.index < $1.index })

    let left = table.cases.indices.filter { kept[$0] == nil }
    let state = Mutex(State(rows: kept))
    let limit = memoryLimit ?? MemoryBudget.available
    let gate = MemoryGate(limit: limit)
    let clock = ContinuousClock()
    let start = clock.now
    let open = journal
    Parallel.forEach(left.count, threads: jobs) { turn in
      guard state.withLock({ $0.failure == nil }) else { return }
      let index = left[turn]
      gate.run(bytes: Self.estimate(table.cases[index])) {
        let row = BatchRow(
          computing: index, of: table.cases[index], profile: profile, threads: threads, memoryLimit: limit,
          mapsInto: content == .maps ? output : nil)
        state.withLock { state in
          do { try open.append(row) } catch { state.failure = state.failure ?? error }
          state.rows[index] = row
          state.computed += 1
          let elapsed = clock.now - start
          let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
          progress(
            Progress(
              done: state.rows.count, failed: state.rows.values.count { !$0.succeeded }, total: table.cases.count,
              secondsLeft: seconds / Double(state.computed) * Double(left.count - state.computed)))
        }
      }
    }
    let (rows, failure) = state.withLock { state in
      (table.cases.indices.compactMap { state.rows[$0] }, state.failure)
    }
    if let failure { throw failure }
    let named = table.renamed(beside: BatchOutput.columns(rows, content))
    if format == .csv { named.notes.forEach(note) }
    try writeFile(
      format == .csv ? BatchOutput.csv(named.table, rows, content) : BatchOutput.json(table, rows), to: rowsPath)
    journal.remove()
    return rows.count { !$0.succeeded }
  }

  /// The file with one row per case.
  private var rowsPath: String {
    switch content {
    case .features: output
    case .maps: output + (format == .csv ? "/cases.csv" : "/cases.json")
    }
  }

  /// Whether the files of a row still exist: a folder of maps may have been removed.
  private func isComplete(_ row: BatchRow) -> Bool {
    guard content == .maps else { return true }
    return row.maps.map { VoxelMapFolder(path: output + "/" + $0.folder).isComplete } ?? false
  }

  private struct State {
    var rows: [Int: BatchRow]
    var computed = 0
    var failure: (any Error)?
  }

  /// Bytes that a case needs, from its headers: image, mask and filtered copies. Unreadable files count as 0.
  private static func estimate(_ item: BatchTable.Case) -> Int {
    guard let grid = try? ExtractionInput.readGeometry(item.image) else { return 0 }
    let (bytes, overflow) = grid.count.multipliedReportingOverflow(by: 24)
    return overflow ? .max / 4 : bytes
  }
}
