internal import CKernels
package import Errors
package import Imaging

extension ErrorCode {
  /// Every voxel of the image has the same value, so the image cannot be normalised.
  package static let imageConstant = ErrorCode("E_IMAGE_CONSTANT", .badInput)
}

/// PyRadiomics' normalisation (`imageoperations.normalizeImage`): every value minus the image's mean, divided by its
/// standard deviation, limited where outliers are removed, times a scale.
///
/// Mean and deviation are of the whole image, as in `itk::NormalizeImageFilter` (n - 1 in the variance).
package struct Normalization: Sendable, Equatable {
  package let mean: Double
  /// Standard deviation.
  package let sigma: Double
  /// PyRadiomics' `normalizeScale`.
  package let scale: Double
  /// PyRadiomics' `removeOutliers`: deviations beyond which values are set to the limit; nil keeps all.
  package let outliers: Double?

  private let factor: Double
  private let limit: Double

  /// - Throws: `imageConstant`.
  package init(of image: Volume, scale: Double = 1, removeOutliers: Double? = nil) throws {
    try self.init(of: image, summary: IntegerSummary(of: image), scale: scale, removeOutliers: removeOutliers)
  }

  /// - Parameter summary: the image's summary, if there is one.
  init(of image: Volume, summary: IntegerSummary?, scale: Double, removeOutliers: Double?) throws {
    // Sums of int16 values are whole numbers far below 2^63 and exact: equal to compensated sums.
    let sums: (values: Double, squares: Double) =
      summary.map { (Double($0.sum), Double($0.squares)) } ?? Self.sums(image.voxels)
    let count = Double(image.voxels.count)
    mean = sums.values / count
    let variance = (sums.squares - (sums.values * sums.values / count)) / (count - 1)
    guard variance > 0, variance.isFinite else {
      throw StudyError(
        .imageConstant, "the image's \(image.voxels.count) voxels have a variance of \(variance)",
        hint: "check the image, or switch normalize off")
    }
    sigma = variance.squareRoot()
    self.scale = scale
    outliers = removeOutliers
    factor = 1 / sigma
    limit = removeOutliers ?? .infinity
  }

  /// The normalised value.
  @inline(__always)
  package func callAsFunction(_ value: Double) -> Double {
    let normal = (value + -mean) * factor
    return (normal > limit ? limit : normal < -limit ? -limit : normal) * scale
  }

  /// For the kernels.
  var kernel: ckernels_normalisation {
    ckernels_normalisation(mean: mean, factor: factor, limit: limit, scale: scale, is_identity: 0)
  }

  private static func sums(_ voxels: Voxels) -> (values: Double, squares: Double) {
    switch voxels {
    case .int16(let values): return compensated(values)
    case .int32(let values): return compensated(values)
    case .float32(let values): return compensated(values)
    case .float64(let values): return compensated(values)
    }
  }

  /// Kahan sums, as `itk::StatisticsImageFilter` forms them.
  private static func compensated<Source: ImageSample>(_ values: [Source]) -> (Double, Double) {
    var sum = 0.0
    var squares = 0.0
    var lost = 0.0
    var lostSquares = 0.0
    func add(_ value: Double, _ sum: inout Double, _ lost: inout Double) {
      let corrected = value - lost
      let next = sum + corrected
      lost = (next - sum) - corrected
      sum = next
    }
    values.withUnsafeBufferPointer { values in
      for value in values {
        let v = value.real
        add(v, &sum, &lost)
        add(v * v, &squares, &lostSquares)
      }
    }
    return (sum, squares)
  }
}

extension Volume {
  /// The normalised image, float64.
  package func normalized(by normalization: Normalization) -> Volume {
    func moved<Source: ImageSample>(_ values: [Source]) -> [Double] {
      [Double](unsafeUninitializedCapacity: values.count) { target, initialized in
        values.withUnsafeBufferPointer { source in
          for i in 0..<source.count { target.initializeElement(at: i, to: normalization(source[i].real)) }
        }
        initialized = values.count
      }
    }
    switch voxels {
    case .int16(let values): return Volume(geometry: geometry, float64: moved(values))
    case .int32(let values): return Volume(geometry: geometry, float64: moved(values))
    case .float32(let values): return Volume(geometry: geometry, float64: moved(values))
    case .float64(let values): return Volume(geometry: geometry, float64: moved(values))
    }
  }
}

extension Volume {
  /// The image normalised by its own mean and deviation, float64.
  ///
  /// - Throws: `imageConstant`.
  package func normalized(scale: Double = 1, removeOutliers: Double? = nil) throws -> Volume {
    normalized(by: try Normalization(of: self, scale: scale, removeOutliers: removeOutliers))
  }
}
