import Imaging

/// A MetaImage file: its grid, then its voxels.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let path = ScratchFile.write(UnsafeRawBufferPointer(start: start, count: count), as: "a.mha")
  _ = MetaImageReader.isMetaImage(path)
  _ = try? MetaImageReader.readGeometry(path)
  _ = try? MetaImageReader.read(path, maximumBytes: 16 << 20)
  return 0
}
