public import Foundation

/// Real patients' data with reference results, in `../shared` beside the checkout if available.
///
/// Tests that need it are enabled by `.enabled(if: SharedData.isPresent, …)`, so a run without it lists what it
/// skipped.
public enum SharedData {
  /// The checkout's root.
  public static let checkout = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  public static let root = checkout.deletingLastPathComponent().appendingPathComponent("shared")

  public static var isPresent: Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent("data/cases").path)
  }

  public static func path(_ relative: String) -> String { root.appendingPathComponent(relative).path }
}
