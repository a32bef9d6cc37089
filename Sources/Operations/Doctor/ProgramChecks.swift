internal import Configuration
internal import Errors
internal import FoundationEssentials
internal import Glibc
internal import Jobs
internal import Model
internal import Radiomics

/// Libraries, model, profile, record.
enum ProgramChecks {
  static func sqlite() -> Finding {
    guard let version = try? JobStore.libraryVersion() else {
      return Finding("sqlite", .fail, "SQLite does not answer", "reinstall libsqlite3-0")
    }
    let parts = version.split(separator: ".").compactMap { Int($0) }
    // STRICT tables are of 3.37. One connection writes, so versions before 3.51.3 are sound here.
    return Finding(
      "sqlite", parts.count > 1 && (parts[0], parts[1]) >= (3, 37), "SQLite \(version)", else: .fail,
      "use SQLite 3.37 or later")
  }

  /// Without it DCMTK knows no attribute by name.
  static func dictionary() -> Finding {
    let named = getenv("DCMDICTPATH").map { String(cString: $0).split(separator: ":").map(String.init) } ?? []
    let folders = ((try? FileManager.default.contentsOfDirectory(atPath: "/usr/share")) ?? [])
      .filter { $0.hasPrefix("libdcmtk") || $0.hasPrefix("dcmtk") }.sorted()
    let found = (named + folders.map { "/usr/share/\($0)/dicom.dic" }).first { access($0, R_OK) == 0 }
    return Finding(
      "dictionary", found != nil, found.map { "DICOM dictionary \($0)" } ?? "no DICOM dictionary", else: .fail,
      "install libdcmtk17")
  }

  /// Model and profile as a worker will load them, and whether they belong together.
  static func models(_ settings: Configuration) -> [Finding] {
    var findings: [Finding] = []
    var bundle: ModelBundle?
    if let path = settings.model {
      do {
        let model = try ModelBundle(contentsOf: path)
        bundle = model
        let name = "\(model.manifest.name) \(model.manifest.version)".escapedForLine
        findings.append(
          Finding(
            "model", !model.manifest.demonstration,
            "\(name), sha256 \(model.id), self-test within "
              + "\(model.selfTestDifference)", else: .warn,
            "a demonstration, fitted on synthetic phantoms: it says nothing about patients"))
      } catch { findings.append(failure("model", error)) }
    } else {
      findings.append(Finding("model", .ok, "none: features without a prediction"))
    }
    do {
      if let name = settings.profile {
        let profile = try ExtractionProfile.named(name)
        try bundle?.requireProfile(sha256: profile.sha256)
        findings.append(Finding("profile", .ok, "\(profile.name.escapedForLine), sha256 \(profile.sha256)"))
      } else if let bundle {
        findings.append(Finding("profile", .ok, "the model's, sha256 \(bundle.manifest.profile.sha256)"))
      } else {
        findings.append(Finding("profile", .ok, ExtractionProfile.defaultName))
      }
    } catch { findings.append(failure("profile", error)) }
    return findings
  }

  /// The record, where there is one: can be read, and its end holds.
  static func database(_ folders: Folders) -> Finding {
    let path = folders.state + "/jobs.sqlite"
    guard access(path, F_OK) == 0 else { return Finding("record", .ok, "no job database yet") }
    do {
      let store = try JobStore.reader(path)
      if let reason = try store.pauseReason() {
        return Finding("record", .warn, reason, "see the log and jobs show; the first study that ends well ends it")
      }
      if let reason = try store.outboxReason() {
        return Finding("record", .warn, reason, "results are kept, and published by themselves when that is over")
      }
      if let reason = try store.stallReason() {
        return Finding(
          "record", .fail, reason, "look after the file server; the daemon goes on by itself when it answers")
      }
      let report = try store.verifyChain(mirror: nil, last: 1000)
      return Finding(
        "record", report.isSound, "\(report.jobs) jobs, \(report.head) events", else: .fail,
        "the chain of events does not hold: radiomicsd audit verify")
    } catch { return failure("record", error) }
  }

  private static func failure(_ check: String, _ error: any Error) -> Finding {
    guard let error = error as? StudyError else { return Finding(check, .fail, "\(error)".escapedForLine) }
    return Finding(check, .fail, "\(error.code.name): \(error.message)".escapedForLine, error.hint.escapedForLine)
  }
}
