internal import Errors
internal import Model

/// A constant of an ONNX graph (`TensorProto`), as doubles whatever its type; last axis fastest.
struct ONNXTensor: Sendable {
  var name = ""
  var dimensions: [Int] = []
  /// float and double unchanged; int32 and int64 where they are exact.
  var values: [Double] = []
  /// Float values: the file has only single precision.
  var isFloat32 = false

  /// `TensorProto.DataType` of a type that is not read; the values are empty then.
  var unreadType: Int64?

  static let rankLimit = 4
  static let elementLimit = 64 << 20

  init(_ bytes: ArraySlice<UInt8>) throws {
    var reader = ProtobufReader(bytes)
    var type: Int64 = 0
    var raw: ArraySlice<UInt8>?
    var integers: [Int64] = []
    while let (number, value) = try reader.next() {
      switch number {
      case 1:
        var list: [Int64] = []
        try value.integers(into: &list)
        guard dimensions.count + list.count <= Self.rankLimit,
          list.allSatisfy({ (0...Int64(Self.elementLimit)).contains($0) })
        else { throw ProtobufReader.fault("a tensor has a shape that cannot be") }
        dimensions += list.map(Int.init)
      case 2: type = try value.integer()
      case 4: try value.floats(into: &values)
      case 5, 7: try value.integers(into: &integers)
      case 8: name = try value.text()
      case 9: raw = try value.slice()
      case 10: try value.doubles(into: &values)
      case 13: throw Self.external(name)
      case 14: if try value.integer() != 0 { throw Self.external(name) }
      default: break
      }
    }
    switch type {
    case 1, 11:
      isFloat32 = type == 1
      if let raw {
        let size = type == 1 ? 4 : 8
        guard raw.count % size == 0 else { throw ProtobufReader.fault("the bytes of tensor \(name) are cut") }
        values = littleEndian(raw, size) {
          type == 1 ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0))) : Double(bitPattern: $0)
        }
      }
    case 6, 7:
      if let raw {
        let size = type == 6 ? 4 : 8
        guard raw.count % size == 0 else { throw ProtobufReader.fault("the bytes of tensor \(name) are cut") }
        integers = littleEndian(raw, size) {
          type == 6 ? Int64(Int32(truncatingIfNeeded: $0)) : Int64(bitPattern: $0)
        }
      }
      values = integers.map(Double.init)
    default:
      // Texts and types that no step uses are refused only where they are used.
      values = []
      dimensions = [0]
      unreadType = type
      return
    }
    let count = dimensions.reduce(1) { product, length in
      let (next, overflow) = product.multipliedReportingOverflow(by: length)
      return overflow ? -1 : next
    }
    guard count == values.count else {
      throw ProtobufReader.fault("tensor \(name) has \(values.count) numbers, its shape \(dimensions) asks for others")
    }
  }

  private static func external(_ name: String) -> StudyError {
    StudyError(
      .onnx, "tensor \(name) keeps its numbers in another file (external data); none is opened",
      hint: "save the model with everything in one file")
  }
}
