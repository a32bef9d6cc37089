internal import DICOM
internal import Errors
internal import Imaging

/// The checked CT series of a study: which are sound stacks of slices, and the errors of the others.
struct SeriesCandidates: Sendable {
  struct Sound: Sendable {
    let series: Series
    let stack: SliceStack
  }

  struct Refused: Sendable {
    let series: Series
    let error: StudyError
  }

  private(set) var sound: [Sound] = []
  private(set) var refused: [Refused] = []
  /// Every series of the study, of any modality: masks may be drawn on one that is not a candidate.
  let others: [Series]

  /// - Parameter all: every series of the study.
  init(_ series: [Series], among all: [Series]) {
    others = all
    for one in series {
      do throws(StudyError) {
        sound.append(Sound(series: one, stack: try checkGeometry(one)))
      } catch {
        refused.append(Refused(series: one, error: error))
      }
    }
  }

  /// Why there is no usable series: the error of the one with most images, not of a scout.
  var failure: StudyError? { refused.max { $0.series.count < $1.series.count }?.error }

  var all: [Series] { sound.map(\.series) + refused.map(\.series) }
}

extension Series {
  /// `1.2.3 (Excretory 5mm, 87 images)`, for a list to choose from.
  var listing: String {
    "\(identifier) (\(description.text.isEmpty ? "" : description.text + ", ")\(count) images)"
  }
}
