internal import Errors
internal import Imaging

/// The values of one derived image inside the region.
struct DerivedImage: Sendable {
  /// PyRadiomics' name: `original`, `log-sigma-3-0-mm-3D`, `wavelet-LLH`.
  let name: String
  let values: RegionValues
  let settings: ExtractionSettings
}

/// Makes the images that a profile asks for, one at a time, so that only one lies in memory.
struct DerivedImages {
  private let prepared: Preparation
  private let threads: Int

  init(_ prepared: Preparation, threads: Int) {
    self.prepared = prepared
    self.threads = threads
  }

  /// Calls `body` with each image in PyRadiomics' order and the share of the work before it.
  func forEach(_ requests: [ImageTypeRequest], _ body: (DerivedImage, Double) throws -> Void) throws {
    let total = requests.reduce(0) { $0 + Self.count($1) }
    var done = 0
    for request in requests {
      try forEach(request) { derived in
        try body(derived, Double(done) / Double(total))
        done += 1
      }
    }
  }

  private static func count(_ request: ImageTypeRequest) -> Int {
    switch request.type {
    case .original: 1
    case .laplacianOfGaussian: request.settings.sigma.count
    case .wavelet: 7 * request.settings.level + 1
    }
  }

  private func forEach(_ request: ImageTypeRequest, _ body: (DerivedImage) throws -> Void) throws {
    let settings = request.settings
    switch request.type {
    case .original:
      try body(
        DerivedImage(
          name: "original", values: RegionValues(prepared.image, region: prepared.region), settings: settings))
    case .laplacianOfGaussian: break
    case .wavelet: break
    }
  }
}
