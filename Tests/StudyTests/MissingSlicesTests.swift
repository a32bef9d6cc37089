import Errors
import Foundation
import Imaging
import Radiomics
import Study
import TestKit
import Testing

/// A copy that was interrupted, or is not finished: the structure set is there, the last or first slices are not.
@Suite("Slices that are missing")
struct MissingSlicesTests {
  @Test("contours on missing slices make the study wait and are reported as missing slices", arguments: [true, false])
  func contoursOnMissingSlicesWait(_ isAtEnd: Bool) throws {
    let study = try PhaseStudy()
    try study.add(series: 1, "CT")
    try study.structureSet()
    #expect(try probeStudy(folder: study.path, threads: 1) == .complete)
    let grid = study.tumour.geometry
    let area = grid.size.x * grid.size.y
    let slices = (0..<grid.size.z).filter { study.tumour.voxels[$0 * area..<($0 + 1) * area].contains(1) }
    let (low, high) = (try #require(slices.first), try #require(slices.last))
    // All slices beyond the region, and one of its own.
    for slice in isAtEnd ? Array(high..<grid.size.z) : Array(0...low) {
      try FileManager.default.removeItem(atPath: study.path + "/series 1/\(slice)")
    }
    guard case .incomplete(let error) = try probeStudy(folder: study.path, threads: 1) else {
      Issue.record("not waited for")
      return
    }
    #expect(error.code.name == "E_CONTOUR_OUTSIDE")
    #expect(error.message.contains("1 at the \(isAtEnd ? "end" : "beginning")"))
    #expect(error.message.contains("the copy may be incomplete"))
  }
}
