import ArgumentParser
import Documents
import Errors
import Model

extension ModelCommand {
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check a bundle: files, hashes, shapes, numbers, and the recomputed self-test.",
      discussion: "Ends with status 0 when the bundle may serve, otherwise with 78 and the reason.")

    @Argument(help: "The model bundle: a folder, or one file.")
    var bundle: String

    @Flag(help: "Print a JSON object.")
    var json = false

    @OptionGroup var trust: Trust

    func run() throws {
      let model = try ModelBundle(contentsOf: bundle, trust: try trust.value())
      if json {
        let object: JSONValue = [
          "verified": true, "name": .string(model.manifest.name), "version": .string(model.manifest.version),
          "sha256": .string(model.id), "selfTestDifference": .number(model.selfTestDifference),
          "signature": Self.signature(of: model),
        ]
        print(object.text(.compact))
      } else {
        let name = "\(model.manifest.name) \(model.manifest.version)".escapedForLine
        print("\(name): verified, sha256 \(model.id), self-test within \(model.selfTestDifference)")
        if let signature = model.signature {
          print("signed by \(signature.keyID): \(signature.trustedComment.escapedForLine)")
        } else if model.isSigned {
          print("there is a signature; give --trusted-key to check it")
        }
      }
    }

    private static func signature(of model: ModelBundle) -> JSONValue {
      guard let signature = model.signature else { return model.isSigned ? "not checked" : nil }
      return ["key": .string(signature.keyID), "comment": .string(signature.trustedComment)]
    }
  }
}
