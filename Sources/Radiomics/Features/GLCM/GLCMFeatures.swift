internal import Glibc

/// Grey level co-occurrence matrix features (PyRadiomics `glcm`) of one direction.
///
/// Every sum over i + j or |i - j| is taken over the distributions p(i + j) and p(|i - j|), so that one pass over the
/// matrix serves all of them: ClusterTendency, for example, is Σ (k - µx - µy)² p_{x+y}(k).
enum GLCMFeatures {
  /// In PyRadiomics' order.
  static let names = [
    "Autocorrelation", "ClusterProminence", "ClusterShade", "ClusterTendency", "Contrast", "Correlation",
    "DifferenceAverage", "DifferenceEntropy", "DifferenceVariance", "Id", "Idm", "Idmn", "Idn", "Imc1", "Imc2",
    "InverseVariance", "JointAverage", "JointEnergy", "JointEntropy", "MCC", "MaximumProbability", "SumAverage",
    "SumEntropy", "SumSquares",
  ]

  /// Values in the order of `names`, or nil for a matrix without a pair.
  /// - Parameters:
  ///   - greyLevels: the levels that rows and columns stand for, ascending.
  ///   - needsMCC: whether the maximal correlation coefficient, by far the most expensive, is requested; otherwise it
  ///     is 0.
  static func values(_ matrix: CooccurrenceMatrix, greyLevels: [Int], needsMCC: Bool) -> [Double]? {
    guard matrix.total > 0 else { return nil }
    let m = Marginals(matrix, greyLevels: greyLevels)
    let total = matrix.total
    let highest = Double(greyLevels[greyLevels.count - 1])
    let level = greyLevels.map(Double.init)

    var meanX = 0.0
    var meanY = 0.0
    for i in level.indices {
      meanX += level[i] * (m.x[i] / total)
      meanY += level[i] * (m.y[i] / total)
    }
    var varianceX = 0.0
    var varianceY = 0.0
    for i in level.indices {
      varianceX += (level[i] - meanX) * (level[i] - meanX) * (m.x[i] / total)
      varianceY += (level[i] - meanY) * (level[i] - meanY) * (m.y[i] / total)
    }

    var tendency = 0.0
    var shade = 0.0
    var prominence = 0.0
    var sumAverage = 0.0
    for k in m.sum.indices where m.sum[k] != 0 {
      let p = m.sum[k] / total
      let d = Double(k) - meanX - meanY
      sumAverage += Double(k) * p
      tendency += p * d * d
      shade += p * d * d * d
      prominence += p * d * d * d * d
    }

    var contrast = 0.0
    var differenceAverage = 0.0
    var idm = 0.0
    var idmn = 0.0
    var id = 0.0
    var idn = 0.0
    var inverseVariance = 0.0
    for k in m.difference.indices where m.difference[k] != 0 {
      let p = m.difference[k] / total
      let d = Double(k)
      contrast += p * d * d
      differenceAverage += p * d
      idm += p / (1 + d * d)
      idmn += p / (1 + d * d / (highest * highest))
      id += p / (1 + d)
      idn += p / (1 + d / highest)
      if k > 0 { inverseVariance += p / (d * d) }
    }
    var differenceVariance = 0.0
    for k in m.difference.indices where m.difference[k] != 0 {
      let d = Double(k) - differenceAverage
      differenceVariance += (m.difference[k] / total) * d * d
    }

    // 4 cov(x, y) = Var(x + y) - Var(x - y), and E[(x - y)²] = Var(x - y) + (µx - µy)²: sums of squares only, so a
    // nearly flat region keeps its digits.
    let covariance = (tendency - (contrast - (meanX - meanY) * (meanX - meanY))) / 4
    let spread = varianceX.squareRoot() * varianceY.squareRoot()
    let correlation =
      spread < 1e-6 * highest * highest
      ? NearlyConstantCorrelation.value(matrix, level: level) : covariance / (spread + XLog2X.epsilon)

    let information = InformationMeasures(matrix, m)
    let mcc = needsMCC ? MaximalCorrelation.value(matrix, m) : 0
    return [
      m.product / total, prominence, shade, tendency, contrast, correlation, differenceAverage,
      Marginals.entropy(m.difference, total), differenceVariance, id, idm, idmn, idn, information.imc1,
      information.imc2, inverseVariance, meanX, m.squares / (total * total), information.jointEntropy, mcc,
      m.maximum / total, sumAverage, Marginals.entropy(m.sum, total), varianceX,
    ]
  }
}
