internal import DICOM
import Dispatch
internal import Documents
package import Errors
import Files
import Foundation
import Imaging
internal import Parallel
internal import Random

/// Makes synthetic CTU studies for demonstrations, tests and speed measurements. They look like patients to software,
/// and their attributes state that they are synthetic.
package enum Phantom {
  /// One study of a cohort.
  package struct Study: Sendable, Equatable {
    /// `phantom-0001`, ...
    package var name: String
    package var recipe: PhantomRecipe
    /// An immunohistochemistry score that fits the class: `0` or `1+`, `2+` or `3+`.
    package var ihc: String
  }

  /// Writes `folder/name/ct/IM0001.dcm`, ... and `folder/name/mask.nii.gz`. The same recipe and name give the same
  /// bytes.
  ///
  /// - Throws: `E_IO`; also where a folder of that name exists.
  package static func makeStudy(
    _ recipe: PhantomRecipe, name: String, in folder: String, threads: Int = 1
  ) throws(StudyError) {
    let study = folder + "/" + name
    try makeFolder(folder, mayExist: true)
    try makeFolder(study, mayExist: false)
    try makeFolder(study + "/ct", mayExist: false)
    let image = PhantomImage(recipe, threads: threads)
    for (index, slice) in image.slices(name: name).enumerated() {
      let number = String(index + 1)
      let padded = String(repeating: "0", count: max(0, 4 - number.count)) + number
      try slice.write(to: "\(study)/ct/IM\(padded).dcm")
    }
    do {
      try NIfTIWriter.write(image.mask, to: study + "/mask.nii.gz", threads: threads)
    } catch let error as StudyError {
      throw error
    } catch {
      throw StudyError(.io, "cannot write the mask: \(error)", file: study + "/mask.nii.gz")
    }
  }

  /// The studies of a cohort. 42 of 97 are positive, and the same share of other counts, drawn by the seed.
  ///
  /// - Parameter like: matrix, slices and spacing of every study.
  package static func cohort(count: Int, seed: UInt64, like: PhantomRecipe = PhantomRecipe()) -> [Study] {
    let positives = Int((Double(count) * 42 / 97).rounded())
    var random = RandomSource(seed: seed, part: 0)
    let classes = random.shuffled((0..<count).map { $0 < positives })
    return classes.enumerated().map { index, isPositive in
      var own = RandomSource(seed: seed, part: UInt64(index + 1))
      var recipe = like
      recipe.seed = own.next()
      recipe.isPositive = isPositive
      let number = String(index + 1)
      let padded = String(repeating: "0", count: max(0, 4 - number.count)) + number
      let strong = own.uniform() < 0.45
      return Study(
        name: "phantom-\(padded)", recipe: recipe, ihc: isPositive ? (strong ? "3+" : "2+") : (strong ? "0" : "1+"))
    }
  }

  /// Writes a cohort, several studies at a time, and `labels.csv` (`study,label,ihc`) where there is more than one.
  ///
  /// - Parameter progress: called with the name of each study when it is written, from any thread.
  /// - Throws: `E_IO`; the studies written until then remain.
  package static func makeCohort(
    _ studies: [Study], in folder: String, threads: Int = defaultThreadCount,
    progress: @Sendable (String) -> Void = { _ in }
  ) throws(StudyError) {
    try makeFolder(folder, mayExist: true)
    let failures = concurrently(studies, threads: threads) { study, share in
      do throws(StudyError) {
        try makeStudy(study.recipe, name: study.name, in: folder, threads: share)
        progress(study.name)
        return nil
      } catch {
        return error
      }
    }
    if let failure = failures.compactMap({ $0 }).first { throw failure }
    guard studies.count > 1 else { return }
    let table = Table<Study>([
      Column("study") { $0.name }, Column("label") { $0.recipe.isPositive ? 1 : 0 }, Column("ihc") { $0.ihc },
    ])
    try writeFile(table.csvBytes(studies), to: folder + "/labels.csv", durable: false)
  }

  private static func makeFolder(_ path: String, mayExist: Bool) throws(StudyError) {
    do {
      let above = URL(fileURLWithPath: path).deletingLastPathComponent().path
      if mayExist { try FileManager.default.createDirectory(atPath: above, withIntermediateDirectories: true) }
      if mayExist { return try OutputPath.makeFolder(path) }
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    } catch let error as StudyError {
      throw error
    } catch {
      throw StudyError(
        .io, "cannot make the folder: \(error.localizedDescription)", file: path,
        hint: mayExist ? "check the path and its permissions" : "remove the folder of an earlier run, or name another")
    }
  }

  /// One study: all threads inside it. Several: one thread each.
  private static func concurrently(
    _ studies: [Study], threads: Int, _ body: @Sendable (Study, Int) -> StudyError?
  ) -> [StudyError?] {
    guard studies.count > 1 else { return studies.map { body($0, threads) } }
    return Parallel.map(studies.count, threads: threads) { body(studies[$0], 1) }
  }
}
