import DICOM
import Errors
import Foundation
import Imaging
import Study
import TestKit
import Testing

/// Masks that were drawn on another series than the CT that they are put onto.
@Suite struct DrawnOnTests {
  private let study: PhaseStudy

  init() throws { study = try PhaseStudy() }

  private func addOther(_ modality: String, _ sopClass: String, frame: String? = nil) throws {
    try study.add(series: 1, "excretory")
    try study.add(series: 2, "other") {
      $0.set(0x0008_0016, sopClass)
      $0.set(0x0008_0060, modality)
      if let frame { $0.set(0x0020_0052, frame) }
    }
  }

  private var pet: String { "1.2.840.10008.5.1.4.1.1.128" }
  private var mr: String { "1.2.840.10008.5.1.4.1.1.4" }

  private func drawn(on series: Int, _ origin: inout DraftOrigin) {
    origin.series = PhaseStudy.uid(series)
    origin.instances = origin.instances.indices.map { "\(PhaseStudy.uid(series)).\($0)" }
  }

  private func outcome() throws -> (notes: [String], messages: String, code: String?) {
    let output = try study.folder.folder("out-\(UUID().uuidString)")
    do {
      try computeStudy(StudyRequest(study: "s", input: study.path, output: output, profile: "jiao2024", threads: 2))
    } catch let error as StudyError {
      return ([], error.message, error.code.name)
    }
    let data = try Data(contentsOf: URL(fileURLWithPath: output + "/result.json"))
    let result = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let warnings = try #require(result["warnings"] as? [[String: String]])
    return (warnings.compactMap { $0["code"] }, warnings.compactMap { $0["message"] }.joined(separator: "\n"), nil)
  }

  @Test("A mask drawn on the PET of the study is placed on the CT, with a note")
  func maskDrawnOnPETIsPlacedOnCTWithNote() throws {
    try addOther("PT", pet)
    try study.structureSet { drawn(on: 2, &$0.origin) }
    let contoured = try outcome()
    #expect(contoured.notes.contains("DRAWN_ON_OTHER_SERIES"))
    #expect(!contoured.notes.contains("REFERENCED_SERIES_ABSENT"))
    #expect(contoured.messages.contains("drawn on the PET series \(PhaseStudy.uid(2))"))
    #expect(contoured.messages.contains("its frame of reference is that of the CT"))
    try FileManager.default.removeItem(atPath: study.path + "/rs")
    try study.segmentation { drawn(on: 2, &$0.origin) }
    #expect(try outcome().notes.contains("DRAWN_ON_OTHER_SERIES"))
  }

  @Test("A source series that is not in the study is reported as absent")
  func absentSourceSeriesIsReported() throws {
    try addOther("MR", mr)
    try study.structureSet { drawn(on: 7, &$0.origin) }
    let found = try outcome()
    #expect(found.notes.contains("REFERENCED_SERIES_ABSENT") && !found.notes.contains("DRAWN_ON_OTHER_SERIES"))
  }

  @Test("A mask of an MR in another frame of reference is refused")
  func maskInAnotherFrameOfReferenceIsRefused() throws {
    try addOther("MR", mr, frame: "1.2.3.77")
    // By its own words, and with the CT's frame of reference beside an MR that has another.
    for frame in ["1.2.3.77", study.origin.frame] {
      try study.structureSet {
        drawn(on: 2, &$0.origin)
        $0.origin.frame = frame
      }
      #expect(try outcome().code == "E_FRAME_OF_REFERENCE")
    }
    try FileManager.default.removeItem(atPath: study.path + "/rs")
    try study.segmentation { drawn(on: 2, &$0.origin) }
    let refused = try outcome()
    #expect(refused.code == "E_FRAME_OF_REFERENCE" && refused.messages.contains("drawn on the MR series"))
  }

  @Test("Of two CTs, the one that the mask references is the image")
  func maskSelectsItsCTOfTwo() throws {
    try study.add(series: 1, "excretory")
    try study.add(series: 2, "portal") { $0.pixels[0] += 1 }
    try study.structureSet { drawn(on: 2, &$0.origin) }
    let inspection = try StudyInspection(folder: study.path, region: RegionRequest(), phase: "excret", threads: 2)
    #expect(inspection.refusal == nil)
    #expect(!(try outcome().notes.contains("DRAWN_ON_OTHER_SERIES")))
    // Somebody chose the other one.
    try study.put(Array("image: \(PhaseStudy.uid(1))\n".utf8), "study.yaml")
    let chosen = try outcome()
    #expect(chosen.notes.contains("DRAWN_ON_OTHER_SERIES"))
    #expect(chosen.messages.contains("drawn on the CT series \(PhaseStudy.uid(2))"))
  }

  @Test("A segmentation without a list of series is paired by the images of its frames")
  func segmentationIsPairedByItsFrames() throws {
    try addOther("PT", pet)
    try study.segmentation { draft in
      draft.origin.series = ""
      draft.origin.instances = []
      for i in draft.frames.indices { draft.frames[i].sources = [("\(PhaseStudy.uid(2)).\(i)", nil)] }
    }
    #expect(try outcome().notes.contains("DRAWN_ON_OTHER_SERIES"))
  }

  @Test("A copy with fewer slices than the segment spans makes the study wait")
  func copyShorterThanItsSegmentWaits() throws {
    try study.add(series: 1, "excretory")
    try study.segmentation()
    let span = study.tumour.geometry.size.z
    let top = (0..<span).last { z in
      let area = study.tumour.geometry.size.x * study.tumour.geometry.size.y
      return study.tumour.voxels[z * area..<(z + 1) * area].contains(1)
    }
    for slice in try #require(top)..<span {
      try FileManager.default.removeItem(atPath: "\(study.path)/series 1/\(slice)")
    }
    guard case .incomplete(let error) = try probeStudy(folder: study.path, threads: 2) else {
      Issue.record("not waited for")
      return
    }
    #expect(error.code.name == "E_SLICES_MISSING")
    #expect(try outcome().code == "E_SLICES_MISSING")
  }
}
