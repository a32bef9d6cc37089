import Documents
import Foundation
import Hashing
import Imaging
import Report
import Testing

struct ReportPageTests {
  private func page(language: ReportPage.Language = .english, _ change: (inout ResultDocument) -> Void = { _ in })
    -> String
  {
    var result = ResultDocument(
      job: "j1", study: "P1", status: "done",
      prediction: .value(probability: 0.6254321, positive: true, threshold: 0.5, label: "HER2-positive"),
      model: .init(name: "m", version: "1", sha256: "abc", demonstration: true),
      profile: .init(name: "jiao2024", sha256: "def"), featureCount: 975,
      outOfDistribution: .init(
        score: 1.5, flag: true,
        worst: [.init(feature: "original_glcm_Contrast", value: 12.5, z: -7.25, minimum: 1, maximum: 2)],
        t2: .init(value: 3, q95: 4, q99: 5), spe: .init(value: 9, q95: 5, q99: 6), outsideRange: 2),
      inputs: [.init(role: "image", sha256: "fff", bytes: 3)],
      geometry: .init(Geometry(size: SIMD3(2, 3, 4))), software: ["name": "radiomicsd"], timings: [:], warnings: [])
    change(&result)
    let report = ReportPage(
      result: result, pictures: .init(plain: [1, 2, 3], outline: [4, 5, 6], caption: "window 400 HU"),
      files: [("features.csv", "123")], language: language)
    return String(decoding: report.bytes(), as: UTF8.self)
  }

  @Test("The notice on research use stands above the number")
  func noticeStandsAboveTheNumber() throws {
    let text = page()
    let banner = try #require(text.range(of: "RESEARCH USE ONLY"))
    let demonstration = try #require(text.range(of: "DEMONSTRATION MODEL"))
    let alert = try #require(text.range(of: "Outside the training cohort"))
    let number = try #require(text.range(of: "<s>0.625</s>"))
    #expect(banner.lowerBound < number.lowerBound && demonstration.lowerBound < number.lowerBound)
    #expect(alert.lowerBound < number.lowerBound)
    for fact in [
      "HER2-positive", "original_glcm_Contrast", "-7.3", "abc", "def", "fff", "123", "AQID", "BAUG", "window 400 HU",
    ] {
      #expect(text.contains(fact), "\(fact)")
    }
    let served = page { $0.model?.demonstration = false }
    #expect(!served.contains("DEMONSTRATION"))
    let near = page { $0.outOfDistribution?.flag = false }
    #expect(!near.contains("Outside the training cohort"))
  }

  @Test("a probability outside the cohort is small and struck out; one inside is large")
  func probabilityOutsideCohortIsStruckOut() {
    let outside = page()
    #expect(!outside.contains("class=\"probability\"") && !outside.contains("<svg"))
    #expect(outside.contains("<s>HER2-positive</s>"))
    let inside = page { $0.outOfDistribution?.flag = false }
    #expect(inside.contains("<span class=\"probability\">0.625</span>") && inside.contains("<svg"))
    let noted = page {
      $0.outOfDistribution?.flag = false
      $0.warnings = [.init(code: "OOD_KVP", message: "80 kV")]
    }
    #expect(!noted.contains("class=\"probability\""))
  }

  @Test("the page shows the measurements first, with numbers of four digits")
  func measuredBlockPrecedesPrediction() throws {
    let text = page {
      var measured = Measured()
      measured.description = "CTU excretory"
      measured.scanner = "ACME One"
      measured.kVp = 120
      measured.maskFile = "mask.nii.gz"
      measured.label = 3
      measured.volume = 12.34567
      measured.longestDiameter = 41.98765
      measured.computed = "2026-01-02T03:04:05Z"
      $0.measured = measured
    }
    let block = try #require(text.range(of: "What was measured"))
    let prediction = try #require(text.range(of: "Prediction"))
    #expect(block.lowerBound < prediction.lowerBound)
    for fact in ["CTU excretory", "ACME One, 120 kV", "mask.nii.gz", "label 3", "12.35 ml", "41.99 mm", "2 x 3 x 4"] {
      #expect(text.contains(fact), "\(fact)")
    }
  }

  @Test("every heading is in both languages, and the configured one is shown first")
  func pageIsInTwoLanguages() {
    let english = page()
    let chinese = page(language: .chinese)
    #expect(english.contains("id=\"zh\" class=\"switch\">") && chinese.contains("id=\"zh\" class=\"switch\" checked>"))
    for page in [english, chinese] {
      let spans = ["en", "zh"].map { page.components(separatedBy: "<span lang=\"\($0)\">").count }
      #expect(spans[0] == spans[1] && spans[0] > 20)
      #expect(page.contains("预测") && page.contains("Prediction"))
      // No heading except the study's name is in one language alone.
      for heading in page.components(separatedBy: "<h2>").dropFirst() {
        #expect(heading.hasPrefix("<span lang=\"en\">"))
      }
    }
  }

  @Test("A withheld prediction shows no number")
  func withheldPredictionShowsNoNumber() {
    let text = page { $0.prediction = .withheld(reason: "missing: x_y", features: ["x_y"], threshold: 0.5) }
    #expect(text.contains("No prediction.") && text.contains("x_y"))
    #expect(!text.contains("probability of the positive class"))
    let without = page { $0.prediction = nil }
    #expect(without.contains("No model was asked for"))
  }

  /// All text from a study stays text.
  @Test(
    "Text from files is never markup",
    arguments: [
      "<script>alert(1)</script>", "\" onload=\"x", "' onload='x", "</title><img src=x>", "&lt;", "\u{202E}cba",
      "a\u{0}b",
    ])
  func textFromFilesIsNeverMarkup(hostile: String) {
    let text = page {
      $0.study = hostile
      $0.job = hostile
      $0.model?.name = hostile
      $0.prediction = .value(probability: 0.5, positive: true, threshold: 0.5, label: hostile)
      $0.warnings = [.init(code: hostile, message: hostile)]
      $0.outOfDistribution?.worst[0].feature = hostile
      $0.inputs[0].role = hostile
      $0.software = ["name": .string(hostile)]
    }
    #expect(!text.contains(hostile))
    #expect(!text.contains("<script") && !text.contains("<img src=x"))
    #expect(text.components(separatedBy: "<img").count == 3)
    #expect(text.components(separatedBy: "<title>").count == 2)
  }

  /// The policy allows exactly the page's own style sheet, and there is nothing else to allow.
  @Test("The page is self-contained")
  func pageIsSelfContained() throws {
    let text = page()
    let style = try #require(text.components(separatedBy: "<style>").last?.components(separatedBy: "</style>").first)
    let digits = sha256(style)
    let bytes = stride(from: 0, to: 64, by: 2).map { offset -> UInt8 in
      let start = digits.index(digits.startIndex, offsetBy: offset)
      return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16)!
    }
    #expect(text.contains("default-src 'none'; img-src data:; style-src 'sha256-\(Data(bytes).base64EncodedString())'"))
    #expect(
      !text.contains("http://") && !text.contains("https://") && !text.contains("<script") && !text.contains(" style="))
  }
}
