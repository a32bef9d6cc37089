import ArgumentParser

/// `--roi`, `--segment` and `--label`: three ways to name one region.
enum RegionOptions {
  static func validate(roi: String?, segment: Int?, label: Int?) throws {
    guard [roi != nil, segment != nil, label != nil].filter({ $0 }).count <= 1 else {
      throw ValidationError("--roi, --segment and --label exclude each other")
    }
  }
}
