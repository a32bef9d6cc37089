/// Sentences that are in every result.
package enum Notice {
  package static let researchUse = "Research use only. Not for diagnosis."
  package static let demonstration = "Demonstration model, trained on synthetic phantoms. Not for diagnosis."
}
