import Documents
import Errors
import Foundation
import Hashing
import Report
import Testing

struct ManifestTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("result-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("{}".utf8).write(to: folder.appendingPathComponent("result.json"))
    try Data(repeating: 7, count: 3_000_000).write(to: folder.appendingPathComponent("image.nii.gz"))
    try body(folder)
  }

  @Test("The manifest lists every file and verifies")
  func manifestListsEveryFile() throws {
    try withFolder { folder in
      let manifest = try ResultManifest.write(in: folder.path, job: "j1")
      #expect(manifest.files.keys.sorted() == ["image.nii.gz", "result.json"])
      #expect(manifest.files["result.json"]?.sha256 == sha256("{}"))
      #expect(manifest.files["image.nii.gz"]?.sha256 == sha256([UInt8](repeating: 7, count: 3_000_000)))
      #expect(manifest.files["image.nii.gz"]?.bytes == 3_000_000)
      #expect(try ResultManifest.verify(folder.path) == manifest)
      // Writing it again gives the same bytes, and leaves no temporary file.
      let first = try Data(contentsOf: folder.appendingPathComponent("manifest.json"))
      try ResultManifest.write(in: folder.path, job: "j1")
      #expect(try Data(contentsOf: folder.appendingPathComponent("manifest.json")) == first)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
    }
  }

  @Test("Changed, absent and unlisted files and links are refused")
  func alteredResultsAreRefused() throws {
    let damages: [(String, (URL) throws -> Void)] = [
      ("image.nii.gz has 1 bytes", { try Data([1]).write(to: $0.appendingPathComponent("image.nii.gz")) }),
      ("which is not there", { try FileManager.default.removeItem(at: $0.appendingPathComponent("result.json")) }),
      ("does not list extra", { try Data([1]).write(to: $0.appendingPathComponent("extra")) }),
      ("cannot be read", { try Data("{".utf8).write(to: $0.appendingPathComponent("manifest.json")) }),
      ("manifest.json", { try FileManager.default.removeItem(at: $0.appendingPathComponent("manifest.json")) }),
      (
        "result.json",
        {
          let file = $0.appendingPathComponent("result.json")
          try FileManager.default.removeItem(at: file)
          try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: "image.nii.gz")
        }
      ),
    ]
    for (reason, damage) in damages {
      try withFolder { folder in
        try ResultManifest.write(in: folder.path, job: "j1")
        try damage(folder)
        let error = #expect(throws: StudyError.self) { try ResultManifest.verify(folder.path) }
        #expect(error?.code == .resultManifest, "\(String(describing: error))")
        #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
      }
    }
  }
}
