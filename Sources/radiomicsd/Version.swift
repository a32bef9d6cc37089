/// The program's version, as `--version` and every result say it.
enum Version {
  static let current = "0.1.0"
}
