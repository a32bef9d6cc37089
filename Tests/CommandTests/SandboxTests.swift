import Documents
import Foundation
import Sandbox
import TestKit
import Testing

/// The sandbox of a worker, as the kernel enforces it.
@Suite(
  .enabled(if: !Program.path.isEmpty, "the radiomicsd program is not beside the tests"),
  .enabled(if: SandboxLevel.available.isComplete, "this kernel has no Landlock or no seccomp"))
struct SandboxTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("Operations that must be impossible fail, and those that must work do")
  func confinedWorkerCannotEscape() throws {
    let run = try Program.run(
      "worker", "confine-check", "--input", try folder.folder("in"), "--output", try folder.folder("out"))
    #expect(run.status == 0, "\(run.output)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 35 && lines.allSatisfy { $0.hasPrefix("ok ") }, "\(run.output)")
    for deadly in ["exec", "ptrace", "mount", "bpf", "io-uring"] {
      #expect(lines.contains("ok \(deadly): ended by signal 31"), "\(deadly)")
    }
    for denied in [
      "socket", "fork", "read-outside", "write-outside", "list-processes", "parent-status", "parent-command",
      "first-process",
    ] {
      #expect(lines.contains { $0.hasPrefix("ok \(denied): denied (") }, "\(denied)")
    }
    #expect(try folder.list().sorted() == ["in", "out", "out.outside"])
  }

  /// Rule: confinement changes no number.
  @Test("A study computed in the sandbox has the same result")
  func confinementChangesNoResult() throws {
    let made = try Program.run("phantom", "--output", folder("s"), "--seed", "3", "--matrix", "64", "--slices", "12")
    #expect(made.status == 0)
    let study = folder("s/phantom-0001")
    let model = SharedData.checkout.appendingPathComponent("etc/models/demonstration").path
    for mode in ["required", "off"] {
      try folder.write("\(mode).yaml", "model: \(model)\nthreads_per_job: 2\nsandbox: \(mode)\n")
      let run = try Worker.run(folder, config: "\(mode).yaml", input: study, output: try folder.folder(mode)) {
        $0.limits.memory = 16384
        $0.limits.cpuSeconds = 600
      }
      #expect(run.status == 0, "\(run.errors)")
      let level = mode == "off" ? "none" : SandboxLevel.available.description
      #expect(run.errors.hasPrefix("sandbox \(level)\n"), "\(run.errors)")
      let probe = try Worker.probe(folder, config: "\(mode).yaml", input: study)
      #expect(
        probe.output.hasPrefix("{\"state\":\"complete\",\"memory_mb\":"), "\(probe.output) \(probe.errors)")
    }
    for name in ["features.json", "features.csv", "image.nii.gz", "mask.nii.gz", "overlay.png"] {
      #expect(try folder.data("required/\(name)") == folder.data("off/\(name)"), "\(name)")
    }
  }

  /// A link out of the study must not be followed, even if it was put there after the study was checked.
  @Test("A study cannot lead the worker outside its folder")
  func studyCannotLeadWorkerOutside() throws {
    let made = try Program.run("phantom", "--output", folder("s"), "--seed", "3", "--matrix", "64", "--slices", "12")
    #expect(made.status == 0)
    let study = folder("s/phantom-0001")
    try FileManager.default.moveItem(atPath: study + "/mask.nii.gz", toPath: folder("elsewhere.nii.gz"))
    try FileManager.default.createSymbolicLink(
      atPath: study + "/mask.nii.gz", withDestinationPath: folder("elsewhere.nii.gz"))
    try "mask: mask.nii.gz\n".write(toFile: study + "/study.yaml", atomically: true, encoding: .utf8)
    try folder.write("c.yaml", "sandbox: required\n")
    let run = try Worker.run(folder, config: "c.yaml", input: study, output: try folder.folder("out"))
    #expect(run.status != 0)
    #expect(try !folder.list("out").contains("manifest.json"))
  }

  @Test("The level of the sandbox is read back only in its written form")
  func sandboxLevelRoundTrips() {
    for level in [
      SandboxLevel(landlock: 7, seccomp: true), SandboxLevel(landlock: nil, seccomp: true),
      SandboxLevel(landlock: 1, seccomp: false), SandboxLevel(landlock: nil, seccomp: false),
    ] { #expect(SandboxLevel(level.description) == level) }
    for text in [
      "", "landlock x", "seccomp, landlock 7", "landlock 7, seccomp, rm", "none, none", "landlock 7,seccomp",
    ] {
      #expect(SandboxLevel(text) == nil, "\(text)")
    }
  }
}
