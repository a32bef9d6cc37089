package import Foundation

/// Real patients' data with reference results, in `../shared` beside the checkout if available.
///
/// Tests that need it are enabled by `.enabled(if: SharedData.isPresent, …)`, so a run without it lists what it
/// skipped.
package enum SharedData {
  /// The checkout's root.
  package static let checkout = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  package static let root = checkout.deletingLastPathComponent().appendingPathComponent("shared")

  package static var isPresent: Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent("data/cases").path)
  }

  package static func path(_ relative: String) -> String { root.appendingPathComponent(relative).path }
}
