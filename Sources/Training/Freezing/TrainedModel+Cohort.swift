internal import Glibc
internal import Model
internal import Statistics

extension TrainedModel {
  private static let levels = [0, 0.01, 0.05, 0.5, 0.95, 0.99, 1]

  /// Mean, standard deviation (population) and quantiles of every feature over the training cases. A column whose
  /// variance is only rounding counts as constant, by the scaler's rule.
  var featureStatistics: Cohort.Features {
    let matrix = trainingRows
    let complete = completed(matrix)
    let fit = ScalerFit(complete, rows: matrix.rowCount, columns: matrix.columnCount)
    var quantiles: [[Double]] = []
    for column in 0..<matrix.columnCount {
      let sorted = matrix.column(column).filter(\.isFinite).sorted()
      quantiles.append(Self.levels.map { quantile(sorted: sorted, $0) })
    }
    let missing = (0..<matrix.columnCount).map { matrix.column($0).count { !$0.isFinite } }
    return Cohort.Features(
      mean: fit.mean, sd: zip(fit.scale, fit.isConstant).map { $1 ? 0 : $0 }, levels: Self.levels,
      quantiles: quantiles, missing: missing.contains { $0 > 0 } ? missing : nil)
  }

  /// The training rows with missing values imputed as in the pipeline.
  private func completed(_ matrix: FeatureMatrix) -> [Double] {
    guard let imputed = pipeline.tensor("impute.value") else { return matrix.values }
    return matrix.values.indices.map {
      matrix.values[$0].isFinite ? matrix.values[$0] : imputed[$0 % matrix.columnCount]
    }
  }

  var cohortStatistics: Cohort {
    let labels = trainingLabels
    let positive = labels.count { $0 }
    var statistics = Cohort(
      n: labels.count, positive: min(positive, labels.count - positive) >= Self.fewest ? positive : nil,
      features: featureStatistics, t2: reference.t2, spe: reference.spe, acquisition: acquisition,
      reference: reference.drift, limitsFrom: reference.from)
    statistics.clinical = clinicalSummaries
    return statistics
  }

  /// The clinical columns that do not describe the scan. Levels and numbers that few cases have are not named.
  private var clinicalSummaries: [Cohort.Clinical]? {
    let columns = cohort.clinical.filter { !AcquisitionFacts.columnNames.contains($0.name) }
    let summaries = columns.map { $0.rows(split.training) }.compactMap { column -> Cohort.Clinical? in
      let known = split.training.count - column.missing
      guard known >= Self.fewest else { return nil }
      switch column.values {
      case .numbers(let numbers):
        let sorted = numbers.filter { !$0.isNaN }.sorted()
        return Cohort.Clinical(
          name: column.name, known: known,
          quartiles: [0.25, 0.5, 0.75].map { Self.rounded(quantile(sorted: sorted, $0)) })
      case .categories(let texts):
        let names = Set(Self.frequent(texts) ?? [])
        var levels = Dictionary(grouping: texts.compactMap { $0 }.filter(names.contains)) { $0 }.mapValues(\.count)
        let rest = known - levels.values.reduce(0, +)
        if rest >= Self.fewest { levels["other", default: 0] += rest }
        return levels.isEmpty ? nil : Cohort.Clinical(name: column.name, known: known, levels: levels)
      }
    }
    return summaries.isEmpty ? nil : summaries
  }

  /// To three significant digits: such a number identifies no patient.
  private static func rounded(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return value }
    let exponent = floor(log10(abs(value))) - 2
    // Powers of ten above 1 are exact, those below are not.
    guard exponent > 0 else {
      let scale = pow(10, -exponent)
      return (value * scale).rounded() / scale
    }
    let unit = pow(10, exponent)
    return (value / unit).rounded() * unit
  }

  /// From clinical columns named like the envelope's keys; nil where there is none. Scanners and kernels of fewer
  /// than five cases are not named.
  private var acquisition: AcquisitionEnvelope? {
    let facts = split.training.map { cohort.acquisition($0) }
    var envelope = AcquisitionEnvelope()
    envelope.manufacturers = Self.frequent(facts.map(\.manufacturer))
    envelope.kernels = Self.frequent(facts.map(\.kernel))
    envelope.kVp = Self.range(facts.map(\.kVp))
    envelope.sliceThickness = Self.range(facts.map(\.sliceThickness))
    envelope.sliceSpacing = Self.range(facts.map(\.sliceSpacing))
    envelope.pixelSpacing = Self.range(facts.map(\.pixelSpacing))
    envelope.regionVolume = Self.range(facts.map(\.regionVolume))
    envelope.regionVoxels = Self.range(facts.map { $0.regionVoxels.map(Double.init) })
    return envelope == AcquisitionEnvelope() ? nil : envelope
  }

  private static func frequent(_ texts: [String?]) -> [String]? {
    var counts: [String: Int] = [:]
    for case let text? in texts { counts[text, default: 0] += 1 }
    let names = counts.filter { $0.value >= fewest }.keys.sorted()
    return names.isEmpty ? nil : names
  }

  private static func range(_ numbers: [Double?]) -> [Double]? {
    let present = numbers.compactMap { $0 }
    guard let least = present.min(), let most = present.max(), least >= 0 else { return nil }
    return [least, most]
  }
}
