extension SafeTensors {
  /// The file of these tensors, in their order: the header padded with spaces to a multiple of 8 bytes, then the
  /// numbers, little-endian. The same tensors give the same bytes.
  package static func encode(_ tensors: [Tensor]) -> [UInt8] {
    var entries: [String] = []
    var position = 0
    for tensor in tensors {
      let (type, bytes) =
        switch tensor.values {
        case .float64(let values): ("F64", 8 * values.count)
        case .int64(let values): ("I64", 8 * values.count)
        }
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        #""\#(tensor.name)":{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(position),\#(position + bytes)]}"#
      )
      position += bytes
    }
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    var out = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    out.reserveCapacity(8 + header.count + position)
    out += header
    for tensor in tensors {
      switch tensor.values {
      case .float64(let values):
        for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { out.append(contentsOf: $0) } }
      case .int64(let values):
        for value in values { withUnsafeBytes(of: value.littleEndian) { out.append(contentsOf: $0) } }
      }
    }
    return out
  }
}
