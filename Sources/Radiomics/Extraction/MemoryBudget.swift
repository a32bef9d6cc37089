package import Errors
internal import Glibc
internal import Imaging

extension ErrorCode {
  /// The extraction would need more memory than it may take.
  package static let memoryEstimate = ErrorCode("E_MEMORY_ESTIMATE", .badInput)
}

/// How much memory an extraction may take: its need is estimated before anything is allocated, so that a case that is
/// too large is refused with a number and does not exhaust the machine's memory.
package struct MemoryBudget: Sendable {
  /// Bytes.
  let limit: Int
  let threads: Int

  init(limit: Int?, threads: Int) {
    self.limit = limit ?? Self.available
    self.threads = threads
  }

  /// Bytes that this process may still take: the free memory of the machine, limited by its control group and by its
  /// own limit of address space.
  package static var available: Int {
    var bytes = Int.max
    for line in lines("/proc/meminfo") where line.hasPrefix("MemAvailable:") {
      let kibibytes = line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
      if let kibibytes { bytes = min(bytes, kibibytes << 10) }
    }
    if let most = lines("/sys/fs/cgroup/memory.max").first.flatMap({ Int($0) }) {
      let used = lines("/sys/fs/cgroup/memory.current").first.flatMap { Int($0) } ?? 0
      bytes = min(bytes, max(most - used, 0))
    }
    var space = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &space) == 0, space.rlim_cur < rlim_t(Int.max) {
      let pages = lines("/proc/self/statm").first?.split(separator: " ").first.flatMap { Int($0) } ?? 0
      bytes = min(bytes, max(Int(space.rlim_cur) - pages * sysconf(Int32(_SC_PAGESIZE)), 0))
    }
    return bytes
  }

  private static func lines(_ path: String) -> [Substring] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).split(separator: "\n")
  }

  /// - Parameter what: the object that needs the memory, for the message.
  /// - Throws: `E_MEMORY_ESTIMATE`.
  func require(_ bytes: Double, for what: String, hint: String) throws {
    guard bytes <= Double(limit) else {
      func mebibytes(_ bytes: Double) -> String { "\(Int((min(bytes, 1e18) / 1_048_576).rounded(.up))) MiB" }
      throw StudyError(
        .memoryEstimate,
        "\(what) would take about \(mebibytes(bytes)) of memory, the limit is \(mebibytes(Double(limit)))", hint: hint,
        details: ["bytes": "\(Int(min(bytes, 1e18)))", "limit": "\(limit)"])
    }
  }

  /// Co-occurrence and run length tables of the directions that are counted at once.
  ///
  /// - Parameters:
  ///   - levels: grey levels that occur.
  ///   - keepsDirections: whether matrices of all directions are kept until they are summed (`weightingNorm`).
  ///   - longest: voxels along the region's longest axis.
  func requireTables(levels: Int, longest: Int, directions: Int, keepsDirections: Bool) throws {
    let n = Double(levels + 1)
    // Counts with and without the border, the weights, and for MCC a matrix beside them.
    let direction = n * n * (4 + 4 + 8 + 8) + n * Double(longest + 2) * 8
    let kept = keepsDirections ? n * n * 8 * Double(directions) : 0
    try require(
      direction * Double(min(threads, max(directions, 1))) + kept, for: "texture matrices of \(levels) grey levels",
      hint: "use a larger binWidth, fewer --threads, or raise --memory-limit")
  }

  /// The image and mask on the resampled grid and the spline coefficients they are made from.
  func requireResampling(_ image: Volume, onto grid: Geometry, interpolator: Interpolator, normalizes: Bool) throws {
    try requireResampling(
      image.geometry,
      bytesPerVoxel: normalizes ? 8 : image.pixelType.isInteger && image.pixelType.bytes <= 2 ? 4 : 8, onto: grid,
      interpolator: interpolator)
  }

  func requireResampling(
    _ image: Geometry, bytesPerVoxel: Double, onto grid: Geometry, interpolator: Interpolator
  ) throws {
    var window = 1.0
    for a in 0..<3 {
      let covered = Double(grid.size[a]) * grid.spacing[a] / image.spacing[a] + 136
      // Axes may be exchanged: then the whole line is needed.
      window *= min(Double(image.size[a]), covered)
    }
    try require(
      Double(grid.count) * (bytesPerVoxel + 2) + (interpolator == .bSpline ? window * 8 : 0),
      for: "resampling to \(grid.size.x) x \(grid.size.y) x \(grid.size.z) voxels",
      hint: "choose a larger resampledPixelSpacing, or raise --memory-limit")
  }

  /// Values and grey levels of the derived images that are made at once.
  func requireDerivedImages(_ image: Volume, region: Region) throws {
    let perThread = Double(region.count) * 24 + Double(region.paddedCount) * 2
    try require(
      perThread * Double(threads) + Double(image.geometry.count) * 8, for: "a region of \(region.count) voxels",
      hint: "use fewer --threads, set preCrop: true, or raise --memory-limit")
  }
}
