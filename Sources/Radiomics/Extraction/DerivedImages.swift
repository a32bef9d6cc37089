internal import Errors
internal import Imaging

/// The values of one derived image inside the region.
struct DerivedImage: Sendable {
  /// Place among all derived images, in PyRadiomics' order.
  let place: Int
  /// PyRadiomics' name: `original`, `log-sigma-3-0-mm-3D`, `wavelet-LLH`.
  let name: String
  let values: RegionValues
  let settings: ExtractionSettings

  /// Runs `body` on this image; an error that it throws names the image.
  func named<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var error as StudyError {
      error.message = "image type \(name): " + error.message
      throw error
    }
  }
}

/// Makes one derived image, or several that share most of the work.
struct ImageSource: Sendable {
  /// Empty where PyRadiomics skips the image type: the image is too small for it.
  let make: @Sendable () -> [DerivedImage]
}

/// The derived images that a profile requests, each made when its turn comes.
struct DerivedImages: Sendable {
  private let image: Volume
  private let region: Region
  /// Most expensive first, so that the threads end at about the same time.
  private(set) var sources: [ImageSource] = []
  /// Number of derived images.
  private(set) var count = 0

  init(_ requests: [ImageTypeRequest], image: Volume, region: Region) {
    self.image = image
    self.region = region
    var cheap: [ImageSource] = []
    for request in requests {
      switch request.type {
      case .original: cheap.append(original(request.settings))
      case .laplacianOfGaussian: sources += request.settings.sigma.map { laplacian($0, request.settings) }
      case .wavelet: sources += wavelet(request.settings)
      case .square: cheap.append(intensity(.square, request.settings))
      case .squareRoot: cheap.append(intensity(.squareRoot, request.settings))
      case .logarithm: cheap.append(intensity(.logarithm, request.settings))
      case .exponential: cheap.append(intensity(.exponential, request.settings))
      case .gradient: cheap.append(gradient(request.settings))
      case .localBinaryPattern2D: cheap.append(planarPattern(request.settings))
      case .localBinaryPattern3D: sources.append(sphericalPattern(request.settings))
      }
    }
    sources += cheap
  }

  private mutating func nextPlaces(_ number: Int) -> Int {
    defer { count += number }
    return count
  }

  private mutating func original(_ settings: ExtractionSettings) -> ImageSource {
    let (image, region) = (image, region)
    let place = nextPlaces(1)
    return ImageSource {
      [
        DerivedImage(
          place: place, name: "original", values: RegionValues(image, region: region), settings: settings)
      ]
    }
  }

  private mutating func intensity(_ transform: IntensityTransform, _ settings: ExtractionSettings) -> ImageSource {
    let (image, region) = (image, region)
    let place = nextPlaces(1)
    return ImageSource {
      let values = image.transformedValues(transform, in: region)
      return [DerivedImage(place: place, name: transform.rawValue, values: values, settings: settings)]
    }
  }

  private mutating func gradient(_ settings: ExtractionSettings) -> ImageSource {
    let (image, region) = (image, region)
    let place = nextPlaces(1)
    return ImageSource {
      let values = image.gradientValues(useSpacing: settings.gradientUseSpacing, in: region)
      return [DerivedImage(place: place, name: "gradient", values: values, settings: settings)]
    }
  }

  private mutating func planarPattern(_ settings: ExtractionSettings) -> ImageSource {
    let (image, region) = (image, region)
    let place = nextPlaces(1)
    return ImageSource {
      let values = image.planarPatternValues(settings, in: region)
      return [DerivedImage(place: place, name: "lbp-2D", values: values, settings: settings)]
    }
  }

  /// An image for each level of harmonics, then the kurtosis.
  private mutating func sphericalPattern(_ settings: ExtractionSettings) -> ImageSource {
    let (image, region) = (image, region)
    let levels = settings.lbp3DLevels
    let first = nextPlaces(levels + 1)
    return ImageSource {
      let pattern = SphericalPattern(
        levels: levels, radius: settings.lbp3DIcosphereRadius, subdivision: settings.lbp3DIcosphereSubdivision)
      return pattern.values(image, in: region).enumerated().map { i, values in
        DerivedImage(
          place: first + i, name: i < levels ? "lbp-3D-m\(i + 1)" : "lbp-3D-k", values: .reals(values, single: false),
          settings: settings)
      }
    }
  }

  private mutating func laplacian(_ sigma: LaplacianWidth, _ settings: ExtractionSettings) -> ImageSource {
    let (image, region) = (image, region)
    let place = nextPlaces(1)
    return ImageSource {
      guard let values = image.laplacianValues(sigma: sigma.value, in: region) else { return [] }
      let name = "log-sigma-\(sigma.name)-mm-3D".replacing(".", with: "-")
      return [DerivedImage(place: place, name: name, values: values, settings: settings)]
    }
  }

  /// The sub-bands of every level. Two that differ along z only share the transforms along x and y.
  private mutating func wavelet(_ settings: ExtractionSettings) -> [ImageSource] {
    let region = region
    var sources: [ImageSource] = []
    let bands = Subband.all(skipping: settings.fixedAxis)
    let first = nextPlaces((bands.count - 1) * settings.level + 1)
    let wavelet = Wavelet(named: settings.wavelet) ?? .coif1
    let input = LazyApproximations(image, of: wavelet, skipping: settings.fixedAxis)
    for level in 0..<settings.level {
      // The approximation is kept of the last level only.
      let wanted = level == settings.level - 1 ? bands : Array(bands.dropLast())
      var groups: [[Int]] = []
      for (i, band) in wanted.enumerated() {
        if let g = groups.firstIndex(where: { wanted[$0[0]].x == band.x && wanted[$0[0]].y == band.y }) {
          groups[g].append(i)
        } else {
          groups.append([i])
        }
      }
      for group in groups {
        let members = group.map { (place: first + level * (bands.count - 1) + $0, band: wanted[$0]) }
        sources.append(
          ImageSource {
            let volume = input.level(settings.startLevel + level)
            let values = volume.subbandValues(members.map(\.band), of: wavelet, in: region)
            return zip(members, values).map { member, values in
              DerivedImage(
                place: member.place, name: "wavelet\(level == 0 ? "" : "\(level + 1)")-\(member.band)",
                values: values, settings: settings)
            }
          })
      }
    }
    return sources
  }
}
