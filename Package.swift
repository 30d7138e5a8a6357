// swift-tools-version: 6.1

import PackageDescription

// No executable is declared as a product: whoever depends on a library of this
// package then fetches nothing else, not even the command line's parser.
let package = Package(
  name: "swift-mixtures",
  platforms: [.macOS(.v13), .iOS(.v16), .tvOS(.v16), .watchOS(.v9), .visionOS(.v1)],
  products: [
    .library(name: "Mixtures", targets: ["Mixtures"]),
    .library(name: "MixturesIO", targets: ["MixturesIO"]),
    .library(name: "MixturesReport", targets: ["MixturesReport"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    .target(name: "CMixtureKernels"),
    .target(name: "MixtureKernels", dependencies: ["CMixtureKernels"]),
    .target(name: "Mixtures", dependencies: ["MixtureKernels"]),
    .target(name: "MixturesIO", dependencies: ["Mixtures"]),
    .target(
      name: "MixturesReport", dependencies: ["Mixtures", "MixturesIO", "MixtureKernels"],
      // In the program itself, so that it can be moved.
      resources: [
        "Pages/page.html", "Pages/page.css", "Pages/em.js", "Pages/film.js", "Tour/tour.css",
        "Tour/retell.js", "Tour/tour.js",
      ].map { .embedInCode($0) }),
    .executableTarget(
      name: "mixture",
      dependencies: [
        "Mixtures", "MixturesIO", "MixturesReport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "MixtureTestSupport", dependencies: ["Mixtures", "MixtureKernels"],
      path: "Tests/MixtureTestSupport"),
    .testTarget(
      name: "MixtureKernelsTests",
      dependencies: ["MixtureKernels", "Mixtures", "MixtureTestSupport"]),
    .testTarget(name: "MixturesTests", dependencies: ["Mixtures", "MixtureTestSupport"]),
    .testTarget(name: "MixturesIOTests", dependencies: ["Mixtures", "MixturesIO"]),
    .testTarget(
      name: "MixturesReportTests",
      dependencies: ["Mixtures", "MixturesIO", "MixturesReport", "MixtureTestSupport"],
      exclude: ["Golden"]),
    .testTarget(
      name: "MixtureCommandTests", dependencies: ["mixture", "Mixtures", "MixturesIO"]),
  ],
  swiftLanguageModes: [.v6]
)
