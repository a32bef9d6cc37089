internal import Errors
internal import Glibc
internal import Random

/// scikit-learn 1.9's `MLPClassifier(solver="adam")` for two classes: the same random numbers in the same order, so the
/// same weights except for the order of summation, and the same number of epochs.
struct PerceptronFit: Sendable {
  private(set) var layers: PerceptronLayers
  /// Loss of each epoch.
  private(set) var lossCurve: [Double] = []

  private let settings: MLPSettings
  private var random: MersenneTwister
  private var outputs: [[Double]] = []
  private var deltas: [[Double]] = []
  private var gradient: [Double]
  /// Adam's running means of the gradient and of its square (Kingma and Ba 2015).
  private var first: [Double]
  private var second: [Double]
  private var step = 0

  /// - Parameter x: rows x columns, columns fastest.
  init(_ x: [Double], labels: [Bool], columns: Int, settings: MLPSettings, seed: UInt32) throws {
    self.settings = settings
    random = MersenneTwister(seed: seed)
    layers = PerceptronLayers(units: [columns] + settings.hidden + [1])
    layers.initialise(settings.activation, &random)
    gradient = [Double](repeating: 0, count: layers.parameters.count)
    first = gradient
    second = gradient

    var training = Array(labels.indices)
    var validation: [Int] = []
    if settings.earlyStopping {
      (training, validation) = try StratifiedShuffle.split(labels, testShare: settings.validationFraction, &random)
    }
    try fit(x, labels, columns, training, validation)
    outputs = []
    deltas = []
  }

  private mutating func fit(
    _ x: [Double], _ labels: [Bool], _ columns: Int, _ training: [Int], _ validation: [Int]
  ) throws {
    let n = training.count
    let batch = min(settings.batchSize ?? 200, n)
    outputs = layers.units.map { [Double](repeating: 0, count: $0 * max(batch, validation.count)) }
    deltas = outputs
    var order = Array(0..<n)
    var best = settings.earlyStopping ? -Double.infinity : .infinity
    var kept = layers.parameters
    var withoutImprovement = 0
    for _ in 0..<settings.maxIterations {
      // The shuffle composes with the order of the last epoch, as in sklearn.utils.shuffle.
      let permutation = random.permutation(n)
      order = permutation.map { order[$0] }
      var loss = 0.0
      for start in stride(from: 0, to: n, by: batch) {
        let rows = order[start..<min(start + batch, n)].map { training[$0] }
        loss += learn(x, labels, columns, rows) * Double(rows.count)
      }
      lossCurve.append(loss / Double(n))
      guard loss.isFinite else {
        throw StudyError(
          .trainDiverged, "the loss of the perceptron is no longer finite after \(lossCurve.count) epochs",
          hint: "standardise the features, or lower learning_rate")
      }
      if settings.earlyStopping {
        let score = accuracy(x, labels, columns, validation)
        withoutImprovement = score < best + settings.tolerance ? withoutImprovement + 1 : 0
        if score > best {
          best = score
          kept = layers.parameters
        }
      } else {
        let last = lossCurve[lossCurve.count - 1]
        withoutImprovement = last > best - settings.tolerance ? withoutImprovement + 1 : 0
        best = min(best, last)
      }
      if withoutImprovement > settings.patience { break }
    }
    if settings.earlyStopping { layers.parameters = kept }
  }

  private mutating func gather(_ x: [Double], _ columns: Int, _ rows: [Int]) {
    for (i, row) in rows.enumerated() {
      for j in 0..<columns { outputs[0][i &* columns &+ j] = x[row &* columns &+ j] }
    }
  }

  /// One batch: forward, loss, backward, one step of Adam.
  private mutating func learn(_ x: [Double], _ labels: [Bool], _ columns: Int, _ rows: [Int]) -> Double {
    let m = rows.count
    gather(x, columns, rows)
    layers.forward(&outputs, rows: m, settings.activation)
    let last = layers.layerCount
    var loss = 0.0
    let eps = Double.ulpOfOne
    for (i, row) in rows.enumerated() {
      let p = outputs[last][i]
      let clipped = min(max(p, eps), 1 - eps)
      loss -= labels[row] ? log(clipped) : log(1 - clipped)
      deltas[last][i] = p - (labels[row] ? 1 : 0)
    }
    var penalty = 0.0
    layers.parameters.withUnsafeBufferPointer {
      penalty = VectorKernels.dot($0.baseAddress!, $0.baseAddress!, layers.weightCount)
    }
    backward(m)
    descend()
    return (loss + 0.5 * settings.alpha * penalty) / Double(m)
  }

  private mutating func backward(_ m: Int) {
    let scale = 1 / Double(m)
    for layer in stride(from: layers.layerCount - 1, through: 0, by: -1) {
      let (inputs, width) = (layers.units[layer], layers.units[layer + 1])
      let (start, bias) = (layers.weightStart[layer], layers.biasStart[layer])
      gradient.withUnsafeMutableBufferPointer { gradient in
        layers.parameters.withUnsafeBufferPointer { w in
          outputs[layer].withUnsafeBufferPointer { a in
            deltas[layer + 1].withUnsafeBufferPointer { d in
              let g = gradient.baseAddress! + start
              MatrixKernels.multiplyTransposed(a.baseAddress!, d.baseAddress!, into: g, m, inputs, width)
              for i in 0..<(inputs * width) { g[i] = (g[i] + settings.alpha * w[start &+ i]) * scale }
              let b = gradient.baseAddress! + bias
              for j in 0..<width { b[j] = 0 }
              for row in 0..<m {
                for j in 0..<width { b[j] += d[row &* width &+ j] }
              }
              for j in 0..<width { b[j] *= scale }
            }
          }
        }
      }
      guard layer > 0 else { continue }
      let next = deltas[layer + 1]
      deltas[layer].withUnsafeMutableBufferPointer { out in
        layers.parameters.withUnsafeBufferPointer { w in
          next.withUnsafeBufferPointer { d in
            outputs[layer].withUnsafeBufferPointer { a in
              MatrixKernels.multiplyByTransposed(
                d.baseAddress!, w.baseAddress! + start, into: out.baseAddress!, m, inputs, width)
              PerceptronLayers.differentiate(out.baseAddress!, a.baseAddress!, m * inputs, settings.activation)
            }
          }
        }
      }
    }
  }

  private mutating func descend() {
    step += 1
    let (beta1, beta2) = (settings.beta1, settings.beta2)
    let rate =
      settings.learningRate * (1 - pow(beta2, Double(step))).squareRoot() / (1 - pow(beta1, Double(step)))
    let epsilon = settings.epsilon
    let count = gradient.count
    gradient.withUnsafeBufferPointer { g in
      first.withUnsafeMutableBufferPointer { first in
        second.withUnsafeMutableBufferPointer { second in
          layers.parameters.withUnsafeMutableBufferPointer { w in
            for i in 0..<count {
              let m = beta1 * first[i] + (1 - beta1) * g[i]
              let v = beta2 * second[i] + (1 - beta2) * (g[i] * g[i])
              first[i] = m
              second[i] = v
              w[i] -= rate * m / (v.squareRoot() + epsilon)
            }
          }
        }
      }
    }
  }

  private mutating func accuracy(_ x: [Double], _ labels: [Bool], _ columns: Int, _ rows: [Int]) -> Double {
    gather(x, columns, rows)
    layers.forward(&outputs, rows: rows.count, settings.activation)
    let right = rows.enumerated().count { i, row in (outputs[layers.layerCount][i] > 0.5) == labels[row] }
    return Double(right) / Double(rows.count)
  }
}
