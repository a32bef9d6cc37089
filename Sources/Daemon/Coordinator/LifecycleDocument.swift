internal import Jobs

/// `docs/lifecycle.md`: the table of `StudyLifecycle` as a diagram and as a list.
package enum LifecycleDocument {
  package static var text: String {
    var text = """
      # The life of a study

      <!-- Printed by `make lifecycle`; a test compares. The source is Sources/Daemon/Coordinator/StudyLifecycle.swift. -->

      A job enters with `taken` and leaves with `swept` or `withdrawn`. Each arrow is one transaction: the job's row and an
      event of the chain. The action after the arrow in the list below begins when that transaction is on disk.

      ```mermaid
      stateDiagram-v2

      """
    for row in rows where row.state != row.step.to {
      let from = row.state?.rawValue ?? "[*]"
      let to = row.step.to?.rawValue ?? "[*]"
      text += "  \(name(from)) --> \(name(to)): \(row.turn.rawValue)\n"
    }
    for state in JobState.allCases where state.isFinal { text += "  \(name(state.rawValue)) --> [*]: swept\n" }
    text += """
      ```

      | state | turn | next state | event on record | then |
      |---|---|---|---|---|

      """
    for row in rows {
      let from = row.state.map { "`\($0.rawValue)`" } ?? ""
      let to = row.step.to.map { "`\($0.rawValue)`" } ?? "none"
      text +=
        "| \(from) | \(row.turn.rawValue) | \(to) | `\(row.step.kind.rawValue)` | \(row.step.then?.rawValue ?? "") |\n"
    }
    return text
  }

  private static var rows: [(state: JobState?, turn: StudyLifecycle.Turn, step: StudyLifecycle.Step)] {
    ([nil] + JobState.allCases.map(Optional.some)).flatMap { state in
      StudyLifecycle.Turn.allCases.compactMap { turn in
        StudyLifecycle.step(state, turn).map { (state, turn, $0) }
      }
    }
  }

  private static func name(_ state: String) -> String {
    state.map { $0 == "-" ? "_" : String($0) }.joined()
  }
}
