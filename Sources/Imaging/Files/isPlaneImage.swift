/// Whether a NIfTI, NRRD or MetaImage file contains an image of two dimensions. False where it cannot be read.
package func isPlaneImage(_ path: String) -> Bool {
  if NRRDReader.isNRRD(path) { return NRRDReader.isPlane(path) }
  return MetaImageReader.isMetaImage(path) ? MetaImageReader.isPlane(path) : NIfTIReader.isPlane(path)
}
