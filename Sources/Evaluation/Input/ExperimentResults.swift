/// The output of a training or an external evaluation: labels and probabilities, from which every number of the report
/// is computed. Plain arrays, so that any source of predictions can be reported.
package struct ExperimentResults: Sendable {
  /// The subject of the report: the name of the bundle or of the study.
  package var title: String
  /// The data are made by a program, not by patients: the report states it at the top.
  package var isSynthetic = false
  /// The meaning of the positive class, for example `IHC 2+ or 3+`.
  package var labelDefinition: String
  /// Names of the negative and of the positive class.
  package var classes: [String]
  /// Features that entered the pipeline, and principal components that it kept (nil without).
  package var featureCount: Int
  package var componentCount: Int?
  /// The frozen model first, then those that it is compared with.
  package var models: [ModelResults] = []
  /// The cases on which the models were fitted and cross-validated: labels by case. Empty where a frozen model is
  /// evaluated.
  package var developmentLabels: [Bool] = []
  /// The cases set apart before anything was fitted, or the cases of an external evaluation. Empty where there are none.
  package var testLabels: [Bool] = []
  /// Names of the test cases, for `predictions.csv`; they are not written into `evaluation.json`.
  package var testIDs: [String] = []
  /// Whether the test cases are of another time or place than the training cases (`evaluate`).
  package var isExternal = false
  /// The steps from the tables to the analysed cases.
  package var flow: [FlowStep] = []
  /// Clinical variables of the development cases, then of the test cases.
  package var clinical: [ClinicalVariable] = []
  /// Radiomics compared with clinical variables; nil where there are none to fit.
  package var clinicalModels: ClinicalResults?
  package var components: ComponentResults?
  /// p values of each feature alone between the classes of the development cases (Wilcoxon's rank-sum test, normal);
  /// empty where that was not computed. Nothing is selected by them.
  package var featureTests: [Double] = []
  /// How many of the test cases lie outside the training cohort; nil where it was not checked.
  package var outOfDistribution: Int?
  /// Cases without a prediction, which are in no figure.
  package var withheld = 0
  /// How the cases were resampled, in words: `5-fold cross-validation, 10 repeats, stratified, patients kept together`.
  package var resampling = ""
  /// Facts of the run: seed, software, hashes. In order.
  package var provenance: [Fact] = []
  /// Whether χ² of 2 x 2 tables has Yates' continuity correction. gtsummary has none.
  package var yates = false
  /// Of the report's own resampling (bootstrap, Monte Carlo).
  package var seed: UInt64 = 1

  package init(
    title: String, labelDefinition: String, classes: [String], featureCount: Int, componentCount: Int? = nil
  ) {
    self.title = title
    self.labelDefinition = labelDefinition
    self.classes = classes
    self.featureCount = featureCount
    self.componentCount = componentCount
  }
}

/// A name with its value, as a report lists them.
package struct Fact: Sendable, Equatable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// One step of the flow of cases: what it is, and how many remain after it.
package struct FlowStep: Sendable, Equatable {
  package var name: String
  package var count: Int

  package init(_ name: String, _ count: Int) {
    self.name = name
    self.count = count
  }
}

/// A clinical column: numbers (NaN where missing) or categories (nil where missing), one per case.
package struct ClinicalVariable: Sendable, Equatable {
  package enum Values: Sendable, Equatable {
    case numbers([Double])
    case categories([String?])
  }

  package var name: String
  package var values: Values

  package init(name: String, values: Values) {
    self.name = name
    self.values = values
  }

  package var count: Int {
    switch values {
    case .numbers(let numbers): numbers.count
    case .categories(let texts): texts.count
    }
  }
}

/// The radiomic model, clinical variables alone, and both.
package struct ClinicalResults: Sendable {
  /// Clinical variables to which the models were fitted.
  package var variables: [String]
  /// Variables left out, and why.
  package var leftOut: [Fact]
  /// In the order radiomics, clinical, both; empty where they could not be fitted.
  package var models: [ModelResults]

  package init(variables: [String], leftOut: [Fact], models: [ModelResults]) {
    self.variables = variables
    self.leftOut = leftOut
    self.models = models
  }
}

/// The principal components of the development cases.
package struct ComponentResults: Sendable, Equatable {
  /// Share of the variance of each component, descending; all that exist, min(cases - 1, features).
  package var explainedShares: [Double]
  /// Score of each development case on the first two components; empty where there is only one component.
  package var scores: [SIMD2<Double>]
  /// Of the test cases, projected on the same components.
  package var testScores: [SIMD2<Double>]

  package init(explainedShares: [Double], scores: [SIMD2<Double>], testScores: [SIMD2<Double>] = []) {
    self.explainedShares = explainedShares
    self.scores = scores
    self.testScores = testScores
  }
}
