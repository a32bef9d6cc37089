import DICOM

/// A DICOM image: the walk, the header, text, frames, and the pixels of the first images.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  _ = ScratchFile.write(UnsafeRawBufferPointer(start: start, count: count), as: "a.dcm")
  guard let scan = try? scanStudy(ScratchFile.folder, threads: 1) else { return 0 }
  for series in scan.series {
    _ = (series.description.text, series.protocolName.text, series.identifier)
    _ = try? loadVolume(series, threads: 1)
    for image in series.images.prefix(3) {
      _ = try? loadSlice(image)
      _ = try? loadStoredValues(image, frame: 0)
    }
  }
  return 0
}
