import Daemon
import Errors
import Files
import Foundation
import Intake
import Jobs
import Synchronization

/// Runs nothing by itself: a run waits until a test lets it compute, or ends it. It outlives daemons, as a cluster does.
final class FakeExecutor: JobExecutor {
  private struct State {
    var requests: [RunHandle: RunRequest] = [:]
    var order: [RunHandle] = []
    /// Reports of runs that ended while no daemon listened.
    var unheard: [RunHandle: RunReport] = [:]
    var cancelled: [RunHandle] = []
    var refusals = 0
    var report: (@Sendable (RunHandle, RunNews) -> Void)?
  }

  private let state = Mutex(State())

  let name = "fake"
  let outlivesDaemon = true

  /// The next daemon listens.
  func connect(_ report: @escaping @Sendable (RunHandle, RunNews) -> Void) -> FakeExecutor {
    state.withLock { $0.report = report }
    return self
  }

  func disconnect() { state.withLock { $0.report = nil } }

  /// The next so many starts fail.
  func refuse(_ count: Int) { state.withLock { $0.refusals = count } }

  /// Runs in the order in which they were started.
  var started: [RunHandle] { state.withLock { $0.order } }
  var running: [RunHandle] { state.withLock { state in state.order.filter { state.requests[$0] != nil } } }
  var cancelled: [RunHandle] { state.withLock { $0.cancelled } }

  func capacity(configured memory: Int) -> ExecutorCapacity { ExecutorCapacity(memory: memory > 0 ? memory : .max) }

  func start(_ request: RunRequest) throws(StudyError) {
    let isRefused = state.withLock { state in
      if state.refusals > 0 {
        state.refusals -= 1
        return true
      }
      state.requests[request.handle] = request
      state.order.append(request.handle)
      return false
    }
    if isRefused { throw StudyError(.internalFault, "no node is free") }
  }

  func cancel(_ run: RunHandle, _ reason: KillReason) {
    state.withLock { $0.cancelled.append(run) }
    var report = RunReport(signal: 15)
    report.killReason = reason
    end(run, report)
  }

  func status(of runs: [RunHandle]) -> [RunHandle: RunStatus] {
    state.withLock { state in
      var found: [RunHandle: RunStatus] = [:]
      for run in runs {
        if state.requests[run] != nil { found[run] = .running }
        if let report = state.unheard.removeValue(forKey: run) { found[run] = .ended(report) }
      }
      return found
    }
  }

  func enforceLimits(at now: Double) -> Double? { nil }

  /// Lets a run compute, with its own command, and reports its end.
  func compute(_ run: RunHandle) throws {
    guard let request = state.withLock({ $0.requests[run] }) else { return }
    let process = Process()
    let words = request.command.map { String(decoding: $0, as: UTF8.self) }
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    process.currentDirectoryURL = URL(fileURLWithPath: String(decoding: request.folder.bytes, as: UTF8.self))
    try process.run()
    process.waitUntilExit()
    let isSignal = process.terminationReason == .uncaughtSignal
    end(
      run,
      RunReport(exit: isSignal ? nil : process.terminationStatus, signal: isSignal ? process.terminationStatus : nil))
  }

  private func end(_ run: RunHandle, _ report: RunReport) {
    let listener = state.withLock { state in
      state.requests[run] = nil
      if state.report == nil { state.unheard[run] = report }
      return state.report
    }
    listener?(run, .ended(report))
  }
}
