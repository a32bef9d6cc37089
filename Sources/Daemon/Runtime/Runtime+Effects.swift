internal import Configuration
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

/// Each effect, carried out.
extension Runtime {
  /// - Returns: answers that are known at once; others come as messages.
  func carryOut(_ effect: Effect) throws -> Coordinator.Event? {
    switch effect {
    case .commit: return nil
    case .note(let note): try record.note(note)
    case .startWatcher, .stopWatcher, .list, .remake, .makeUrgent, .probe, .endProbe:
      return try carryOutInInbox(effect)
    case .measureSpace: return .spaceMeasured(options.freeSpace(layout.state))
    case .take, .copyAgain, .discardCopy, .discardClaim, .readInputs: return try carryOutInSpool(effect)
    case .measureCapacity, .prepare, .start, .cancel, .verify: return try carryOutRun(effect)
    case .compare, .publish, .sweep, .purge, .dropAgain: return try carryOutAfterRun(effect)
    case .answer(let name, let answer): try? requests.answer(name, answer)
    case .show(let name, let note): status.show(name, note)
    case .clear(let name): status.clear(name)
    case .close(let name): status.close(name)
    case .log(let line): log.write(line)
    }
    return nil
  }

  private func carryOutInInbox(_ effect: Effect) throws -> Coordinator.Event? {
    switch effect {
    case .startWatcher(let generation):
      do {
        try watcher.start(
          options.watcher ?? "", layout,
          records: { [mailbox] in mailbox.post(.event(.watched(generation: generation, $0))) },
          ended: { [mailbox] in mailbox.post(.watcherEnded(generation: generation)) })
      } catch {
        return .watcherFailed(generation: generation, error)
      }
    case .stopWatcher(let restarts): watcher.signal(restarts ? SIGKILL : SIGTERM)
    case .list(let request): perform(queues.scan) { [source = ports.source] in .event(.scanned(source.scan(request))) }
    case .remake(let scan): return .remade(scan, isWhole: ports.source.remake())
    case .makeUrgent: ports.source.makeUrgent()
    case .probe(let entry, let token):
      do {
        try probes.start(entry, token, worker)
      } catch let error as StudyError {
        return .probeFailed(entry, token: token, error)
      }
    case .endProbe(_, let token): probes.kill(token)
    default: break
    }
    return nil
  }

  private func carryOutInSpool(_ effect: Effect) throws -> Coordinator.Event? {
    switch effect {
    case .take(let job, let content):
      perform(queues.intake) { [ports, freeSpace = options.freeSpace] in
        try ports.take(job, content, freeSpace: freeSpace)
      }
    case .copyAgain(let job):
      // The same files are the same content: their archives need not be opened again.
      let files = (try? store.history(of: job).inputs).map(PrivateCopy.digest) ?? ""
      let content = ArchivedContent(files: files, digest: job.inputDigest ?? "")
      perform(queues.intake) { [ports] in try ports.copyAgain(job, content) }
    case .discardCopy(let id): try ports.spool.discard(id)
    case .discardClaim(let id): try ports.operations.remove(layout.claim(id))
    case .readInputs(let ids, let job, let inputs):
      var found: [JobID: [InputFile]] = [:]
      for id in ids { if let other = try store.job(id) { found[id] = try store.history(of: other).inputs } }
      return .inputsRead(by: job, inputs: inputs, of: found)
    default: break
    }
    return nil
  }

  private func carryOutRun(_ effect: Effect) throws -> Coordinator.Event? {
    switch effect {
    case .measureCapacity:
      return .capacity(ports.executor.capacity(configured: configuration.memoryBudget))
    case .prepare(let job, let mayPoint):
      let identity = PipelineIdentity(configuration, software: options.software)
      let preparation = RunPreparation(ports: ports, store: store, identity: identity)
      return .prepared(job.id, try preparation.prepare(job, mayPoint: mayPoint))
    case .start(let job, let handle, let memory, let limit):
      let folder = layout.work(job.id, job.attempt)
      do {
        let command = try worker.run(
          job, input: layout.input(job.id), manifest: layout.inputManifest(job.id),
          output: layout.output(job.id, job.attempt), in: folder, memory: limit)
        try ports.executor.start(
          RunRequest(
            handle: handle, command: command, folder: folder, timeLimit: configuration.timeLimit, began: BootClock.now,
            memory: memory, threads: configuration.threads))
      } catch {
        return .startFailed(handle, error, at: .now)
      }
    case .cancel(let handle, let reason): ports.executor.cancel(handle, reason)
    case .verify(let job): perform(queues.publish) { [ports] in try ports.verify(job) }
    default: break
    }
    return nil
  }

  private func carryOutAfterRun(_ effect: Effect) throws -> Coordinator.Event? {
    switch effect {
    case .compare(let job, let isFirst, let isRemote):
      perform(queues.compare) { [ports] in try ports.compare(job, isFirst: isFirst, isRemote: isRemote) }
    case .publish(let job):
      let original = try job.duplicateOf.flatMap { try store.job($0) }
      perform(queues.publish) { [ports] in try ports.publish(job, original: original) }
    case .sweep(let job, let policy): perform(queues.sweep) { [ports] in try ports.sweep(job, policy) }
    case .purge(let job, let place, let actor):
      perform(queues.sweep) { [source = ports.source] in
        .purged(job.id, actor: actor, try outcome { try source.delete(place) })
      }
    case .dropAgain(let redrop):
      return .droppedAgain(redrop, try outcome { try ports.source.dropAgain(redrop.place, as: redrop.entry) })
    default: break
    }
    return nil
  }
}
