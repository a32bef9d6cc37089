internal import CKernels
internal import Glibc

/// The inner loops for this machine's processor.
enum Kernels {
  /// Chosen once. The environment variable `RADIOMICSD_KERNELS=baseline` selects those that every processor runs, to
  /// compare.
  static let current: ckernels = {
    if let wanted = getenv("RADIOMICSD_KERNELS"), String(cString: wanted) == "baseline",
      let baseline = ckernels_for(CKERNELS_BASELINE)
    {
      return baseline.pointee
    }
    return ckernels_best().pointee
  }()

  /// Kernels read up to this number of elements past the last one that counts: arrays have room for them.
  static let overhang = 16
}
