import ArgumentParser
import Documents
import Errors
import Model

extension ModelCommand {
  struct Card: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print a bundle's model card.")

    @Argument(help: "The model bundle: a folder, or one file.")
    var bundle: String

    @Flag(help: "Print a JSON object.")
    var json = false

    func run() throws {
      let model = try ModelBundle(contentsOf: bundle)
      if json {
        let object: JSONValue = [
          "name": .string(model.manifest.name), "version": .string(model.manifest.version), "sha256": .string(model.id),
          "card": .string(model.card), "demonstration": .bool(model.manifest.demonstration),
          "notice": .string(Notice.researchUse),
        ]
        print(object.text(.pretty))
        return
      }
      // A card is untrusted text: terminal control characters are made visible.
      for line in model.card.split(separator: "\n", omittingEmptySubsequences: false) {
        print(String(line).escapedForLine)
      }
      print(model.manifest.demonstration ? Notice.demonstration : Notice.researchUse)
    }
  }

  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the differences between two bundles.",
      discussion: "Both are verified. Ends with 0 whether or not they differ.")

    @Argument(help: "The first bundle.") var old: String
    @Argument(help: "The second bundle.") var new: String
    @Flag(help: "Print a JSON object.") var json = false

    func run() throws {
      let difference = BundleDifference(try ModelBundle(contentsOf: old), try ModelBundle(contentsOf: new))
      if json {
        let object: JSONValue = [
          "differs": .bool(!difference.facts.isEmpty),
          "facts": .array(
            difference.facts.map { ["name": .string($0.name), "old": .string($0.old), "new": .string($0.new)] }),
          "removedFeatures": JSONValue(difference.removedFeatures),
          "addedFeatures": JSONValue(difference.addedFeatures), "files": JSONValue(difference.files),
          "largestProbabilityDifference": JSONValue(difference.largestProbabilityDifference),
        ]
        print(object.text(.pretty))
        return
      }
      guard !difference.facts.isEmpty else {
        print("the same bundle")
        return
      }
      for fact in difference.facts {
        print("\(fact.name): \(fact.old.escapedForLine) -> \(fact.new.escapedForLine)")
      }
      for name in difference.removedFeatures { print("- \(name.escapedForLine)") }
      for name in difference.addedFeatures { print("+ \(name.escapedForLine)") }
      print("files that differ: \(difference.files.joined(separator: ", ").escapedForLine)")
      if let largest = difference.largestProbabilityDifference {
        print("largest difference of a probability over the self-tests' rows: \(largest)")
      }
    }
  }
}
