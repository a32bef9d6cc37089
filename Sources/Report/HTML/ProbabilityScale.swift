/// The probability as a mark on a scale from 0 to 1, with the threshold.
struct ProbabilityScale: Sendable {
  var probability: Double
  var threshold: Double

  private func x(_ share: Double) -> Double { 20 + 560 * min(max(share, 0), 1) }

  /// Inline SVG, readable without colour: the threshold is a dashed line, the probability a filled triangle.
  var svg: HTML {
    let at = x(probability)
    return """
      <svg role="img" width="600" height="70" viewBox="0 0 600 70" data-probability="\(probability)" data-threshold="\(threshold)">
      <title>Probability \(probability, digits: 3), threshold \(threshold, digits: 3)</title>
      <rect x="20" y="30" width="560" height="10" class="track"/>
      <rect x="20" y="30" width="\(at - 20, digits: 1)" height="10" fill="#4477aa"/>
      <line x1="\(x(threshold), digits: 1)" x2="\(x(threshold), digits: 1)" y1="18" y2="50" class="limit" stroke-width="2" stroke-dasharray="4 3"/>
      <path d="M \(at, digits: 1) 28 l -7 -14 h 14 z" class="mark"/>
      <text x="20" y="62" font-size="13">0</text>
      <text x="580" y="62" font-size="13" text-anchor="end">1</text>
      <text x="\(x(threshold), digits: 1)" y="64" font-size="13" text-anchor="middle">threshold</text>
      </svg>
      """
  }
}
