internal import Configuration
internal import Dispatch
internal import Files
internal import Intake
internal import Jobs

/// The world as the runtime reaches it.
struct Ports: Sendable {
  let layout: Layout
  let operations: any FileOperations
  let source: any StudySource
  let sink: any ResultSink
  let executor: any JobExecutor
  let claims: Claims
  let spool: Spool

  init(_ layout: Layout, _ options: ServiceOptions, report: @escaping @Sendable (RunHandle, RunNews) -> Void) {
    self.layout = layout
    operations = options.operations
    source = FolderSource(layout, operations, isReadOnly: options.isReadOnly)
    sink = OutboxSink(layout, operations)
    executor = options.executor?(report) ?? ProcessExecutor(report: report)
    claims = Claims(layout, operations)
    spool = Spool(layout, operations)
  }
}

/// Queues for work that may take long: a share that hangs blocks one queue and not the daemon.
struct Queues: Sendable {
  let scan = DispatchQueue(label: "radiomicsd.scan")
  let intake = DispatchQueue(label: "radiomicsd.intake")
  let check = DispatchQueue(label: "radiomicsd.check")
  let compare = DispatchQueue(label: "radiomicsd.compare")
  let publish = DispatchQueue(label: "radiomicsd.publish")
  let sweep = DispatchQueue(label: "radiomicsd.sweep")
}
