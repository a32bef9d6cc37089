/// `manifest.json`: size and SHA-256 of every other file of a result folder. It is written last: a folder with a
/// manifest that verifies is complete.
package struct ResultManifest: Sendable, Equatable, DocumentValue {
  package static let fileName = "manifest.json"
  package static let schema = "radiomicsd.manifest/1"

  package struct File: Sendable, Equatable, Codable {
    package var sha256: String
    package var bytes: Int

    package init(sha256: String, bytes: Int) {
      self.sha256 = sha256
      self.bytes = bytes
    }
  }

  package var schema = Self.schema
  package var job: String
  package var files: [String: File]

  package init(job: String, files: [String: File]) {
    self.job = job
    self.files = files
  }

  package var json: JSONValue {
    let members = files.sorted { $0.key < $1.key }.map { name, file in
      JSONObject.Member(name, ["sha256": .string(file.sha256), "bytes": .integer(file.bytes)])
    }
    return ["schema": .string(schema), "job": .string(job), "files": .object(JSONObject(members))]
  }
}
