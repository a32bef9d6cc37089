import Documents
import Evaluation
import Foundation
import FoundationXML
import TestKit
import Testing

@Suite("The report of a study")
struct ReportTests {
  /// Elements and attributes of well-formed XML.
  private final class Page: NSObject, XMLParserDelegate {
    var elements: [(name: String, attributes: [String: String])] = []
    var isWellFormed = false

    init(_ bytes: [UInt8]) {
      super.init()
      let parser = XMLParser(data: Data(bytes))
      parser.delegate = self
      isWellFormed = parser.parse()
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) { elements.append((name, attributes)) }
  }

  private func text(_ study: ExperimentResults) -> String {
    String(decoding: Evaluation(study).htmlBytes(), as: UTF8.self)
  }

  @Test("The report is well formed and loads nothing")
  func reportIsWellFormedAndSelfContained() throws {
    let bytes = Evaluation(SyntheticStudy.results(strength: 1)).htmlBytes()
    let page = Page(bytes)
    #expect(page.isWellFormed)
    let names = Set(page.elements.map(\.name))
    #expect(names.isDisjoint(with: ["script", "link", "iframe", "object", "embed", "base", "form", "img", "use"]))
    for element in page.elements {
      for (name, value) in element.attributes {
        #expect(!["href", "src", "srcset", "xlink:href"].contains(name), "\(element.name) \(name)")
        #expect(!name.hasPrefix("on"), "\(name)")
        if name != "xmlns" { #expect(!value.contains("http:") && !value.contains("https:"), "\(name) = \(value)") }
      }
    }
    let policy = page.elements.first { $0.attributes["http-equiv"] == "Content-Security-Policy" }?.attributes["content"]
    #expect(policy?.hasPrefix("default-src 'none'; img-src data:; style-src 'unsafe-inline'") == true)
    let html = String(decoding: bytes, as: UTF8.self)
    #expect(!html.contains("url(") && !html.contains("@import"))
    #expect(html.contains("Research use only. Not for diagnosis."))
  }

  @Test("Every picture has a text for screen readers")
  func everyPictureHasATextAlternative() throws {
    let page = Page(Evaluation(SyntheticStudy.results(strength: 1)).htmlBytes())
    let pictures = page.elements.indices.filter { page.elements[$0].name == "svg" }
    for index in pictures {
      #expect(page.elements[index].attributes["role"] == "img")
      #expect(page.elements[index + 1].name == "title" && page.elements[index + 2].name == "desc")
    }
    let figures = Set(pictures.compactMap { page.elements[$0].attributes["data-figure"] })
    #expect(
      figures == [
        "forest", "roc", "precision-recall", "calibration", "decision", "confusion", "permutation", "split-seeds",
        "learning-curve", "cumulative-variance", "scatter", "subgroups",
      ])
  }

  @Test("Hostile names are escaped to text")
  func hostileNamesAreEscaped() throws {
    var study = SyntheticStudy.results(strength: 1)
    study.title = "<script>alert('x')</script> & \u{202E}evil"
    study.classes = ["<b>neg</b>", "\"pos\" onload='x'"]
    study.clinical[0].name = "<img src=x onerror=alert(1)>"
    study.clinical[1] = ClinicalVariable(
      name: "]]></svg>", values: .categories((0..<97).map { $0 % 2 == 0 ? "<i>" : "\"&" }))
    study.models[0].thresholdRule = "</style><script>"
    let evaluation = Evaluation(study)
    let page = Page(evaluation.htmlBytes())
    #expect(page.isWellFormed)
    #expect(Set(page.elements.map(\.name)).isDisjoint(with: ["script", "img", "b", "i"]))
    #expect(!page.elements.contains { $0.attributes.keys.contains { $0.hasPrefix("on") } })
    let html = String(decoding: evaluation.htmlBytes(), as: UTF8.self)
    #expect(!html.contains("\u{202E}"))
    _ = try JSONSerialization.jsonObject(with: Data(evaluation.jsonBytes()))
  }

  @Test("The same study gives the same bytes")
  func sameStudyGivesSameBytes() throws {
    let (a, b) = (Evaluation(SyntheticStudy.results(strength: 1)), Evaluation(SyntheticStudy.results(strength: 1)))
    #expect(a.htmlBytes() == b.htmlBytes())
    #expect(a.jsonBytes() == b.jsonBytes())
    let folder = try TemporaryFolder()
    _ = try Evaluation.writeReport(SyntheticStudy.results(strength: 1), to: folder("out"))
    #expect(try folder.data("out/report.html") == Data(a.htmlBytes()))
    #expect(try folder.list("out").sorted() == ["evaluation.json", "report.html"])
  }

  /// Three cases of each class, small enough to be checked by eye.
  @Test("The text of the ROC curve is fixed")
  func rocCurveTextIsFixed() throws {
    var study = ExperimentResults(title: "t", labelDefinition: "d", classes: ["n", "p"], featureCount: 1)
    study.testLabels = [true, true, true, false, false, false]
    study.isExternal = true
    var model = ModelResults(name: "M", kind: "lr", threshold: 0.5, thresholdRule: "fixed in advance")
    model.test = [0.9, 0.8, 0.4, 0.6, 0.2, 0.1]
    study.models = [model]
    let html = text(study)
    let start = try #require(
      html.range(of: "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 460 445\""))
    let rest = html[start.lowerBound...]
    let end = try #require(rest.range(of: "</svg>"))
    let svg = rest[..<end.upperBound]
    // Pairs: (9+8)/9 wins, .4 beats two of three: 8 of 9.
    #expect(svg.contains("data-figure=\"roc\" data-auc=\"0.888889\""))
    #expect(svg.contains("<title>ROC curve, external cases</title>"))
    // Through (0, 0), (0, 1/3), (0, 2/3), (1/3, 2/3), (1/3, 1), (2/3, 1), (1, 1).
    #expect(
      svg.contains(
        "<path d=\"M58.00 328.00L58.00 222.67L58.00 117.33L186.00 117.33L186.00 12.00L314.00 12.00L442.00 12.00\" "
          + "fill=\"none\" stroke=\"#4477aa\" stroke-width=\"2.0\" stroke-opacity=\"1.00\" stroke-linejoin=\"round\"/>"),
      "\(svg)")
    // The operating point: sensitivity 2/3, one of three false.
    #expect(svg.contains("M186.00 112.33l5 5l-5 5l-5 -5Z"))
  }
}
