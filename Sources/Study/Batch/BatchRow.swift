internal import Errors
internal import Imaging
internal import Radiomics

/// What became of one case of a batch.
struct BatchRow: Sendable, Codable, Equatable {
  struct Column: Sendable, Codable, Equatable {
    let name: String
    /// nil where the feature is not a number.
    let value: Double?
  }

  /// Place of the case in the table, from 0.
  let index: Int
  /// Sizes and times of the files, by which a changed one is noticed.
  let fingerprint: String
  /// Empty where the case failed.
  var columns: [Column] = []
  /// `E_…`, nil where the case succeeded.
  var code: String?
  var message: String?

  var succeeded: Bool { code == nil }

  /// Computes a case; whatever is wrong with it becomes its row.
  init(computing place: Int, of item: BatchTable.Case, profile: ExtractionProfile, threads: Int, memoryLimit: Int?) {
    index = place
    fingerprint = Self.fingerprint(item)
    do {
      var label: Int?
      if let text = item.label {
        // Spreadsheets write whole numbers as 1.0 as well.
        guard let number = Double(text), let whole = Int(exactly: number) else {
          throw StudyError(.batchTable, "the label '\(text)' is not a whole number", hint: "correct the Label column")
        }
        label = whole
      }
      let input = try ExtractionInput(image: item.image, mask: item.mask, label: label, profile: profile)
      let extractor = Extractor(profile: profile, threads: threads, memoryLimit: memoryLimit)
      let extraction = try extractor.extract(
        image: input.image, mask: input.mask, uncorrected: input.uncorrected)
      columns = extraction.columns(of: profile).map {
        Column(name: $0.name, value: $0.value.isFinite ? $0.value : nil)
      }
    } catch let error as StudyError {
      code = error.code.name
      message = error.description
    } catch {
      code = ErrorCode.internalFault.name
      message = "\(error)"
    }
  }

  static func fingerprint(_ item: BatchTable.Case) -> String {
    FileStamp.text(item.image) + " " + FileStamp.text(item.mask)
  }
}
