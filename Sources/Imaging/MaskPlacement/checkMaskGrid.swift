/// Whether a mask's grid lies on an image's, up to exchanged or flipped axes and a whole-number shift, from geometry alone.
///
/// - Throws: `E_GEOM_MISMATCH`.
public func checkMaskGrid(_ mask: Geometry, on image: Geometry, file: String? = nil) throws {
  _ = try GridMatch(mask: mask, image: image, file: file)
}
