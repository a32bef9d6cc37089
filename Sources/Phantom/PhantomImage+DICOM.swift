package import DICOM
import Imaging

extension PhantomImage {
  /// The slices as CT Image Storage objects, from foot to head: every attribute of type 1 and 2 (PS3.3 A.3).
  ///
  /// - Parameter name: the study's name, for the patient's name and ID.
  package func slices(name: String) -> [CTSlice] {
    let common = commonAttributes(name)
    let identity = PhantomIdentity(seed: recipe.seed)
    let pixels = recipe.matrix * recipe.matrix
    guard case .int16(let hu) = volume.voxels else { return [] }
    return (0..<recipe.slices).map { index in
      var slice = common
      let z = volume.geometry.origin.z + Double(index) * recipe.spacing
      slice.set(0x0008_0018, identity.uid(.instance, index))
      slice.set(0x0020_0013, String(index + 1))
      slice.set(0x0020_0032, [volume.geometry.origin.x, volume.geometry.origin.y, z])
      slice.set(0x0020_1041, [z])
      slice.pixels = hu[(index * pixels)..<((index + 1) * pixels)].map { UInt16(Int32($0) + 1024) }
      return slice
    }
  }

  private func commonAttributes(_ name: String) -> CTSlice {
    let identity = PhantomIdentity(seed: recipe.seed)
    var slice = CTSlice()
    // Patient, study, series, frame of reference, equipment
    slice.set(0x0010_0010, "Phantom^\(name)")
    slice.set(0x0010_0020, name)
    slice.set(0x0010_0030, "")
    slice.set(0x0010_0040, "O")
    slice.set(0x0020_000D, identity.uid(.study))
    slice.set(0x0008_0020, "20240101")
    slice.set(0x0008_0030, "080000")
    slice.set(0x0008_0090, "")
    slice.set(0x0020_0010, "1")
    slice.set(0x0008_0050, "")
    slice.set(0x0008_1030, "CT urography (synthetic)")
    slice.set(0x0008_0060, "CT")
    slice.set(0x0020_000E, identity.uid(.series))
    slice.set(0x0020_0011, "3")
    slice.set(0x0008_103E, "CTU excretory \(decimalString(recipe.spacing))mm")
    slice.set(0x0018_0015, "PELVIS")
    slice.set(0x0018_5100, "HFS")
    slice.set(0x0020_0052, identity.uid(.frameOfReference))
    slice.set(0x0020_1040, "")
    slice.set(0x0008_0070, "radiomicsd phantom")
    slice.set(0x0008_1090, "synthetic CTU")
    slice.set(0x0018_1020, "1")
    // Image, contrast agent
    slice.set(0x0008_0008, "ORIGINAL\\PRIMARY\\AXIAL")
    slice.set(0x0008_0022, "20240101")
    slice.set(0x0008_0032, "081000")
    slice.set(0x0008_0023, "20240101")
    slice.set(0x0008_0033, "081000")
    slice.set(0x0020_0012, "1")
    slice.set(0x0020_4000, "Synthetic image: not a patient")
    slice.set(0x0018_0010, "Synthetic contrast, excretory phase")
    slice.set(0x0018_0060, "120")
    slice.set(0x0018_1151, "200")
    slice.set(0x0018_1100, [Double(recipe.matrix) * recipe.pixel])
    slice.set(0x0018_1120, "0")
    slice.set(0x0018_1210, "STANDARD")
    slice.set(0x0018_0050, [recipe.spacing])
    slice.set(0x0018_0088, [recipe.spacing])
    // Plane and pixels
    slice.set(0x0020_0037, "1\\0\\0\\0\\1\\0")
    slice.set(0x0028_0030, [recipe.pixel, recipe.pixel])
    slice.set(0x0028_0002, number: 1)
    slice.set(0x0028_0004, "MONOCHROME2")
    slice.set(0x0028_0010, number: recipe.matrix)
    slice.set(0x0028_0011, number: recipe.matrix)
    slice.set(0x0028_0100, number: 16)
    slice.set(0x0028_0101, number: 12)
    slice.set(0x0028_0102, number: 11)
    slice.set(0x0028_0103, number: 0)
    slice.set(0x0028_1050, "40")
    slice.set(0x0028_1051, "400")
    slice.set(0x0028_1052, "-1024")
    slice.set(0x0028_1053, "1")
    slice.set(0x0028_1054, "HU")
    slice.set(0x0008_0016, SOPClass.ct)
    return slice
  }
}
