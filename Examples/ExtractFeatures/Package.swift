// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "ExtractFeatures",
  dependencies: [
    // In a package of your own: .package(url: "https://…/radiomicsd", from: "0.2.0")
    .package(name: "radiomicsd", path: "../..")
  ],
  targets: [
    .executableTarget(
      name: "extract-features", dependencies: [.product(name: "RadiomicsKit", package: "radiomicsd")])
  ]
)
