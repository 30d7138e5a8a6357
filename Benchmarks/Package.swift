// swift-tools-version: 6.1

import PackageDescription

// A package of its own: nobody who builds the library pays for its benchmark.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v13)],
  dependencies: [.package(name: "swift-mixtures", path: "..")],
  targets: [
    .executableTarget(
      name: "OurWorker",
      dependencies: [
        .product(name: "Mixtures", package: "swift-mixtures"),
        .product(name: "MixturesIO", package: "swift-mixtures"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
