import Imaging

/// A NRRD file: its grid, then its voxels.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let path = ScratchFile.write(UnsafeRawBufferPointer(start: start, count: count), as: "a.nrrd")
  _ = NRRDReader.isNRRD(path)
  _ = try? NRRDReader.readGeometry(path)
  _ = try? NRRDReader.read(path, maximumBytes: 16 << 20)
  return 0
}
