internal import CKernels
internal import Glibc

/// The inner loops for this machine's processor.
enum Kernels {
  /// Chosen once. The environment variable `RADIOMICSD_KERNELS=baseline` takes those that every processor runs, to compare.
  static let current: ckernels = {
    if let wanted = getenv("RADIOMICSD_KERNELS"), String(cString: wanted) == "baseline",
      let baseline = ckernels_for(CKERNELS_BASELINE)
    {
      return baseline.pointee
    }
    return ckernels_best().pointee
  }()

  /// Kernels look at up to so many numbers past the last that counts: arrays have room for them.
  static let overhang = 16
}
