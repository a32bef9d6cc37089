// swift-tools-version: 6.1
import PackageDescription

/// Every Swift target is compiled in Swift 6 mode with the upcoming features that keep imports honest.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Debian's DCMTK, in link order. `dcmtk.pc` is not used: it requires packages that Debian does not install with it.
let dcmtkLibraries = ["dcmimgle", "dcmjpls", "dcmjpeg", "ijg8", "ijg12", "ijg16", "dcmdata", "oflog", "ofstd"]

let package = Package(
  name: "radiomicsd",
  products: [
    .executable(name: "radiomicsd", targets: ["radiomicsd"]),
    .executable(name: "radiomicsd-watch", targets: ["radiomicsd-watch"]),
    .library(name: "RadiomicsKit", targets: ["RadiomicsKit"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C libraries
    .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev", "zlib1g-dev"])]),
    .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CLinux"),
    .target(name: "CKernels"),
    .target(name: "CDCMTK", linkerSettings: (dcmtkLibraries + ["openjp2"]).map { .linkedLibrary($0) }),

    // The watcher: a process of its own, GPL-2.0-or-later (see its folder)
    .executableTarget(
      name: "radiomicsd-watch", exclude: ["COPYING", "LICENSE"],
      linkerSettings: [
        .linkedLibrary("inotifytools"),
        // SwiftPM links every program with Swift's runtime; this one, in C and under the GPL, must hold none of it.
        .unsafeFlags(["-static-stdlib", "-nostartfiles"]),
      ]),

    // Foundations
    .target(name: "Errors", swiftSettings: strict),
    .target(
      name: "Documents", dependencies: ["Errors", .product(name: "Yams", package: "Yams")], swiftSettings: strict),
    .target(name: "Hashing", dependencies: ["COpenSSL"], swiftSettings: strict),
    .target(name: "Files", dependencies: ["CLinux", "Errors", "Hashing"], swiftSettings: strict),
    .target(name: "Parallel", swiftSettings: strict),
    .target(name: "Random", swiftSettings: strict),
    .target(name: "Imaging", dependencies: ["CDeflate", "Errors", "Files", "Parallel"], swiftSettings: strict),
    .target(name: "Archive", dependencies: ["CArchive", "CDeflate", "Errors"], swiftSettings: strict),

    // What radiomicsd exists for
    .target(
      name: "DICOM", dependencies: ["CDCMTK", "CDeflate", "CLinux", "Errors", "Files", "Imaging", "Parallel"],
      swiftSettings: strict
    ),
    .target(name: "DICOMMasks", dependencies: ["DICOM", "Errors", "Imaging"], swiftSettings: strict),
    .target(
      name: "Radiomics",
      dependencies: ["CKernels", "Errors", "Hashing", "Imaging", "Parallel", .product(name: "Yams", package: "Yams")],
      swiftSettings: strict),
    .target(name: "RadiomicsKit", dependencies: ["Errors", "Imaging", "Radiomics"], swiftSettings: strict),
    .target(name: "Model", dependencies: ["Documents", "Errors", "Files", "Hashing"], swiftSettings: strict),
    .target(name: "ONNX", dependencies: ["Errors", "Model"], swiftSettings: strict),
    .target(name: "Statistics", dependencies: ["Random"], swiftSettings: strict),
    .target(
      name: "Report", dependencies: ["CDeflate", "Documents", "Errors", "Files", "Hashing", "Imaging"],
      swiftSettings: strict),
    .target(
      name: "Training",
      dependencies: [
        "Documents", "Errors", "Hashing", "Model", "Parallel", "Random", "Statistics",
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),
    .target(
      name: "Evaluation",
      dependencies: [
        "Documents", "Errors", "Files", "Model", "Parallel", "Random", "Report", "Statistics", "Training",
      ],
      swiftSettings: strict),
    .target(
      name: "Phantom", dependencies: ["DICOM", "Documents", "Errors", "Files", "Imaging", "Parallel", "Random"],
      swiftSettings: strict),

    // Studies, jobs, service
    .target(
      name: "Configuration", dependencies: ["Documents", "Errors", .product(name: "Yams", package: "Yams")],
      swiftSettings: strict),
    .target(name: "Sandbox", dependencies: ["CLinux", "Configuration", "Errors"], swiftSettings: strict),
    .target(
      name: "Study",
      dependencies: [
        "Archive", "Configuration", "DICOM", "DICOMMasks", "Documents", "Errors", "Files", "Hashing", "Imaging",
        "Model", "Parallel", "Radiomics", "Report", .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),
    .target(
      name: "Research",
      dependencies: [
        "CLinux", "Documents", "Errors", "Files", "Hashing", "Imaging", "Model", "Parallel", "Radiomics", "Random",
        "Statistics", "Study",
      ],
      resources: [.embedInCode("IBSI/ibsi-digital-phantom.csv"), .embedInCode("IBSI/ibsi-ct-phantom.csv")],
      swiftSettings: strict),
    .target(
      name: "Jobs",
      dependencies: [
        "Documents", "Errors", "Hashing", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .target(
      name: "Intake",
      dependencies: ["CLinux", "Configuration", "Documents", "Errors", "Files", "Hashing", "Jobs", "Parallel"],
      swiftSettings: strict),
    .target(
      name: "Daemon",
      dependencies: [
        "CLinux", "Configuration", "Documents", "Errors", "Files", "Hashing", "Intake", "Jobs", "Sandbox",
      ],
      swiftSettings: strict),
    .target(
      name: "Operations",
      dependencies: [
        "Archive", "CLinux", "Configuration", "DICOM", "Documents", "Errors", "Evaluation", "Files", "Hashing",
        "Imaging", "Intake", "Jobs", "Model", "ONNX", "Phantom", "Radiomics", "Report", "Sandbox", "Study", "Training",
      ],
      resources: [.embedInCode("Doctor/selftest.csv")],
      swiftSettings: strict),
    .executableTarget(
      name: "radiomicsd",
      dependencies: [
        "Archive", "CLinux", "Configuration", "DICOM", "Daemon", "Documents", "Errors", "Evaluation", "Files",
        "Imaging", "Intake", "Jobs", "Model", "ONNX", "Operations", "Phantom", "Radiomics", "Report", "Research",
        "Sandbox", "Study", "Training", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // What bench/guard counts the instructions of
    .executableTarget(
      name: "guard",
      dependencies: [
        "DICOM", "DICOMMasks", "Errors", "Files", "Imaging", "Jobs", "Model", "Phantom", "Radiomics", "TestKit",
      ],
      path: "bench/guard/Sources", swiftSettings: strict),

    // Tests
    .target(name: "TestKit", dependencies: ["CDeflate", "Imaging"], path: "Tests/TestKit", swiftSettings: strict),
    .testTarget(name: "FilesTests", dependencies: ["Errors", "Files", "TestKit"], swiftSettings: strict),
    .testTarget(name: "ParallelTests", dependencies: ["Parallel", "Random"], swiftSettings: strict),
    .testTarget(name: "DocumentsTests", dependencies: ["Documents", "Errors"], swiftSettings: strict),
    .testTarget(name: "ArchiveTests", dependencies: ["Archive", "Errors", "TestKit"], swiftSettings: strict),
    .testTarget(name: "ImagingTests", dependencies: ["Errors", "Imaging", "TestKit"], swiftSettings: strict),
    .testTarget(
      name: "DICOMTests",
      dependencies: ["DICOM", "DICOMMasks", "Errors", "Files", "Hashing", "Imaging", "Phantom", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "RadiomicsTests", dependencies: ["CKernels", "Errors", "Imaging", "Radiomics", "TestKit"],
      exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "RadiomicsKitTests", dependencies: ["Errors", "Imaging", "Radiomics", "RadiomicsKit", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "ModelTests", dependencies: ["Documents", "Errors", "Hashing", "Model", "TestKit"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "ONNXTests", dependencies: ["Errors", "Model", "ONNX", "TestKit"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "StatisticsTests", dependencies: ["Statistics", "TestKit"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "TrainingTests",
      dependencies: ["Errors", "Hashing", "Model", "Random", "TestKit", "Training"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "EvaluationTests",
      dependencies: ["Documents", "Evaluation", "Statistics", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "ReportTests", dependencies: ["CDeflate", "Documents", "Errors", "Hashing", "Imaging", "Report"],
      swiftSettings: strict),
    .testTarget(
      name: "JobsTests", dependencies: ["Documents", "Errors", "Jobs"], exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "DaemonTests",
      dependencies: [
        "CLinux", "Configuration", "Daemon", "Documents", "Errors", "Files", "Intake", "Jobs", "Sandbox", "TestKit",
      ],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "StudyTests",
      dependencies: [
        "Archive", "Configuration", "DICOM", "Documents", "Errors", "Hashing", "Imaging", "Model", "Phantom",
        "Radiomics", "Report", "Study", "TestKit",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ResearchTests",
      dependencies: [
        "Documents", "Errors", "Hashing", "Imaging", "Model", "Radiomics", "Research", "Study", "TestKit",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "OperationsTests",
      dependencies: ["Errors", "Evaluation", "Hashing", "Model", "Operations", "TestKit", "Training"],
      swiftSettings: strict),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "DICOM", "Documents", "Errors", "Imaging", "Jobs", "Phantom", "Radiomics", "Sandbox", "TestKit", "radiomicsd",
      ],
      exclude: ["Golden"], swiftSettings: strict),
  ],
  cxxLanguageStandard: .cxx17
)

// Documentation is made with DocC's plugin (`make docs`), which nothing else needs.
if Context.environment["RADIOMICSD_DOCS"] != nil {
  package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}

// `make check T=Daemon` builds and links the tests of one target alone.
if let only = Context.environment["RADIOMICSD_TESTS"] {
  package.targets.removeAll { $0.type == .test && $0.name != only }
}
