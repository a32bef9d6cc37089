internal import Configuration
internal import Files
internal import Intake
internal import Jobs

extension Service {
  /// Shows how a study in the inbox stands.
  func showWaiting(_ entry: InboxEntry) {
    guard let study = settling.studies[entry] else { return }
    let name = title(entry)
    // Whoever answers reads the question meanwhile.
    if let job = jobs.inReview(name) {
      show(job)
      return
    }
    if entries[entry]?.forbidden?.listing == study.listing.fingerprint {
      let hint = "give the daemon's group permission to read it: chmod -R g+rX"
      status.show(name, .init("waiting", "E_PERMISSION: the study may not be read", hint: hint))
      return
    }
    switch study.phase {
    case .settling:
      status.show(
        name,
        .init("waiting", "being copied, or copied a moment ago", hint: "a file READY in the folder shortens the wait"))
    case .probing: status.show(name, .init("checking", "the study is being looked at"))
    case .ready where entries[entry]?.lacksSpace == true: showNoRoom(name, study.listing)
    case .ready where intake.until != nil:
      status.show(name, .init("waiting", intakeReason, hint: "it goes on by itself when that is over"))
    case .ready: status.show(name, .init("waiting", "complete; waits for its turn"))
    // The choice that its job waits for comes with the next run; what the job asks stays shown.
    case .incomplete where study.listing.choicesOwner != nil && jobs.hasOpen(entry.name): break
    case .incomplete(let error):
      status.show(
        name,
        .init(
          "incomplete", "\(error.code): \(error.message)",
          hint: error.hint.isEmpty ? "copy what is missing" : error.hint))
    case .unfinished(let file):
      status.show(name, .init("waiting", "still being copied: \(file)", hint: "if the copy is over, remove that file"))
    case .written(let file):
      status.show(
        name,
        .init(
          "waiting", "a program has a file open to write: \(file)",
          hint: "it goes on by itself when that program has closed it"))
    case .sparse(let file):
      status.show(
        name,
        .init(
          "waiting", "parts of a file were never written: \(file)",
          hint: "if the copy was interrupted, copy that file again; a file that is meant to hold such zeros is taken"
            + " when nothing has changed for \(Int(configuration.incomplete)) s"))
    case .empty: status.show(name, .init("waiting", "the folder is empty", hint: "copy the study into it"))
    case .kept: break
    }
  }

  /// The name under which an entry of the inbox is shown: an archive's without its suffix.
  func title(_ entry: InboxEntry) -> FileName {
    entries[entry]?.isArchive == true ? entry.name.archiveTitle ?? entry.name : entry.name
  }

  /// Shows how a job stands.
  func show(_ job: Job) {
    guard let name = FileName(job.studyBytes) else { return }
    let id = job.id.text
    switch job.state {
    case .claiming: break
    case .queued: status.show(name, .init("queued", pauseReason ?? "waits for a worker", job: id))
    case .running: status.show(name, .init("running", "is being computed", job: id))
    case .publishing: status.show(name, .init("publishing", "is being put into the outbox", job: id))
    case .retryWait:
      status.show(
        name,
        .init("retrying", "\(job.error?.code ?? ""): \(job.error?.message ?? "")", hint: job.error?.hint ?? "", job: id)
      )
    case .needsReview:
      let error = job.error ?? JobError(code: "", message: "a choice is needed")
      status.show(
        name,
        .init(
          "needs-review", "\(error.code): \(error.message)", job: id,
          advice: ReviewQuestion(error).advice(job: job.id, study: job.study)))
    case .held: status.show(name, .init("held", "held by an operator", job: id))
    case .done:
      if job.hasChangedOriginal { return showChanged(name, job) }
      let rest =
        (job.supersedes == nil ? "" : "; it takes the place of an earlier one")
        + (job.originalAt == Job.inInbox ? "; the original stays in the inbox" : "")
      status.show(name, .init("done", "the result is in the outbox" + rest, job: id, result: job.publishedAs))
    case .rejected where job.hasChangedOriginal, .duplicate where job.hasChangedOriginal: showChanged(name, job)
    case .rejected, .failed:
      status.show(
        name,
        .init(
          job.state.rawValue, "\(job.error?.code ?? ""): \(job.error?.message ?? "")", hint: job.error?.hint ?? "",
          job: id,
          result: job.publishedAs))
    case .duplicate:
      status.show(
        name,
        .init("duplicate", "the same content was computed before", job: id, result: job.publishedAs))
    case .cancelled where job.hasChangedOriginal: showChanged(name, job)
    case .cancelled: status.show(name, .init("cancelled", "cancelled by an operator", job: id))
    }
  }

  /// The study is in the inbox again: what it says from now on is said of the new job.
  private func showChanged(_ name: FileName, _ job: Job) {
    status.show(
      name,
      .init(
        "waiting", "\(job.error?.code ?? ""): \(job.error?.message ?? "")", hint: job.error?.hint ?? "",
        job: job.id.text)
    )
  }

  /// Somebody removed the folder: whoever looked there saw nothing.
  func statusRemade() throws {
    log.warning("the folder of status files was gone; it was made again")
    try record { try store.note(.statusRemade) }
  }
}
