internal import Report

extension EvaluationPage {
  /// TRIPOD+AI and CLEAR, filled in as far as the evaluation itself gives the answers.
  var checklists: HTML {
    let parts = [
      ("TRIPOD+AI (Collins et al., BMJ 2024)", ReportingChecklist.tripodAI(evaluation)),
      ("CLEAR (Kocak et al., Insights into Imaging 2023)", ReportingChecklist.clear(evaluation)),
    ].map { name, items -> HTML in
      let filled = items.count { $0.answer != nil }
      let rows = items.map { item -> [HTML] in
        ["\(item.number)", "\(item.topic)", item.answer.map { "\($0)" } ?? "<em>to be filled in by the authors</em>"]
      }
      return table(
        "\(name): \(filled) of \(items.count) items filled in.", ["Item", "Topic", "Where or what"], rows,
        textColumns: [0, 1, 2])
    }
    return """
      <section class="appendix">
      <h2>Appendix: reporting checklists</h2>
      <p class="note">Topics in short words; the wording of the guidelines counts. An item that software cannot know is left to the authors.</p>
      \(HTML(parts))
      </section>
      """
  }
}
