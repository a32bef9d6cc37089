import Foundation
import Imaging
import TestKit
import Testing

@Suite("Contours against exact arithmetic")
struct ContourDifferenceTests {
  /// `RADIOMICSD_CONTOURS=100000` tries more.
  static let wanted = ProcessInfo.processInfo.environment["RADIOMICSD_CONTOURS"].flatMap { Int($0) } ?? 6000

  @Test("random contours give the voxels of exact arithmetic, and bitmaps come back from their borders")
  func randomContoursMatchExactArithmetic() {
    var random = TestRandom(state: 20)
    var difference = ContourDifference()
    while difference.contours < Self.wanted {
      let drawn = ContourCase(using: &random)
      let found = difference.compare(drawn, using: &random)
      #expect(found == nil, "\(found ?? "")")
      if found != nil { break }
    }
    print("\(difference.contours) contours in \(difference.cases) slices, \(difference.refused) refused by both")
    #expect(difference.refused * 10 < difference.cases)
  }
}
