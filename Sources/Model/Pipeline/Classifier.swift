/// The step that turns numbers into a probability.
package enum Classifier: Sendable, Equatable {
  /// Also logistic regression, which has no hidden layer.
  case perceptron(MultilayerPerceptron)
  case forest(TreeEnsemble)

  func probability(_ x: [Double]) -> Double {
    switch self {
    case .perceptron(let network): network.probability(x)
    case .forest(let trees): trees.probability(x)
    }
  }
}
