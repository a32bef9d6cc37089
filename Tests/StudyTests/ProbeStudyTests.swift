import Errors
import Foundation
import Imaging
import Study
import TestKit
import Testing

/// What the daemon is told before it takes a study.
@Suite struct ProbeStudyTests {
  private func verdict(_ change: (String) throws -> Void) throws -> String {
    let folder = try TemporaryFolder()
    let study = try PhantomStudy.make(in: folder)
    try change(study)
    switch try probeStudy(folder: study, threads: 1) {
    case .complete: return "complete"
    case .urgent: return "urgent"
    case .incomplete(let error): return "incomplete \(error.code)"
    case .needsReview(let error): return "needs-review \(error.code)"
    case .rejected(let error): return "rejected \(error.code)"
    }
  }

  private func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

  private func cut(_ path: String, to share: Double) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    try data.prefix(Int(Double(data.count) * share)).write(to: URL(fileURLWithPath: path))
  }

  @Test("A whole study is complete")
  func wholeStudyIsComplete() throws { #expect(try verdict { _ in } == "complete") }

  @Test("A study that looks like an unfinished copy is incomplete")
  func unfinishedCopyIsIncomplete() throws {
    #expect(try verdict { try remove($0 + "/mask.nii.gz") } == "incomplete E_MASK_MISSING")
    #expect(try verdict { try remove(PhantomStudy.slices($0)[5]) } == "incomplete E_SLICE_GAP")
    #expect(try verdict { try cut(PhantomStudy.slices($0)[5], to: 0.7) } == "incomplete E_TRUNCATED")
    #expect(try verdict { try cut($0 + "/mask.nii.gz", to: 0.6) }.hasPrefix("incomplete"))
    // Slices missing at the end make a smaller but even stack: the mask's grid shows it.
    #expect(try verdict { try PhantomStudy.slices($0).suffix(3).forEach(remove) } == "incomplete E_SLICES_MISSING")
    #expect(try verdict { for slice in try PhantomStudy.slices($0) { try remove(slice) } } == "incomplete E_NO_SERIES")
  }

  @Test("Questions that only a person can decide need review")
  func openQuestionsNeedReview() throws {
    #expect(
      try verdict { study in
        try PhantomStudy.putOther(than: study + "/mask.nii.gz", at: study + "/other.nii.gz")
      } == "needs-review E_MASK_AMBIGUOUS")
    #expect(
      try verdict { study in
        try PhantomStudy.replaceMask(study) { volume in
          guard case .int16(var voxels) = volume.voxels else { return }
          voxels[0] = 7
          volume = Volume(geometry: volume.geometry, int16: voxels)
        }
      }.hasSuffix("E_NEEDS_LABEL"))
  }
}
