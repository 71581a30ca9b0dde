// swift-tools-version: 6.1
// Every target with its arrows, in the order of the layers: a target imports from those above it only.
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, swiftSettings: strict)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "hedgerow",
  products: [
    .executable(name: "hedgerow", targets: ["hedgerow"]),
    .library(name: "HogQL", targets: ["HogQL"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
  ],
  targets: [
    // 0: C, as it is.
    .systemLibrary(
      name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
    .systemLibrary(
      name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(
      name: "CCompression",
      providers: [
        .apt([
          "zlib1g-dev", "libzstd-dev", "libsnappy-dev", "liblz4-dev", "libbrotli-dev", "libbz2-dev", "liblzma-dev",
        ])
      ]),
    .target(
      name: "SQLFiles", path: "sql", exclude: ["migrations", "functions", "views", "hogql"],
      sources: ["SQLFiles.c"], publicHeadersPath: "include"),

    // 1: small and alone.
    library("Blocking"),
    library("Failpoints"),
    library("JSON"),
    library("Spelling"),
    library("SQLText"),
    library("Secrets", [crypto]),
    library("Terminal"),
    library("LocalPostgres"),

    // 2: what flows.
    library("Rows", ["SQLText"]),
    library("HTTP", ["CLibcurl", "Blocking"]),

    // 3: file formats without files; a query in, SQL out; sessions, transactions, COPY; buckets.
    library("Formats", ["CCompression", "JSON", "Rows", "SQLText"]),
    library("ObjectStores", ["Blocking", "HTTP", "Secrets", crypto]),
    library("HogQL", ["Spelling", "SQLText"]),
    library("Postgres", ["CLibpq", "Blocking", "Rows", "SQLText"]),

    // 4: what a connector is, what Hedgerow knows, what it has written.
    library("ConnectorKit", ["HTTP", "JSON", "Rows", "Secrets", "SQLText"]),
    library("Catalogue", ["Postgres", "Rows", "SQLText", "Secrets", "SQLFiles"]),
    library("Warehouse", ["Postgres", "Rows", "SQLText"]),

    // 5: how each kind is read; when, and in what order.
    library("Connectors", ["ConnectorKit", "Formats", "HTTP", "JSON", "ObjectStores", "Postgres", "Rows", "Secrets", "SQLText"]),
    library(
      "Replication",
      ["ConnectorKit", "Catalogue", "Warehouse", "Postgres", "Rows", "SQLText", "Failpoints"]),

    // 6: what people and programs see.
    library("Service", ["Blocking", "Catalogue", "HogQL", "JSON", "Postgres", "SQLText", "Terminal"]),

    // 7: settings, commands, wiring.
    .executableTarget(
      name: "hedgerow",
      dependencies: [
        "Service", "Replication", "Connectors", "ConnectorKit", "Catalogue", "HogQL", "Warehouse", "Postgres", "Rows",
        "JSON", "Spelling", "SQLText", "Secrets", "Terminal", "LocalPostgres", "Failpoints", arguments,
      ],
      swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["JSON", "LocalPostgres", "Postgres", "SQLText"],
      path: "Tests/TestSupport", swiftSettings: strict),
    tests(of: "SQLText"),
    tests(of: "Secrets"),
    tests(of: "Spelling"),
    tests(of: "JSON"),
    tests(of: "HTTP", ["LocalPostgres", "TestSupport"]),
    .testTarget(
      name: "FormatsTests", dependencies: ["Formats", "CCompression", "JSON", "Rows", "SQLText"], exclude: ["Data"],
      swiftSettings: strict),
    .testTarget(
      name: "ObjectStoresTests",
      dependencies: ["ObjectStores", "HTTP", "LocalPostgres", "Secrets", "TestSupport", crypto],
      exclude: ["moto_server.py"], swiftSettings: strict),
    tests(of: "Terminal"),
    tests(of: "LocalPostgres", ["TestSupport"]),
    tests(of: "Rows"),
    .testTarget(
      name: "HogQLTests",
      dependencies: [
        "HogQL", "Catalogue", "JSON", "LocalPostgres", "Postgres", "SQLText", "Terminal", "TestSupport", "hedgerow",
      ],
      exclude: ["Cases"], swiftSettings: strict),
    tests(of: "Service", ["HogQL", "JSON", "Terminal"]),
    tests(of: "Postgres", ["TestSupport", "SQLText", "Rows"]),
    tests(of: "Catalogue", ["TestSupport", "Postgres", "SQLText"]),
    tests(of: "Warehouse", ["TestSupport", "Postgres", "Rows", "SQLText"]),
    tests(of: "ConnectorKit", ["HTTP", "Rows", "Secrets"]),
    tests(of: "Connectors", ["TestSupport", "ConnectorKit", "HTTP", "JSON", "Postgres", "Rows", "Secrets", "SQLText"]),
    tests(of: "Replication", ["Rows", "SQLText", "ConnectorKit", "TestSupport", "Postgres", "Catalogue", "Warehouse"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["JSON", "TestSupport", "LocalPostgres", "Postgres", "SQLText", "hedgerow"], exclude: ["s3_server.py"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
