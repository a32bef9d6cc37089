internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// Texts for users about a study, in `status`.
enum StatusNotes {
  typealias Note = StatusBoard.Note

  /// Text of a study in the inbox; nil where the present one stays.
  static func note(of study: WaitingStudy, _ entry: InboxEntry, _ core: Coordinator) -> Note? {
    let record = core.inbox.entries[entry]
    if record?.forbidden?.listing == study.listing.fingerprint {
      let hint = "give the daemon's group permission to read it: chmod -R g+rX"
      return Note("waiting", "E_PERMISSION: the study may not be read", hint: hint)
    }
    switch study.phase {
    case .settling:
      return Note(
        "waiting", "being copied, or copied a moment ago", hint: "a file READY in the folder shortens the wait")
    case .probing: return Note("checking", "the study is being looked at")
    case .ready where record?.lacksSpace == true: return noRoom(study.listing, core)
    case .ready where core.gate.pause.until != nil:
      return Note("waiting", core.gate.reason, hint: "it goes on by itself when that is over")
    case .ready: return Note("waiting", "complete; waits for its turn")
    // The choice that its job waits for comes with the next run; the job's question stays shown.
    case .incomplete where study.listing.choicesOwner != nil && core.jobs.hasOpen(entry.name): return nil
    case .incomplete(let error):
      return Note(
        "incomplete", "\(error.code): \(error.message)", hint: error.hint.isEmpty ? "copy what is missing" : error.hint)
    case .unfinished(let file):
      return Note("waiting", "still being copied: \(file)", hint: "if the copy is over, remove that file")
    case .written(let file):
      return Note(
        "waiting", "a program has a file open to write: \(file)",
        hint: "it goes on by itself when that program has closed it")
    case .sparse(let file):
      return Note(
        "waiting", "parts of a file were never written: \(file)",
        hint: "if the copy was interrupted, copy that file again; a file that is meant to hold such zeros is taken"
          + " when nothing has changed for \(Int(core.configuration.incomplete)) s")
    case .empty: return Note("waiting", "the folder is empty", hint: "copy the study into it")
    case .kept: return nil
    }
  }

  private static func noRoom(_ listing: Listing, _ core: Coordinator) -> Note {
    let free =
      core.gate.space.map { "\($0.bytes >> 20) MiB and \($0.inodes.map { "\($0)" } ?? "any number of") files" }
      ?? "none"
    let needed = IntakeGate.needed(listing.bytes, reserve: core.configuration.reserve) >> 20
    return Note(
      "waiting_space",
      "\(ErrorCode.noSpace.name): it needs \(needed) MiB and \(2 * listing.files + 64) files where studies are computed; free are \(free)",
      hint: "free space there; the study is taken by itself then")
  }

  /// Text of a job; nil where the present one stays.
  static func note(of job: Job, pauseReason: String?) -> Note? {
    let id = job.id.text
    let error = "\(job.error?.code ?? ""): \(job.error?.message ?? "")"
    let hint = job.error?.hint ?? ""
    switch job.state {
    case .claiming: return nil
    case .queued: return Note("queued", pauseReason ?? "waits for a worker", job: id)
    case .running: return Note("running", "is being computed", job: id)
    case .publishing: return Note("publishing", "is being put into the outbox", job: id)
    case .retryWait: return Note("retrying", error, hint: hint, job: id)
    case .needsReview:
      let error = job.error ?? JobError(code: "", message: "a choice is needed")
      return Note(
        "needs-review", "\(error.code): \(error.message)", job: id,
        advice: ReviewQuestion(error).advice(job: job.id, study: job.study))
    case .held: return Note("held", "held by an operator", job: id)
    // The study is in the inbox again: from now on its status is that of the new job.
    case .done where job.hasChangedOriginal, .rejected where job.hasChangedOriginal,
      .duplicate where job.hasChangedOriginal, .cancelled where job.hasChangedOriginal:
      return Note("waiting", error, hint: hint, job: id)
    case .done:
      let rest =
        (job.supersedes == nil ? "" : "; it takes the place of an earlier one")
        + (job.originalAt == Job.inInbox ? "; the original stays in the inbox" : "")
      return Note("done", "the result is in the outbox" + rest, job: id, result: job.publishedAs)
    case .rejected, .failed:
      return Note(job.state.rawValue, error, hint: hint, job: id, result: job.publishedAs)
    case .duplicate:
      return Note("duplicate", "the same content was computed before", job: id, result: job.publishedAs)
    case .cancelled: return Note("cancelled", "cancelled by an operator", job: id)
    }
  }
}
