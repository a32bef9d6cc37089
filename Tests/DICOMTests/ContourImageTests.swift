import DICOM
import DICOMMasks
import Errors
import Files
import Imaging
import Phantom
import TestKit
import Testing

@Suite("The images that contours name")
struct ContourImageTests {
  private let folder: StudyFolder
  private let stack: SliceStack

  init() throws {
    folder = try StudyFolder()
    let phantom = PhantomImage(PhantomRecipe(seed: 5, matrix: 32, slices: 8))
    for (index, slice) in phantom.slices(name: "P1").enumerated() {
      var slice = slice
      slice.set(0x0008_0018, "1.2.3.4.\(index)")
      try slice.write(to: folder.path + "/\(index).dcm")
    }
    stack = try checkGeometry(try #require(try scanStudy(folder.path).series.first))
  }

  private func draw(
    _ slices: [Double], naming images: [[ImageReference]]
  ) throws -> (mask: Mask, notes: [String]) {
    let grid = stack.geometry
    let contours = zip(slices, images).map { slice, images in
      StructureSet.Contour(points: grid.square(5.5, 9.5, slice: slice).points, images: images)
    }
    let set = StructureSet(
      file: StudyFile(folder: [], name: RelativePath("m.dcm")),
      references: MaskReferences(patientID: [], studyUID: "", framesOfReference: [], series: [:]),
      regions: [StructureSet.Region(number: 1, name: DisplayText(text: "T"), contours: contours)])
    let drawn = try set.mask(of: set.regions[0], on: grid, images: ImagePositions(stack.slices))
    return (drawn.mask, drawn.notes.map(\.code))
  }

  private func image(_ slice: Int) -> ImageReference {
    ImageReference(
      instance: stack.slices.indices.contains(slice) ? stack.slices[slice].sopInstanceUID : "1.2.3.9.\(slice)")
  }

  @Test("contours that name the images that they lie in are accepted")
  func contoursOnTheirImagesAreAccepted() throws {
    #expect(try draw([2, 3], naming: [[image(2)], [image(3)]]).notes.isEmpty)
    // One of several images, as a contour between two acquisitions has.
    #expect(try draw([2], naming: [[image(5), image(2)]]).notes.isEmpty)
  }

  @Test("contours that name images elsewhere are refused, with both slices")
  func contoursAwayFromTheirImagesAreRefused() throws {
    let error = #expect(throws: StudyError.self) { try draw([2, 3], naming: [[image(2)], [image(5)]]) }
    #expect(error?.code == .imageReference)
    #expect(error?.slice == 3)
    #expect(error?.message.contains("1 of 2 contours") ?? false)
    #expect(error?.message.contains("slice 5") ?? false)
    #expect(throws: StudyError.self) { try draw([2], naming: [[image(3)]]) }
  }

  @Test("contours within half a slice of their image are noted, and images that are absent say nothing")
  func contoursBesideTheirImageAreNoted() throws {
    #expect(try draw([2.3, 3.3], naming: [[image(2)], [image(3)]]).notes == ["CONTOUR_SHIFTED"])
    #expect(try draw([2, 3], naming: [[image(40)], [image(41)]]).notes.isEmpty)
    #expect(try draw([2, 3], naming: [[], []]).notes.isEmpty)
  }

  @Test("contours beyond the slices whose images are absent are reported as missing slices")
  func contoursBeyondSlicesReportMissingSlices() throws {
    let error = #expect(throws: StudyError.self) {
      try draw([12, 13], naming: [[image(12)], [image(13)]])
    }
    #expect(error?.code == .contourOutside)
    #expect(error?.message.contains("2 images that these contours name are not here") ?? false)
  }
}
