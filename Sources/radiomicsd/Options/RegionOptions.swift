import ArgumentParser

/// `--roi`, `--segment` and `--label`: three ways to name one region.
struct RegionOptions: ParsableArguments {
  @Option(help: "Region: a name, a regular expression, a code (SCT:86049000) or '#' and a number.")
  var roi: String?

  @Option(help: "Number of the region in an RTSTRUCT or SEG.")
  var segment: Int?

  @Option(help: "Label of the region in a label map (default: the only one there is).")
  var label: Int?

  func validate() throws {
    guard [roi != nil, segment != nil, label != nil].filter({ $0 }).count <= 1 else {
      throw ValidationError("--roi, --segment and --label exclude each other")
    }
  }
}
