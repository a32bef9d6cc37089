internal import Errors
internal import Model

/// The parts of an ONNX file that are read: nodes, constants, names of inputs and outputs.
///
/// Messages: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (ModelProto 7 graph, 14 metadata_props; GraphProto
/// 1 node, 5 initializer, 11 input, 12 output; NodeProto 1 input, 2 output, 4 op_type, 5 attribute, 7 domain).
struct ONNXGraph {
  struct Attribute {
    var name = ""
    var float: Double?
    var integer: Int64?
    var text: [UInt8]?
    var tensor: ONNXTensor?
    var floats: [Double] = []
    var integers: [Int64] = []
    var texts: [[UInt8]] = []
    /// Contains a graph, or something else that a step never has.
    var isForeign = false
  }

  struct Node {
    var op = ""
    var domain = ""
    var inputs: [String] = []
    var outputs: [String] = []
    var attributes: [String: Attribute] = [:]
  }

  private(set) var nodes: [Node] = []
  private(set) var constants: [String: ONNXTensor] = [:]
  /// Graph inputs that are not constants.
  private(set) var inputs: [String] = []
  private(set) var outputs: [String] = []
  private(set) var metadata: [String: String] = [:]
  /// The node that makes a value.
  private(set) var producers: [String: Int] = [:]

  static let fileLimit = 64 << 20
  static let nodeLimit = 4096
  static let constantLimit = 4096

  /// - Throws: `onnx`.
  init(_ bytes: [UInt8]) throws {
    guard bytes.count <= Self.fileLimit else {
      throw ProtobufReader.fault("it has \(bytes.count) bytes, \(Self.fileLimit) are allowed")
    }
    var reader = ProtobufReader(bytes[...])
    var hasGraph = false
    while let (number, value) = try reader.next() {
      switch number {
      case 7:
        guard !hasGraph else { throw ProtobufReader.fault("it holds two graphs") }
        hasGraph = true
        try readGraph(try value.slice())
      case 14:
        let (key, text) = try Self.entry(try value.slice())
        guard metadata.count < 256 else { throw ProtobufReader.fault("it holds too much metadata") }
        metadata[key] = text
      case 20, 25: throw ProtobufReader.fault("it holds training information or functions, which are not read")
      default: break
      }
    }
    guard hasGraph, !nodes.isEmpty else { throw ProtobufReader.fault("it holds no graph") }
    inputs.removeAll { constants[$0] != nil }
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty {
        guard producers.updateValue(index, forKey: output) == nil, constants[output] == nil else {
          throw ProtobufReader.fault("two nodes make \(output)")
        }
      }
    }
  }

  private mutating func readGraph(_ bytes: ArraySlice<UInt8>) throws {
    var reader = ProtobufReader(bytes)
    while let (number, value) = try reader.next() {
      switch number {
      case 1:
        guard nodes.count < Self.nodeLimit else {
          throw ProtobufReader.fault("it has more than \(Self.nodeLimit) nodes")
        }
        nodes.append(try Self.node(try value.slice()))
      case 5:
        guard constants.count < Self.constantLimit else { throw ProtobufReader.fault("it has too many constants") }
        let tensor = try ONNXTensor(try value.slice())
        constants[tensor.name] = tensor
      case 11: inputs.append(try Self.name(try value.slice()))
      case 12: outputs.append(try Self.name(try value.slice()))
      case 15: throw ProtobufReader.fault("it holds sparse constants, which are not read")
      default: break
      }
      guard inputs.count + outputs.count <= 1024 else {
        throw ProtobufReader.fault("it has too many inputs or outputs")
      }
    }
  }

  private static func node(_ bytes: ArraySlice<UInt8>) throws -> Node {
    var reader = ProtobufReader(bytes)
    var node = Node()
    while let (number, value) = try reader.next() {
      switch number {
      case 1: node.inputs.append(try value.text())
      case 2: node.outputs.append(try value.text())
      case 4: node.op = try value.text()
      case 5:
        let attribute = try attribute(try value.slice())
        node.attributes[attribute.name] = attribute
      case 7: node.domain = try value.text()
      default: break
      }
      guard node.inputs.count <= 64, node.outputs.count <= 64, node.attributes.count <= 64 else {
        throw ProtobufReader.fault("a node has too many inputs, outputs or attributes")
      }
    }
    return node
  }

  private static func attribute(_ bytes: ArraySlice<UInt8>) throws -> Attribute {
    var reader = ProtobufReader(bytes)
    var attribute = Attribute()
    while let (number, value) = try reader.next() {
      switch number {
      case 1: attribute.name = try value.text()
      case 2: attribute.float = try value.float()
      case 3: attribute.integer = try value.integer()
      case 4: attribute.text = Array(try value.slice())
      case 5: attribute.tensor = try ONNXTensor(try value.slice())
      case 6, 10, 11, 14, 15, 22, 23: attribute.isForeign = true
      case 7: try value.floats(into: &attribute.floats)
      case 8: try value.integers(into: &attribute.integers)
      case 9: attribute.texts.append(Array(try value.slice()))
      default: break
      }
    }
    return attribute
  }

  private static func name(_ bytes: ArraySlice<UInt8>) throws -> String {
    var reader = ProtobufReader(bytes)
    var name = ""
    while let (number, value) = try reader.next() { if number == 1 { name = try value.text() } }
    return name
  }

  private static func entry(_ bytes: ArraySlice<UInt8>) throws -> (String, String) {
    var reader = ProtobufReader(bytes)
    var pair = ("", "")
    while let (number, value) = try reader.next() {
      if number == 1 { pair.0 = try value.text() }
      if number == 2 { pair.1 = try value.text() }
    }
    return pair
  }
}
