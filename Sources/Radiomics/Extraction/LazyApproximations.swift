internal import Imaging
internal import Synchronization

/// The approximations that the wavelet levels start from, each computed once when it is first asked for.
final class LazyApproximations: Sendable {
  private let volumes: Mutex<[Volume]>
  private let wavelet: Wavelet
  private let skipping: Int?

  /// - Parameter image: level 0.
  init(_ image: Volume, of wavelet: Wavelet, skipping: Int?) {
    volumes = Mutex([image])
    self.wavelet = wavelet
    self.skipping = skipping
  }

  func level(_ level: Int) -> Volume {
    volumes.withLock { volumes in
      while volumes.count <= level {
        volumes.append(volumes[volumes.count - 1].waveletApproximation(of: wavelet, skipping: skipping))
      }
      return volumes[level]
    }
  }
}
