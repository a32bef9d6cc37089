package import Documents
package import Jobs

extension WorkerRequest.Choices {
  package init(_ choices: JobChoices) {
    self.init()
    series = choices.series
    mask = choices.mask
    roi = choices.roi
    segment = choices.segment
    label = choices.label
    number = choices.number
  }
}
