import DICOM
import DICOMMasks
import Imaging

/// An RTSTRUCT: references, regions, and every region on a small grid.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  _ = ScratchFile.write(UnsafeRawBufferPointer(start: start, count: count), as: "a.dcm")
  let grid = Geometry(size: SIMD3(16, 16, 8), spacing: Vector3(1, 1, 5), origin: Vector3(0, 0, 0))
  guard let scan = try? scanStudy(ScratchFile.folder, threads: 1) else { return 0 }
  for object in scan.objects {
    guard let set = try? readStructureSet(object) else { continue }
    _ = set.liesOn(grid)
    for region in set.regions.prefix(8) { _ = try? set.mask(of: region, on: grid) }
  }
  return 0
}
