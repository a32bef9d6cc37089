import DICOM
import Errors
import Foundation
import Imaging
import Phantom
import Testing

@Suite("Synthetic studies")
struct PhantomTests {
  @Test("the same recipe gives the same bytes, whatever the number of threads")
  func recipeGivesSameBytes() throws {
    let recipe = PhantomRecipe(seed: 3, isPositive: true, matrix: 48, slices: 9)
    let (one, other) = (try StudyFolder(), try StudyFolder())
    try Phantom.makeStudy(recipe, name: "phantom-0001", in: one.path, threads: 1)
    try Phantom.makeStudy(recipe, name: "phantom-0001", in: other.path, threads: 3)
    let names = try FileManager.default.subpathsOfDirectory(atPath: one.path).sorted()
    #expect(names.filter { $0.hasSuffix(".dcm") }.count == 9)
    for name in names where name.contains(".") { #expect(try one.bytes(name) == other.bytes(name), "\(name)") }
    var next = recipe
    next.seed = 4
    #expect(PhantomImage(next).volume != PhantomImage(recipe).volume)
  }

  @Test("a study reads back as the image and the mask that it was made from")
  func studyReadsBackAsItsImageAndMask() throws {
    let recipe = PhantomRecipe(seed: 11, matrix: 64, slices: 12, spacing: 2.5)
    let folder = try StudyFolder()
    try Phantom.makeStudy(recipe, name: "phantom-0001", in: folder.path)
    let image = PhantomImage(recipe)
    let scan = try folder.scan()
    #expect(scan.otherFiles.map(\.display) == ["phantom-0001/mask.nii.gz"])
    #expect(try loadVolume(scan.series[0]).volume == image.volume)
    let mask = try NIfTIReader.read(folder.path + "/phantom-0001/mask.nii.gz")
    #expect(mask.voxels.doubles == image.mask.voxels.map(Double.init))
    #expect(throws: StudyError.self) { try Phantom.makeStudy(recipe, name: "phantom-0001", in: folder.path) }
  }

  @Test(
    "42 of 97 are positive, and the quota holds for other counts",
    arguments: [(97, 42), (1, 0), (2, 1), (10, 4), (194, 84)])
  func positiveQuotaHolds(_ count: Int, _ positives: Int) {
    let studies = Phantom.cohort(count: count, seed: 9)
    #expect(studies.filter(\.recipe.isPositive).count == positives)
    #expect(Set(studies.map(\.recipe.seed)).count == count)
    #expect(studies.allSatisfy { ["2+", "3+"].contains($0.ihc) == $0.recipe.isPositive })
  }

  @Test("a cohort writes its labels")
  func cohortWritesItsLabels() throws {
    let folder = try StudyFolder()
    let studies = Phantom.cohort(count: 4, seed: 9, like: PhantomRecipe(matrix: 32, slices: 6))
    try Phantom.makeCohort(studies, in: folder.path + "/made")
    let lines = String(decoding: try folder.bytes("made/labels.csv"), as: UTF8.self).split(separator: "\r\n")
    #expect(lines[0] == "study,label,ihc")
    #expect(lines.count == 5)
    #expect(lines[1] == "phantom-0001,\(studies[0].recipe.isPositive ? 1 : 0),\(studies[0].ihc)")
  }

  @Test(
    "tumours are in the slices and have the size of a tumour",
    arguments: [(256, 40, 5.0), (128, 24, 5.0), (64, 12, 5.0), (64, 60, 1.0)])
  func tumoursAreInTheSlices(_ matrix: Int, _ slices: Int, _ spacing: Double) {
    for seed in 1...6 as ClosedRange<UInt64> {
      let recipe = PhantomRecipe(
        seed: seed, isPositive: seed % 2 == 0, matrix: matrix, slices: slices, spacing: spacing)
      let image = PhantomImage(recipe, threads: 2)
      let millilitres = Double(image.mask.count) * image.mask.geometry.voxelVolume / 1000
      #expect(millilitres > 0.1 && millilitres < 50, "seed \(seed): \(millilitres) ml")
      #expect(image.mask.count >= 10)
      let plane = matrix * matrix
      #expect(!image.mask.voxels.prefix(plane).contains(1) && !image.mask.voxels.suffix(plane).contains(1))
    }
  }

  @Test("air, fat, muscle, contrast and bone are present")
  func tissuesArePresent() {
    let image = PhantomImage(PhantomRecipe(seed: 2), threads: 2)
    let hu = image.volume.voxels.doubles
    #expect(hu[0] < -900)
    #expect(hu.contains { $0 > 300 } && hu.contains { $0 > -140 && $0 < -60 } && hu.contains { $0 > 40 && $0 < 70 })
  }
}
