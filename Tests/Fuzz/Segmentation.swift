import DICOM
import DICOMMasks
import Imaging

/// A SEG: segments, frames, and every segment on a small grid.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  _ = ScratchFile.write(UnsafeRawBufferPointer(start: start, count: count), as: "a.dcm")
  let grid = Geometry(size: SIMD3(16, 16, 8), spacing: Vector3(1, 1, 5), origin: Vector3(0, 0, 0))
  guard let scan = try? scanStudy(ScratchFile.folder, threads: 1) else { return 0 }
  for object in scan.objects {
    guard let segmentation = try? readSegmentation(object) else { continue }
    _ = segmentation.liesOn(grid)
    _ = try? segmentation.voxelCounts()
    let images = ImagePositions(scan.series.flatMap(\.images) + scan.objects.map(\.header))
    for segment in segmentation.segments.prefix(8) {
      _ = try? segmentation.mask(of: segment, on: grid, images: images)
    }
  }
  return 0
}
