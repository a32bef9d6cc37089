internal import Configuration
internal import Dispatch
package import Errors
internal import Foundation
internal import Synchronization

/// Checks whether an installation can do its work, and says what to do about each problem. Nothing is changed;
/// files that a check creates in a folder are removed.
package enum Doctor {
  /// All checks in order. The configuration's own error is a finding like others, and ends the checks of folders.
  ///
  /// - Parameters:
  ///   - path: the configuration file, located.
  ///   - watcher: the program that reports changes, if it was found.
  package static func examine(configuration path: Result<String, StudyError>, watcher: String?) -> [Finding] {
    var findings = MachineChecks.all() + [ProgramChecks.sqlite(), ProgramChecks.dictionary()]
    findings.append(
      Finding(
        "watcher", watcher != nil, watcher.map { "found at \($0)" } ?? "radiomicsd-watch is not there", else: .warn,
        "install it beside radiomicsd or in ../libexec/radiomicsd; without it the inbox is listed every few seconds"))
    do {
      let settings = try Configuration.load(try path.get())
      findings.append(Finding("configuration", .ok, settings.path ?? ""))
      findings.append(ConfinementChecks.sandbox(settings.sandbox))
      findings.append(MachineChecks.memory(settings))
      let folders = try settings.folders()
      // The daemon's reports come first: a folder whose server hangs gives no answer.
      findings.append(ProgramChecks.database(folders))
      findings += answered(within: 20) { ResultChecks.all(folders) }
      findings += answered(within: 20) { FolderChecks.all(folders, settings.statePermissions) }
      findings += ProgramChecks.models(settings)
    } catch {
      findings.append(Finding("configuration", .fail, "\(error.code.name): \(error.message)", error.hint))
    }
    findings.append(SelfTest.run())
    return findings
  }

  /// The findings of a check, or that it gave none: a thread that waits for a file server cannot be cancelled.
  private static func answered(within seconds: Int, _ check: @escaping @Sendable () -> [Finding]) -> [Finding] {
    let box = Answer()
    let ended = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      box.keep(check())
      ended.signal()
    }
    _ = ended.wait(timeout: .now() + .seconds(seconds))
    return box.findings
      ?? [
        Finding(
          "folders", .fail, "inbox, outbox or another folder has not answered for \(seconds) s",
          "look after the file server that holds it")
      ]
  }
}

private final class Answer: Sendable {
  private let found = Mutex<[Finding]?>(nil)

  func keep(_ findings: [Finding]) { found.withLock { $0 = findings } }

  var findings: [Finding]? { found.withLock { $0 } }
}
