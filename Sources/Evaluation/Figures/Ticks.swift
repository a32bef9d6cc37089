internal import Glibc
internal import Report

/// Round numbers along an axis.
enum Ticks {
  /// About five steps of 1, 2 or 5 times a power of ten within the range.
  static func linear(_ range: ClosedRange<Double>) -> [Double] {
    let width = range.upperBound - range.lowerBound
    guard width > 0, width.isFinite else { return [range.lowerBound] }
    let raw = width / 5
    let power = pow(10, floor(log10(raw)))
    let step = [1.0, 2, 5, 10].first { $0 * power >= raw * 0.999 }! * power
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    guard last >= first, last - first < 50 else { return [range.lowerBound, range.upperBound] }
    return (0...Int(last - first)).map { (first + Double($0)) * step }
  }

  /// A tick's text, with as many digits as the steps need.
  static func label(_ value: Double, of ticks: [Double]) -> String {
    let step = ticks.count > 1 ? abs(ticks[1] - ticks[0]) : abs(value)
    let digits = (0...4).first { place in
      let scaled = step * pow(10, Double(place))
      return abs(scaled - scaled.rounded()) < 1e-6 * max(1, scaled)
    }
    return (abs(value) < 1e-12 ? 0 : value).fixed(digits ?? 4)
  }

  /// A range that contains all values, slightly wider.
  static func range(of values: [Double], margin: Double = 0.06) -> ClosedRange<Double> {
    guard let low = values.min(), let high = values.max() else { return 0...1 }
    let space = high > low ? (high - low) * margin : max(abs(low) * 0.1, 0.5)
    return (low - space)...(high + space)
  }
}
