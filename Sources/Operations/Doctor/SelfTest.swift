internal import Errors
internal import FoundationEssentials
internal import Glibc
internal import Phantom
internal import Study

/// Computes a small synthetic study from DICOM to features and compares with PyRadiomics' numbers: libraries, compiler and
/// processor together do what they did where this was tested.
enum SelfTest {
  static func run() -> Finding {
    var template = Array((FileManager.default.temporaryDirectory.path + "/radiomicsd-doctor-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      return Finding("selftest", .fail, "no temporary folder: \(String(cString: strerror(errno)))", "check TMPDIR")
    }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do {
      let expected = try SelfTestReference.features()
      let worst = try compare(folder, expected)
      return Finding(
        "selftest", worst.difference <= SelfTestReference.tolerance,
        "\(expected.count) features of a phantom within \(worst.difference) of PyRadiomics' (\(worst.name))",
        else: .fail,
        "do not use this installation: a library or the processor computes otherwise; report it")
    } catch {
      return Finding("selftest", .fail, "\(error)", "do not use this installation; report it")
    }
  }

  /// The largest relative difference, and whose.
  private static func compare(
    _ folder: String, _ reference: [(name: String, value: Double)]
  ) throws -> (difference: Double, name: String) {
    let cohort = Phantom.cohort(count: 1, seed: 1, like: PhantomRecipe(matrix: 64, slices: 12))
    try Phantom.makeCohort(cohort, in: folder + "/studies", threads: 1)
    let output = folder + "/result"
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: false)
    try computeStudy(
      StudyRequest(
        study: "selftest", input: "\(folder)/studies/\(cohort[0].name)", output: output, profile: "jiao2024", threads: 2
      ))
    struct Document: Decodable { var features: [String: Double] }
    let data = try Data(contentsOf: URL(filePath: output + "/features.json"))
    let features = try JSONDecoder().decode(Document.self, from: data).features
    var worst = (difference: 0.0, name: "")
    for (name, expected) in reference {
      guard let value = features[name], value.isFinite else { return (.infinity, name) }
      let difference = abs(value - expected) / max(abs(expected), 1e-12)
      if difference >= worst.difference { worst = (difference, name) }
    }
    return worst
  }
}
