internal import Errors
internal import Imaging
internal import Parallel
package import Radiomics
internal import Random
internal import Study
internal import Synchronization

/// Features of many cases under changes of their masks: which features do not depend on the reader.
package struct Stability: Sendable {
  /// One case: paths, and the label where it was named.
  package struct Case: Sendable {
    package var image: String
    package var mask: String
    package var label: Int?
    /// Of a mask with several channels, from 0.
    package var channel: Int?

    package init(image: String, mask: String, label: Int? = nil, channel: Int? = nil) {
      self.channel = channel
      self.image = image
      self.mask = mask
      self.label = label
    }
  }

  package let cases: [Case]
  package let profile: ExtractionProfile
  package let perturbations: [MaskPerturbation]
  package let seed: UInt64
  /// Number of cases in parallel.
  package let jobs: Int
  /// Threads of each.
  package let threads: Int
  /// Bytes of memory for all of them; nil uses the available memory.
  package let memoryLimit: Int?

  package init(
    cases: [Case], profile: ExtractionProfile, perturbations: [MaskPerturbation], seed: UInt64, jobs: Int, threads: Int,
    memoryLimit: Int?
  ) {
    self.cases = cases
    self.profile = profile
    self.perturbations = perturbations
    self.seed = seed
    self.jobs = max(1, jobs)
    self.threads = max(1, threads)
    self.memoryLimit = memoryLimit
  }

  /// The outcome of one case.
  enum Outcome: Sendable {
    /// One row per perturbation, one number per feature (NaN where undefined), and the features' names.
    case values([[Double]], names: [String])
    case failed(StudyError)
  }

  /// Extracts every case under every perturbation. The result does not depend on jobs or threads.
  ///
  /// - Parameter progress: called after each case with the number done, from any thread, never concurrently.
  package func run(progress: @escaping @Sendable (Int, Int) -> Void) -> StabilityReport {
    let limit = memoryLimit ?? MemoryBudget.available
    let gate = MemoryGate(limit: limit)
    let outcomes = Mutex([Int: Outcome]())
    Parallel.forEach(cases.count, threads: jobs) { index in
      let grid = try? ExtractionInput.readGeometry(cases[index].image)
      let (bytes, overflow) = (grid?.count ?? 0).multipliedReportingOverflow(by: 32)
      gate.run(bytes: overflow ? .max / 4 : bytes) {
        let outcome = outcome(of: cases[index], index, memoryLimit: limit)
        outcomes.withLock {
          $0[index] = outcome
          progress($0.count, cases.count)
        }
      }
    }
    let all = outcomes.withLock { found in cases.indices.compactMap { found[$0] } }
    return StabilityReport(self, all)
  }

  private func outcome(of item: Case, _ index: Int, memoryLimit: Int) -> Outcome {
    do {
      let input = try ExtractionInput(
        image: item.image, mask: item.mask, label: item.label, channel: item.channel, profile: profile)
      let image = try input.image
      let extractor = Extractor(profile: input.profile, threads: threads, memoryLimit: memoryLimit)
      var supervoxels: Supervoxels?
      var names: [String] = []
      var rows: [[Double]] = []
      for perturbation in perturbations {
        if case .contour = perturbation, supervoxels == nil {
          guard image.geometry.size == input.mask.geometry.size else {
            throw StudyError(
              .gridsDiffer, "random contours need the mask on the image's grid", file: item.mask,
              hint: "put the mask on the image's grid, or say --contours 0")
          }
          supervoxels = Supervoxels(image, input.mask)
        }
        let mask = changed(input.mask, perturbation, supervoxels, case: index)
        do {
          let extraction = try extractor.extract(image: image, mask: mask)
          names = extraction.columns(of: input.profile).map(\.name)
          rows.append(extraction.columns(of: input.profile).map(\.value))
        } catch var error as StudyError {
          if perturbation != .none { error.message = "with the mask changed (\(perturbation)): " + error.message }
          throw error
        }
      }
      return .values(rows, names: names)
    } catch let error as StudyError {
      return .failed(error)
    } catch {
      return .failed(StudyError(.internalFault, "\(error)"))
    }
  }

  private func changed(
    _ mask: Mask, _ perturbation: MaskPerturbation, _ supervoxels: Supervoxels?, case index: Int
  ) -> Mask {
    switch perturbation {
    case .none: return mask
    case .erode: return mask.morphed { own, neighbours in own && neighbours == 4 }
    case .dilate: return mask.morphed { own, neighbours in own || neighbours > 0 }
    case .shift(let x, let y, let z): return mask.shifted(x: x, y: y, z: z)
    case .contour(let number):
      // A separate draw for each case and number, whatever else is computed.
      var random = SplitMix64(
        seed: seed &* 0x1_0000_0001 &+ UInt64(index) &* 0xD134_2543_DE82_EF95 &+ UInt64(number) &* 0x2545_F491_4F6C_DD1D
      )
      return supervoxels?.redrawn(mask, &random) ?? mask
    }
  }
}
