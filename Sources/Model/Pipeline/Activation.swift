internal import Glibc

/// The function between two layers of a multilayer perceptron (scikit-learn's `activation`).
package enum Activation: String, Sendable, CaseIterable {
  case identity, logistic, tanh, relu

  func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .identity: x
    case .logistic: logisticSigmoid(x)
    case .tanh: Glibc.tanh(x)
    case .relu: Swift.max(x, 0)
    }
  }
}

/// 1 / (1 + e⁻ˣ), as scipy's `expit`: 0 and 1 at the extremes, never NaN for a number, because e⁻ˣ only ever overflows
/// to infinity, whose reciprocal is 0.
func logisticSigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
