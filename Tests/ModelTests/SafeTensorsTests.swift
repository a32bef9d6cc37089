import Errors
import Model
import Testing

struct SafeTensorsTests {
  private let eight = [UInt8](repeating: 0, count: 8)

  private func read(_ header: String, _ data: [UInt8]) throws -> [String: Tensor] {
    try SafeTensors(BundleDraft.safetensors(header: header, data: data), file: "w").tensors
  }

  @Test("Tensors of both types are read")
  func bothTypesAreRead() throws {
    let tensors = try read(
      #"{"__metadata__":{"format":"pt"},"b":{"dtype":"I64","shape":[2,1],"data_offsets":[8,24]},"#
        + #""a":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}   "#,
      [0, 0, 0, 0, 0, 0, 0xF8, 0x3F] + [1, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 255, count: 8))
    #expect(tensors["a"]?.shape == [] && tensors["a"]?.values == .float64([1.5]))
    #expect(tensors["b"]?.shape == [2, 1] && tensors["b"]?.values == .int64([1, -1]))
  }

  @Test(
    "Malformed files are refused",
    arguments: [
      ("gap before a tensor", #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}"#, 16),
      ("bytes after the last", #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#, 16),
      ("beyond the end", #"{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}"#, 8),
      ("length that is not the shape's", #"{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}"#, 8),
      (
        "overlap",
        #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#,
        8
      ),
      ("end before begin", #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[8,0]}}"#, 8),
      ("negative offset", #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[-8,0]}}"#, 8),
      ("negative length", #"{"a":{"dtype":"F64","shape":[-1],"data_offsets":[0,8]}}"#, 8),
      ("empty axis", #"{"a":{"dtype":"F64","shape":[0],"data_offsets":[0,0]}}"#, 0),
      (
        "product that overflows",
        #"{"a":{"dtype":"F64","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,8]}}"#, 8
      ),
      ("length beyond Int", #"{"a":{"dtype":"F64","shape":[99999999999999999999],"data_offsets":[0,8]}}"#, 8),
      ("five axes", #"{"a":{"dtype":"F64","shape":[1,1,1,1,1],"data_offsets":[0,8]}}"#, 8),
      ("three offsets", #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8,8]}}"#, 8),
      ("no shape", #"{"a":{"dtype":"F64","data_offsets":[0,8]}}"#, 8),
      ("header that is no object", "[] ", 0),
      ("header that is no JSON", "{]", 0),
    ])
  func malformedFilesAreRefused(what: String, header: String, bytes: Int) {
    let error = #expect(throws: StudyError.self, "\(what)") {
      try read(header, [UInt8](repeating: 0, count: bytes))
    }
    #expect(error?.code == .modelWeights, "\(what)")
  }

  @Test("Other types are refused")
  func otherTypesAreRefused() {
    let error = #expect(throws: StudyError.self) {
      try read(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,16]}}"#, [UInt8](repeating: 0, count: 16))
    }
    #expect(error?.code == .modelUnsupported)
    #expect(error?.message.contains("F32") == true)
  }

  @Test("Header lengths that do not fit the file are refused")
  func wrongHeaderLengthsAreRefused() {
    for bytes in [
      [], [1, 2, 3], eight, [255, 255, 255, 255, 255, 255, 255, 255], [200, 0, 0, 0, 0, 0, 0, 0, 123, 125],
    ] {
      #expect(throws: StudyError.self) { try SafeTensors(bytes, file: "w") }
    }
  }

  /// No input may trap: every prefix of a sound file, and every single changed header byte, loads or throws.
  @Test("Damaged files never trap")
  func damagedFilesNeverTrap() throws {
    let sound = BundleDraft.safetensors(
      header: #"{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}"#, data: eight + eight)
    for length in sound.indices {
      #expect(throws: StudyError.self) { try SafeTensors(Array(sound[..<length]), file: "w") }
    }
    for index in 0..<(sound.count - 16) {
      for value: UInt8 in [0, 34, 44, 57, 93, 125, 255] {
        var bytes = sound
        bytes[index] = value
        _ = try? SafeTensors(bytes, file: "w")
      }
    }
  }
}
