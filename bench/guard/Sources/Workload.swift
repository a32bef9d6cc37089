internal import DICOM
internal import DICOMMasks
internal import Errors
internal import Files
internal import Foundation
internal import Imaging
internal import Jobs
internal import Model
internal import Radiomics

/// Work that is counted: each is one thing that the program does, small enough for a simulated processor.
enum Workload: String, CaseIterable {
  case series, contours
  case firstOrder = "first-order"
  case cooccurrence = "glcm-glrlm"
  case zones = "glszm-gldm"
  case filters, extraction, prediction, jobs

  /// Prepares everything that is not to be counted, and returns what is.
  func prepared(_ inputs: GuardInputs) throws -> () throws -> Void {
    switch self {
    case .series:
      return {
        let scan = try scanStudy(inputs.series, threads: 1)
        let stack = try checkGeometry(scan.ctSeries[0])
        _ = try loadVolume(stack, threads: 1)
      }
    case .contours:
      let grid = try NIfTIReader.readGeometry(inputs.image)
      let file = StudyFile(folder: Array(inputs.folder.utf8), name: RelativePath("rtstruct.dcm"))
      return {
        guard let object = try openObject(file) else { throw StudyError(.usage, "no structure set") }
        let set = try readStructureSet(object)
        _ = try set.mask(of: set.regions[0], on: grid)
      }
    case .firstOrder: return try extraction(inputs, "featureClass: {firstorder: , shape: }", "Original: {}")
    case .cooccurrence: return try extraction(inputs, "featureClass: {glcm: , glrlm: }", "Original: {}")
    case .zones: return try extraction(inputs, "featureClass: {glszm: , gldm: , ngtdm: }", "Original: {}")
    case .filters:
      return try extraction(inputs, "featureClass: {firstorder: [Mean]}", "LoG: {sigma: [1, 3]}, Wavelet: {}")
    case .extraction:
      let profile = try ExtractionProfile.named("jiao2024")
      return {
        let image = try inputs.volume()
        _ = try Extractor(profile: profile, threads: 1).extract(image: image, mask: try inputs.region())
      }
    case .prediction:
      let bundle = try ModelBundle(contentsOf: inputs.model)
      let profile = try ExtractionProfile(bytes: bundle.profile, name: bundle.manifest.profile.name)
      let extraction = try Extractor(profile: profile, threads: 1).extract(
        image: inputs.volume(), mask: inputs.region())
      let numbers = extraction.numbers
      return { for _ in 0..<20 { _ = bundle.predict(numbers) } }
    case .jobs: return try transitions(inputs)
    }
  }

  /// The features of a region with a profile of its own: voxels of 1 mm and narrow bins, so that there is work.
  private func extraction(
    _ inputs: GuardInputs, _ classes: String, _ images: String
  ) throws -> () throws -> Void {
    let text = """
      imageType: {\(images)}
      \(classes)
      setting: {binWidth: 10, resampledPixelSpacing: [1, 1, 1], additionalInfo: false}
      """
    let profile = try ExtractionProfile(bytes: Array(text.utf8), name: rawValue)
    let image = try inputs.volume()
    let mask = try inputs.region()
    return { _ = try Extractor(profile: profile, threads: 1).extract(image: image, mask: mask) }
  }

  /// Forty jobs from claim to done: 200 transactions in a new database.
  private func transitions(_ inputs: GuardInputs) throws -> () throws -> Void {
    let path = inputs.folder + "/jobs.sqlite"
    for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
    let store = try JobStore.writer(path)
    let files = (1...5).map {
      InputFile(path: "ct/IM\($0).dcm", sha256: String(repeating: "ab", count: 32), bytes: 1000)
    }
    return {
      for number in 1...40 {
        let name = "study \(number)"
        var job = try store.insert(Job(id: .new(), study: name, studyBytes: Array(name.utf8)))
        job = try store.move(job, to: .queued, Change(.admitted, inputs: files))
        job = try store.move(job, to: .running, Change(.started)) { $0.attempt = 1 }
        job = try store.move(
          job, to: .publishing, Change(.computed, result: ResultRecord(manifestSHA256: files[0].sha256)))
        _ = try store.move(job, to: .done, Change(.published))
      }
    }
  }
}
