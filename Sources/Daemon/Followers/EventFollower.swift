package import Jobs

/// Something that follows what is on record: a sender of DICOM objects, a webhook, a dashboard's feed.
///
/// A follower has a cursor of its own and sees every event at least once, in order, also those of a time when it was not
/// running. It runs after the commit and beside the daemon: it may fail, hang or lag without touching a job.
package protocol EventFollower: Sendable {
  /// One plain word; names its cursor.
  var name: String { get }

  /// Takes events in order. The cursor moves behind them when this returns; when it throws, the same events come again
  /// after a while.
  func follow(_ events: [Event], in record: JobStore) throws
}

/// A follower of publications alone.
package protocol ResultExporter: Sendable {
  var name: String { get }

  /// Sends a result or a refusal that is in the outbox. It may be called again for the same job.
  func export(_ job: Job, result: ResultRecord?) throws
}

/// Makes an exporter follow the record.
package struct PublicationFollower<Exporter: ResultExporter>: EventFollower {
  package let exporter: Exporter

  package init(_ exporter: Exporter) { self.exporter = exporter }

  package var name: String { exporter.name }

  package func follow(_ events: [Event], in record: JobStore) throws {
    for event in events where event.kind == .published {
      // A job that is gone from an older database has nothing to send.
      guard let id = event.job, let job = try record.job(id) else { continue }
      try exporter.export(job, result: try record.result(of: id))
    }
  }
}
