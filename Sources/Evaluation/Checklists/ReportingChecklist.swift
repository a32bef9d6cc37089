/// Items of reporting guidelines, with the answers that the evaluation gives by itself.
enum ReportingChecklist {
  struct Item {
    var number: String
    var topic: String
    /// nil: only the authors can answer.
    var answer: String?
  }

  /// Questions that both guidelines ask in different words.
  struct Answers {
    var outcome: String
    var data: String?
    var flow: String?
    var sampleSize: String?
    var missing: String
    var split: String
    var pipeline: String
    var performance: String
    var uncertainty: String
    var comparison: String?
    var subgroups: String?
    var baseline: String?
    var threshold: String
    var external: String?

    init(_ evaluation: Evaluation) {
      let study = evaluation.study
      let main = evaluation.main
      outcome = "Positive: \(study.labelDefinition); classes \(study.classes.joined(separator: ", "))"
      data = study.provenance.isEmpty ? nil : "Hashes of the tables under What this rests on"
      flow = study.flow.isEmpty ? nil : "Flow of cases"
      sampleSize = evaluation.sampleSize.map {
        "\($0.cases) cases, \($0.eventsPerVariable.twoDigits) events per variable; statement events-per-variable"
      }
      missing =
        "Cases without features or label are counted in the flow; missing cells as the settings under Models and folds say"
        + (study.withheld > 0 ? "; \(study.withheld) without prediction" : "")
      split =
        study.isExternal
        ? "All cases are new to the frozen model" : study.resampling.isEmpty ? "Models and folds" : study.resampling
      pipeline = "Models and folds; every step is fitted within the training folds only"
      performance = "AUC, average precision, calibration, decision curve, calls at the threshold: Performance"
      uncertainty =
        "DeLong, DeLong on the logit scale, stratified bootstrap; Wilson and Clopper-Pearson for shares; seeds in provenance"
      comparison = evaluation.comparisons.isEmpty ? nil : "Paired DeLong tests: Comparison of the models"
      subgroups = evaluation.subgroups.isEmpty ? nil : "Subgroups"
      baseline = evaluation.tables.isEmpty ? nil : "Baseline tables"
      threshold = "Probability; threshold \(Text.number(main.results.threshold)), \(main.results.thresholdRule)"
      external = study.isExternal ? "This report is one" : nil
    }
  }

  static func tripodAI(_ evaluation: Evaluation) -> [Item] {
    let a = Answers(evaluation)
    let permutation = evaluation.main.permutation == nil ? "" : "; permutation test, split seeds, learning curve"
    return [
      Item(number: "1", topic: "Title: development or evaluation of a prediction model, population, outcome"),
      Item(number: "2", topic: "Abstract (TRIPOD+AI for abstracts)"),
      Item(number: "3a", topic: "Healthcare context and rationale"),
      Item(number: "3b", topic: "Target population, purpose, intended users"),
      Item(number: "3c", topic: "Known health inequalities"),
      Item(
        number: "4", topic: "Objectives: development, evaluation or both",
        answer: evaluation.study.isExternal ? "Evaluation of a frozen model" : "Development and internal evaluation"),
      Item(number: "5a", topic: "Sources of data, representativeness", answer: nil),
      Item(number: "5b", topic: "Dates of the data"),
      Item(number: "6a", topic: "Setting, number and location of centres"),
      Item(number: "6b", topic: "Eligibility criteria"),
      Item(number: "6c", topic: "Treatments received"),
      Item(number: "7", topic: "Data preparation and quality checks", answer: a.data),
      Item(number: "8a", topic: "Outcome, time horizon, assessment", answer: a.outcome),
      Item(number: "8b", topic: "Qualification of outcome assessors"),
      Item(number: "8c", topic: "Blinding of the outcome assessment"),
      Item(
        number: "9a", topic: "Choice of initial predictors",
        answer: "\(evaluation.study.featureCount) features of the profile; none selected by outcome outside the folds"),
      Item(
        number: "9b", topic: "Definition and measurement of predictors",
        answer: "Radiomic features of the bundle's profile.yaml"),
      Item(number: "9c", topic: "Qualification of predictor assessors (segmentation)"),
      Item(number: "10", topic: "Sample size", answer: a.sampleSize),
      Item(number: "11", topic: "Missing data", answer: a.missing),
      Item(number: "12a", topic: "Use of data for development and evaluation", answer: a.split),
      Item(number: "12b", topic: "Handling of predictors (scaling, transformation)", answer: a.pipeline),
      Item(number: "12c", topic: "Type of model, steps, tuning, internal validation", answer: a.pipeline),
      Item(number: "12d", topic: "Heterogeneity between clusters (hospitals, countries)"),
      Item(number: "12e", topic: "Measures and plots of performance", answer: a.performance + permutation),
      Item(number: "12f", topic: "Model updating", answer: "None"),
      Item(number: "12g", topic: "How predictions were calculated (evaluation)", answer: "By the frozen bundle"),
      Item(
        number: "13", topic: "Class imbalance",
        answer: "No resampling of classes; precision-recall curve with prevalence, calibration"),
      Item(number: "14", topic: "Fairness", answer: a.subgroups),
      Item(number: "15", topic: "Model output and threshold", answer: a.threshold),
      Item(number: "16", topic: "Differences between training and evaluation data", answer: a.baseline),
      Item(number: "17", topic: "Ethical approval"),
      Item(number: "18a", topic: "Funding"), Item(number: "18b", topic: "Conflicts of interest"),
      Item(number: "18c", topic: "Protocol"), Item(number: "18d", topic: "Registration"),
      Item(number: "18e", topic: "Data sharing"),
      Item(
        number: "18f", topic: "Code sharing",
        answer: "radiomicsd, version under What this rests on"),
      Item(number: "19", topic: "Patient and public involvement"),
      Item(number: "20a", topic: "Flow of participants", answer: a.flow),
      Item(number: "20b", topic: "Characteristics of participants", answer: a.baseline),
      Item(number: "20c", topic: "Comparison of predictors with the development data", answer: a.baseline),
      Item(
        number: "21", topic: "Numbers of participants and events in each analysis", answer: "Performance, first row"),
      Item(number: "22", topic: "Full model specification", answer: "The bundle: weights.safetensors and bundle.json"),
      Item(
        number: "23a", topic: "Performance with confidence intervals, in subgroups",
        answer: "\(a.performance). \(a.uncertainty)"),
      Item(number: "23b", topic: "Heterogeneity of performance between clusters", answer: a.subgroups),
      Item(number: "24", topic: "Results of model updating", answer: "None"),
      Item(number: "25", topic: "Interpretation, fairness"),
      Item(number: "26", topic: "Limitations", answer: "What these numbers can and cannot show"),
      Item(
        number: "27a", topic: "Poor quality or missing input at use",
        answer: "The daemon refuses another profile or missing features and flags cases outside the cohort"),
      Item(number: "27b", topic: "Interaction of users, expertise required"),
      Item(number: "27c", topic: "Next steps, applicability, generalisability", answer: a.external),
    ]
  }

