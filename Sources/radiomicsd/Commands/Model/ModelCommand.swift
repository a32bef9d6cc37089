import ArgumentParser
import Errors
import Model

/// `radiomicsd model`: a bundle's contents, its verification, the active bundle; and conversion to other formats.
struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Inspect, verify, compare, import, export and activate frozen models.",
    discussion: "A bundle is a folder, or one file that model export wrote.",
    subcommands: [
      Inspect.self, Verify.self, Card.self, Diff.self, Import.self, Export.self, Activate.self,
    ])

  /// Whose signature is accepted.
  struct Trust: ParsableArguments {
    @Option(help: "A trusted minisign public key (the second line of minisign.pub); may be repeated.")
    var trustedKey: [String] = []

    @Flag(help: "Refuse a bundle without a signature by a trusted key.")
    var requireSignature = false

    func value() throws -> SignatureTrust { try SignatureTrust(required: requireSignature, trustedKeys: trustedKey) }
  }
}
