/// Sentences that are in every result.
public enum Notice {
  public static let researchUse = "Research use only. Not for diagnosis."
  public static let demonstration = "Demonstration model, trained on synthetic phantoms. Not for diagnosis."
}
