import Foundation
import TestKit
import Testing

/// The program in a tree of its own, as the archive brings it along.
@Suite(.enabled(if: !Program.path.isEmpty, "the radiomicsd program is not beside the tests"))
struct InstallationTests {
  /// Rule: what lies in the program's tree goes before what the system has, and what the environment names before both.
  @Test("The DICOM dictionary of the program's own tree is used")
  func ownDICOMDictionaryIsUsed() throws {
    let folder = try TemporaryFolder()
    _ = try folder.folder("tree/bin")
    _ = try folder.folder("tree/share/radiomicsd")
    let program = folder("tree/bin/radiomicsd")
    do {
      try FileManager.default.linkItem(atPath: Program.path, toPath: program)
    } catch { try FileManager.default.copyItem(atPath: Program.path, toPath: program) }
    let dictionary = folder("tree/share/radiomicsd/dicom.dic")
    try folder.write("tree/share/radiomicsd/dicom.dic", "(0008,0060)\tCS\tModality\t1\tDICOM\n")
    try folder.write("c.yaml", "sandbox: auto\n")

    func found(_ environment: [String: String]) throws -> String? {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = ["doctor", "--config", folder("c.yaml")]
      process.environment = environment
      let pipe = Pipe()
      process.standardOutput = pipe
      process.standardError = FileHandle.nullDevice
      try process.run()
      let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return text.split(separator: "\n").first { $0.contains("DICOM dictionary") }.map(String.init)
    }
    #expect(try found([:])?.hasSuffix(" DICOM dictionary " + dictionary) == true)
    let other = folder("other.dic")
    try FileManager.default.copyItem(atPath: dictionary, toPath: other)
    #expect(try found(["DCMDICTPATH": other])?.hasSuffix(" DICOM dictionary " + other) == true)
    try FileManager.default.removeItem(atPath: dictionary)
    #expect(try found([:])?.contains(folder("tree")) != true, "Debian's own, where the tree has none")
  }
}
