import ArgumentParser
import DICOM
import Errors
import Glibc
import Phantom

/// `radiomicsd phantom`: synthetic studies for trying the program.
struct PhantomCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phantom",
    abstract: "Write synthetic CTU studies: a DICOM CT series each and the tumour's mask.",
    discussion: """
      The studies are made up: no patient's data is in them. The same options give the same bytes.
      With --count above 1, labels.csv holds the class of each study: 42 of 97 are positive.
      """)

  @Option(name: .long, help: "Folder to write the studies into: phantom-0001, ...")
  var output: String

  @Option(name: .long, help: "Seed of all random numbers.")
  var seed: UInt64 = 1

  @Option(name: .long, help: "Number of studies.")
  var count = 1

  @Option(name: .long, help: "Slices of each study.")
  var slices = 40

  @Option(name: .long, help: "Distance of the slices in mm.")
  var spacing = 5.0

  @Option(name: .long, help: "Rows and columns of each slice.")
  var matrix = 256

  @Option(name: .long, help: "Number of threads (default: one per processor).")
  var threads: Int?

  func validate() throws {
    guard (1...9999).contains(count) else { throw ValidationError("--count is 1 to 9999") }
    guard (3...5000).contains(slices) else { throw ValidationError("--slices is 3 to 5000") }
    guard spacing >= 0.1, spacing <= 20 else { throw ValidationError("--spacing is 0.1 to 20 mm") }
    guard (32...2048).contains(matrix) else { throw ValidationError("--matrix is 32 to 2048") }
    guard threads.map({ (1...1024).contains($0) }) ?? true else { throw ValidationError("--threads is 1 to 1024") }
  }

  func run() throws {
    let like = PhantomRecipe(matrix: matrix, slices: slices, spacing: spacing)
    let studies = Phantom.cohort(count: count, seed: seed, like: like)
    try Phantom.makeCohort(studies, in: output, threads: threads ?? defaultThreadCount) { name in
      StandardError.write("\(name)\n")
    }
  }
}
