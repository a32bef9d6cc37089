import ONNX

/// An ONNX file for 12 columns: its graph is recognised or refused.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  _ = try? ONNXPipeline(Array(UnsafeBufferPointer(start: start, count: count)), features: 12)
  return 0
}
