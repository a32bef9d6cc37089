import DICOM
import Imaging

/// Contours that the input's bytes draw: the mask equals that of exact arithmetic, or the voxels that were traced.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  var random = ByteRandom(Array(UnsafeBufferPointer(start: start, count: count)))
  var difference = ContourDifference()
  let drawn = ContourCase(using: &random)
  if let found = difference.compare(drawn, using: &random) { fatalError(found) }
  return 0
}
