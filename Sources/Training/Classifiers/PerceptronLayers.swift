internal import Glibc
internal import Random

/// Weights and biases of a multilayer perceptron during fitting, in one array: every weight matrix (inputs x outputs,
/// outputs fastest), then every bias.
struct PerceptronLayers: Sendable {
  /// Units of the input, of each hidden layer, and of the output.
  let units: [Int]
  var parameters: [Double]

  var layerCount: Int { units.count - 1 }
  /// Where the weights of a layer start.
  let weightStart: [Int]
  let biasStart: [Int]

  init(units: [Int]) {
    self.units = units
    var position = 0
    var weights: [Int] = []
    var biases: [Int] = []
    for layer in 0..<(units.count - 1) {
      weights.append(position)
      position += units[layer] * units[layer + 1]
    }
    for layer in 0..<(units.count - 1) {
      biases.append(position)
      position += units[layer + 1]
    }
    weightStart = weights
    biasStart = biases
    parameters = [Double](repeating: 0, count: position)
  }

  var weightCount: Int { biasStart[0] }

  /// Glorot and Bengio 2010, as in scikit-learn: a layer's weights, then its biases.
  mutating func initialise(_ activation: MLPSettings.Activation, _ random: inout MersenneTwister) {
    for layer in 0..<layerCount {
      let (inputs, outputs) = (units[layer], units[layer + 1])
      let bound = ((activation == .logistic ? 2.0 : 6.0) / Double(inputs + outputs)).squareRoot()
      let weights = random.uniform(-bound, bound, count: inputs * outputs)
      let biases = random.uniform(-bound, bound, count: outputs)
      parameters.replaceSubrange(weightStart[layer]..<(weightStart[layer] + weights.count), with: weights)
      parameters.replaceSubrange(biasStart[layer]..<(biasStart[layer] + biases.count), with: biases)
    }
  }

  func weights(_ layer: Int) -> [Double] {
    Array(parameters[weightStart[layer]..<(weightStart[layer] + units[layer] * units[layer + 1])])
  }

  func biases(_ layer: Int) -> [Double] {
    Array(parameters[biasStart[layer]..<(biasStart[layer] + units[layer + 1])])
  }

  /// The output of every layer for a batch; `outputs[0]` is the batch itself, the last one the probability.
  func forward(_ outputs: inout [[Double]], rows: Int, _ activation: MLPSettings.Activation) {
    for layer in 0..<layerCount {
      let (inputs, width) = (units[layer], units[layer + 1])
      let bias = biasStart[layer]
      outputs[layer].withUnsafeBufferPointer { a in
        parameters.withUnsafeBufferPointer { w in
          outputs[layer + 1].withUnsafeMutableBufferPointer { z in
            MatrixKernels.multiply(
              a.baseAddress!, w.baseAddress! + weightStart[layer], into: z.baseAddress!, rows, inputs, width)
            for row in 0..<rows {
              for j in 0..<width { z[row &* width &+ j] += w[bias &+ j] }
            }
            let count = rows * width
            if layer == layerCount - 1 {
              for i in 0..<count { z[i] = 1 / (1 + exp(-z[i])) }
            } else {
              Self.activate(z.baseAddress!, count, activation)
            }
          }
        }
      }
    }
  }

  private static func activate(
    _ z: UnsafeMutablePointer<Double>, _ count: Int, _ activation: MLPSettings.Activation
  ) {
    switch activation {
    case .identity: break
    case .relu: for i in 0..<count { z[i] = z[i] > 0 ? z[i] : 0 }
    case .tanh: for i in 0..<count { z[i] = Glibc.tanh(z[i]) }
    case .logistic: for i in 0..<count { z[i] = 1 / (1 + exp(-z[i])) }
    }
  }

  /// Turns the derivative with respect to a layer's output into that with respect to its input sum.
  static func differentiate(
    _ delta: UnsafeMutablePointer<Double>, _ output: UnsafePointer<Double>, _ count: Int,
    _ activation: MLPSettings.Activation
  ) {
    switch activation {
    case .identity: break
    case .relu: for i in 0..<count where output[i] == 0 { delta[i] = 0 }
    case .tanh: for i in 0..<count { delta[i] *= 1 - output[i] * output[i] }
    case .logistic: for i in 0..<count { delta[i] *= output[i] * (1 - output[i]) }
    }
  }
}
