internal import Configuration
public import Errors

/// Looks whether an installation can do its work, and says what to do where it cannot. Nothing that is found is changed;
/// what a check makes in a folder it removes.
public enum Doctor {
  /// All checks in order. The configuration's own error is a finding like others, and ends the looking at folders.
  ///
  /// - Parameters:
  ///   - path: the configuration file, located.
  ///   - watcher: the program that tells of changes, if it was found.
  public static func examine(configuration path: Result<String, StudyError>, watcher: String?) -> [Finding] {
    var findings = MachineChecks.all() + [ProgramChecks.sqlite(), ProgramChecks.dictionary()]
    findings.append(
      Finding(
        "watcher", watcher != nil, watcher.map { "found at \($0)" } ?? "radiomicsd-watch is not there", else: .warn,
        "install it beside radiomicsd or in ../libexec/radiomicsd; without it the inbox is listed every few seconds"))
    do {
      let settings = try Configuration.load(try path.get())
      findings.append(Finding("configuration", .ok, settings.path ?? ""))
      findings.append(ConfinementChecks.sandbox(settings.sandbox))
      let folders = try settings.folders()
      findings += FolderChecks.all(folders)
      findings += ProgramChecks.models(settings)
      findings.append(ProgramChecks.database(folders))
    } catch {
      findings.append(Finding("configuration", .fail, "\(error.code.name): \(error.message)", error.hint))
    }
    findings.append(SelfTest.run())
    return findings
  }
}
