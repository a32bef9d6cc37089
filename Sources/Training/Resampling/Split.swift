/// Rows to fit on and rows to test on; no patient is on both sides. Indices ascend.
public struct Split: Sendable, Equatable {
  public var training: [Int]
  public var test: [Int]

  public init(training: [Int], test: [Int]) {
    self.training = training
    self.test = test
  }
}
