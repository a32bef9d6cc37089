/// `request.json`: what the daemon asks a worker to do, in the folder of the run. It is private to the daemon and read
/// before the worker confines itself.
package struct WorkerRequest: Sendable, Equatable, DocumentValue {
  package static let fileName = "request.json"
  /// The name of a request that is on standard input.
  package static let standardInput = "-"
  package static let schema = "radiomicsd.request/1"

  /// An operator's choices for the study; `StudyChoices` explains each.
  package struct Choices: Sendable, Equatable, Codable {
    package var series: String?
    package var mask: String?
    package var roi: String?
    package var segment: Int?
    package var label: Int?
    package var number: Int?
    /// Why an operator wants it computed although files cannot be read.
    package var force: String?

    package init() {}
  }

  /// Limits of the process.
  package struct Limits: Sendable, Equatable, Codable {
    /// MiB of address space.
    package var memory: Int?
    /// Seconds of processor time, of all threads together.
    package var cpuSeconds: Int?
    /// Process id of the parent: the worker ends when it ends.
    package var parent: Int32?

    package init(memory: Int? = nil, cpuSeconds: Int? = nil, parent: Int32? = nil) {
      self.memory = memory
      self.cpuSeconds = cpuSeconds
      self.parent = parent
    }
  }

  package var schema = Self.schema
  /// Path of the configuration: what relative paths in it are relative to.
  package var config: String
  /// Path of the daemon's own copy of it: the file may have changed since the daemon read it.
  package var configCopy: String?
  /// Folder or archive with the study.
  package var input: PathText
  /// Private folder to unpack archives in; the worker makes it.
  package var scratch: String?
  package var limits = Limits()

  // Of a run, not of a probe.
  package var job: String?
  package var study: String?
  /// The list of what was copied, which is compared before anything is read.
  package var inputManifest: String?
  /// Existing folder for the result.
  package var output: String?
  /// The job of an earlier drop of the same series with fewer files.
  package var supersedes: String?
  package var choices = Choices()

  package init(config: String, input: [UInt8]) {
    self.config = config
    self.input = PathText(bytes: input)
  }

  package var json: JSONValue {
    var object: JSONObject = ["schema": .string(schema)]
    func add(_ name: String, _ text: String?) { object.append(name, ifPresent: text.map(JSONValue.string)) }
    func add(_ name: String, _ number: Int?) { object.append(name, ifPresent: number.map(JSONValue.integer)) }
    add("job", job)
    add("study", study)
    object.append("input", input.json)
    add("inputManifest", inputManifest)
    add("output", output)
    add("scratch", scratch)
    add("supersedes", supersedes)
    object.append("choices", choices.json)
    object.append("limits", limits.json)
    add("config", config)
    add("configCopy", configCopy)
    return .object(object)
  }
}

extension WorkerRequest.Choices {
  fileprivate var json: JSONValue {
    var object = JSONObject()
    object.append("series", ifPresent: series.map(JSONValue.string))
    object.append("mask", ifPresent: mask.map(JSONValue.string))
    object.append("roi", ifPresent: roi.map(JSONValue.string))
    object.append("segment", ifPresent: segment.map(JSONValue.integer))
    object.append("label", ifPresent: label.map(JSONValue.integer))
    object.append("number", ifPresent: number.map(JSONValue.integer))
    object.append("force", ifPresent: force.map(JSONValue.string))
    return .object(object)
  }
}

extension WorkerRequest.Limits {
  fileprivate var json: JSONValue {
    var object = JSONObject()
    object.append("memory", ifPresent: memory.map(JSONValue.integer))
    object.append("cpuSeconds", ifPresent: cpuSeconds.map(JSONValue.integer))
    object.append("parent", ifPresent: parent.map { .integer(Int($0)) })
    return .object(object)
  }
}

/// A path in a document: a text where its bytes are one, else the list of its bytes. Names in the inbox need not be text.
package struct PathText: Sendable, Equatable, DocumentValue {
  package var bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }

  /// The path as text; nil where it is none.
  package var text: String? { String(validating: bytes, as: UTF8.self) }

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let text = try? value.decode(String.self) {
      bytes = Array(text.utf8)
    } else {
      bytes = try value.decode([UInt8].self)
    }
  }

  package var json: JSONValue { text.map(JSONValue.string) ?? JSONValue(bytes.map(Int.init)) }
}
