/// Rows to fit on and rows to test on; no patient is on both sides. Indices ascend.
package struct Split: Sendable, Equatable {
  package var training: [Int]
  package var test: [Int]

  package init(training: [Int], test: [Int]) {
    self.training = training
    self.test = test
  }
}