  static func clear(_ evaluation: Evaluation) -> [Item] {
    let a = Answers(evaluation)
    let profile = "The bundle's profile.yaml"
    let answers: [Int: String?] = [
      9: a.sampleSize, 12: a.pipeline, 15: a.split, 18: a.outcome, 21: profile, 22: profile, 23: profile, 24: profile,
      25: "radiomicsd, PyRadiomics' definitions", 26: profile, 27: "\(evaluation.study.featureCount)", 28: profile,
      29: a.missing, 30: "Precision-recall curve, calibration; classes are not resampled",
      32: "Standardised within the training folds",
      33: evaluation.study.componentCount.map { "\($0) principal components, fitted within the training folds" },
      34: a.pipeline, 35: "Models and folds",
      37: "Nested cross-validation; what each outer fold chose: Models and folds",
      38: a.split, 39: a.performance, 40: a.uncertainty, 41: a.comparison, 44: a.baseline, 45: a.flow,
      47: a.performance,
      52: "What these numbers can and cannot show", 55: profile, 56: "radiomicsd", 57: "The bundle",
      58: "radiomicsd serve, predict",
    ]
    return clearTopics.enumerated().map { index, topic in
      Item(number: "\(index + 1)", topic: topic, answer: answers[index + 1] ?? nil)
    }
  }

  private static let clearTopics = [
    "Title that names the radiomic methodology", "Structured summary", "Keywords", "Background",
    "Rationale for radiomics", "Objectives", "Adherence to guidelines", "Ethical details", "Sample size calculation",
    "Nature of the study", "Eligibility criteria", "Flowchart of the technical pipeline", "Data source", "Data overlap",
    "Data split", "Imaging protocol", "Definition of non-radiomic predictors", "Reference standard (outcome)",
    "Segmentation strategy", "Operators of the segmentation", "Image pre-processing", "Resampling", "Discretisation",
    "Image types", "Feature extraction method", "Feature classes", "Number of features",
    "Statement on default settings", "Missing data", "Class imbalance", "Reliability of the segmentation",
    "Feature scaling", "Dimension reduction", "Algorithm", "Training and tuning", "Confounders", "Model selection",
    "Testing technique", "Performance metrics", "Uncertainty", "Statistical comparison of models",
    "Comparison with non-radiomic and combined methods", "Interpretability", "Baseline characteristics",
    "Flowchart of eligibility", "Feature statistics", "Model performance",
    "Results against non-radiomic and combined methods", "Overview of findings", "Previous work",
    "Practical implications", "Strengths and limitations", "Sharing images and segmentations", "Sharing feature data",
    "Sharing pre-processing settings", "Sharing modelling code", "Sharing model files", "Sharing a ready-to-use system",
  ]
}
