/// Intraclass correlations of single ratings from a two-way layout (Shrout and Fleiss 1979; McGraw and Wong 1996).
///
/// How much a feature agrees between segmentations of a case: 1 where the segmentations do not
/// matter, about 0 where they vary as much as the cases do; it can be negative.
package struct IntraclassCorrelation: Sendable, Equatable {
  /// Cases, and ratings (segmentations) of each.
  package let cases: Int
  package let raters: Int
  /// Mean squares between cases, between raters, and of the residual.
  package let meanSquareCases: Double
  package let meanSquareRaters: Double
  package let meanSquareError: Double

  /// - Parameter ratings: one row per case, one column per rater; finite numbers.
  /// - Throws: `NotEstimable` below two cases or raters, for ragged rows, for numbers that are not finite, and where all
  ///   ratings are equal.
  package init(_ ratings: [[Double]]) throws(NotEstimable) {
    guard ratings.count >= 2, let k = ratings.first?.count, k >= 2 else {
      throw NotEstimable("an intraclass correlation needs two cases with two ratings each")
    }
    guard ratings.allSatisfy({ $0.count == k }) else { throw NotEstimable("the cases differ in their ratings' number") }
    guard ratings.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { throw NotEstimable("a rating is missing") }
    let n = ratings.count
    let (rows, columns) = (Double(n), Double(k))
    let grand = ratings.reduce(0) { $0 + $1.reduce(0, +) } / (rows * columns)
    let rowMeans = ratings.map { $0.reduce(0, +) / columns }
    let columnMeans = (0..<k).map { j in ratings.reduce(0) { $0 + $1[j] } / rows }
    var residual = 0.0
    for i in 0..<n {
      for j in 0..<k {
        let rest = ratings[i][j] - rowMeans[i] - columnMeans[j] + grand
        residual += rest * rest
      }
    }
    cases = n
    raters = k
    meanSquareCases = columns * rowMeans.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / (rows - 1)
    meanSquareRaters = rows * columnMeans.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / (columns - 1)
    meanSquareError = residual / ((rows - 1) * (columns - 1))
    guard meanSquareCases > 0 || meanSquareRaters > 0 || meanSquareError > 0 else {
      throw NotEstimable("all ratings are the same number")
    }
  }

  /// ICC(2,1): raters are a random sample, and a shift between them counts as disagreement (absolute agreement).
  package var agreement: Double {
    let (n, k) = (Double(cases), Double(raters))
    return (meanSquareCases - meanSquareError)
      / (meanSquareCases + (k - 1) * meanSquareError + k * (meanSquareRaters - meanSquareError) / n)
  }

  /// ICC(3,1): the raters are fixed, and a constant shift between them does not count (consistency).
  package var consistency: Double {
    (meanSquareCases - meanSquareError) / (meanSquareCases + Double(raters - 1) * meanSquareError)
  }
}

extension IntraclassCorrelation {
  /// Of ICC(2,1): by Satterthwaite's degrees of freedom (McGraw and Wong 1996, table 7).
  ///
  /// - Throws: `NotEstimable` where the residual is zero: the formula divides by it.
  package func agreementInterval(level: Double = 0.95) throws(NotEstimable) -> Interval {
    guard meanSquareError > 0 else { throw NotEstimable("the residual variance is zero") }
    let (n, k, icc) = (Double(cases), Double(raters), agreement)
    let f = meanSquareRaters / meanSquareError
    let part = n * (1 + (k - 1) * icc) - k * icc
    let df =
      (n - 1) * (k - 1) * (k * icc * f + part) * (k * icc * f + part)
      / ((n - 1) * k * k * icc * icc * f * f + part * part)
    guard df > 0, df.isFinite else { throw NotEstimable("the degrees of freedom are not defined") }
    let tail = 0.5 + level / 2
    let lowerF = FisherF.quantile(tail, n - 1, df)
    let upperF = FisherF.quantile(tail, df, n - 1)
    let noise = k * meanSquareRaters + (k * n - k - n) * meanSquareError
    return Interval(
      lower: n * (meanSquareCases - lowerF * meanSquareError) / (lowerF * noise + n * meanSquareCases),
      upper: n * (upperF * meanSquareCases - meanSquareError) / (noise + n * upperF * meanSquareCases),
      level: level, method: "F, Satterthwaite")
  }

  /// Of ICC(3,1), by the F distribution.
  ///
  /// - Throws: `NotEstimable` where the residual is zero.
  package func consistencyInterval(level: Double = 0.95) throws(NotEstimable) -> Interval {
    guard meanSquareError > 0 else { throw NotEstimable("the residual variance is zero") }
    let (n, k) = (Double(cases), Double(raters))
    let (df1, df2) = (n - 1, (n - 1) * (k - 1))
    let f = meanSquareCases / meanSquareError
    let low = f / FisherF.quantile(0.5 + level / 2, df1, df2)
    let high = f * FisherF.quantile(0.5 + level / 2, df2, df1)
    return Interval(
      lower: (low - 1) / (low + k - 1), upper: (high - 1) / (high + k - 1), level: level, method: "F")
  }
}
