import Imaging

/// A NIfTI file: its grid, then its voxels.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let path = ScratchFile.write(UnsafeRawBufferPointer(start: start, count: count), as: "a.nifti")
  _ = NIfTIReader.isNIfTI(path)
  _ = try? NIfTIReader.readGeometry(path)
  _ = try? NIfTIReader.read(path, maximumBytes: 16 << 20)
  return 0
}
