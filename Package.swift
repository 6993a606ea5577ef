// swift-tools-version: 6.2
import Foundation
import PackageDescription

// A process that lives for two milliseconds spends most of them on loading shared libraries, of which libgit2 alone
// brings seventeen. So the released tool is linked statically where everything for that is there: the archives, and a
// libgit2 whose network parts Startup knows how to leave out. Elsewhere it uses the shared libraries, and is slower.

/// The folder that has the archives of libgit2 and of what it stands on; `nil` where one of them is missing.
let archives = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"].first { folder in
  guard let description = try? String(contentsOfFile: "\(folder)/pkgconfig/libgit2.pc", encoding: .utf8),
    description.contains("\nVersion: 1.5.")
  else { return false }
  return ["c", "git2", "http_parser", "mbedcrypto", "pcre2-8", "z"].allSatisfy {
    FileManager.default.fileExists(atPath: "\(folder)/lib\($0).a")
  }
}
/// Only what is released: tests, sanitizers and debuggers need the shared libraries.
let released = BuildSettingCondition.when(platforms: [.linux], configuration: .release)
/// How the tool is linked statically.
///
/// LLVM's linker does it, since the usual one warns of functions that are never called.
let staticLink: [LinkerSetting] =
  archives == nil
  ? []
  : [.unsafeFlags(["-static-executable", "-use-ld=lld"], released)]
    + ["http_parser", "mbedcrypto", "pcre2-8", "z"].map { .linkedLibrary($0, released) }
    // Without --static-swift-stdlib nothing else names what Foundation stands on.
    + ["_FoundationCShims", "_FoundationCollections"].map { .linkedLibrary($0, released) }
    + [
      // The functions that recording an event calls stand next to each other, so the kernel brings in fewer pages.
      .unsafeFlags(
        ["--symbol-ordering-file=\(Context.packageDirectory)/Sources/Startup/emit.order", "--no-warn-symbol-ordering"]
          .flatMap { ["-Xlinker", $0] }, released)
    ]

let package = Package(
  name: "kitty-git-telemetry",
  platforms: [.macOS(.v26)],
  products: [
    .executable(name: "kitty-git-telemetry", targets: ["Tool"]),
    .library(name: "KittyGitTelemetry", targets: ["KittyGitTelemetry", "Agents", "Events"]),
  ],
  dependencies: [
    // The command line: subcommands, help, usage errors.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Warnings of the library, where the host's logs are.
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    // File descriptors, paths and errno as types.
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    // What an agent's run came to, and what its output says of it. Pure.
    .target(name: "Agents", dependencies: ["Events"]),
    // libgit2's headers for Swift, nothing more.
    .systemLibrary(
      name: "CLibgit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"]), .brew(["libgit2"])]),
    // The system calls that Swift cannot make.
    .target(name: "CSystemCalls"),
    // Questions about sixteen bytes at once, as nothing but numbers: what processors have for that and Swift has not.
    .target(name: "CWords"),
    // What can be recorded: events, identities, order, the JSON line, clocks, the join. Pure.
    .target(name: "Events", dependencies: ["CWords"]),
    // The few things asked of a repository; the only room that sees libgit2.
    .target(
      name: "Git",
      dependencies: [
        "CLibgit2", "CSystemCalls", .product(name: "SystemPackage", package: "swift-system"),
      ]),
    // Log, clock and journal files: lock, append, recover, replace.
    .target(
      name: "Journal",
      dependencies: [
        "CSystemCalls", "CWords", "Events", .product(name: "SystemPackage", package: "swift-system"),
      ]),
    // The public library: record, merge.
    .target(
      name: "KittyGitTelemetry",
      dependencies: [
        "Agents", "Events", "Git", "Journal", "Notes", "Processes", "Reports",
        .product(name: "Logging", package: "swift-log"), .product(name: "SystemPackage", package: "swift-system"),
      ]),
    // Event sets as git notes: layout, fan-out, compare-and-swap.
    .target(name: "Notes", dependencies: ["Events", "Git"]),
    // Running a program as if it ran in our place: streams, signals, its end.
    .target(
      name: "Processes", dependencies: ["CSystemCalls", .product(name: "SystemPackage", package: "swift-system")]),
    // Sums over events. Pure.
    .target(name: "Reports", dependencies: ["Events"]),
    // Spares the executable what libraries do at their start and it has no use for.
    .target(
      name: "Startup", exclude: ["emit.order"],
      cSettings: archives == nil ? [] : [.define("ARGUMENTS_ARE_GIVEN", released)]),
    // The command line: parse, call the library, print.
    .executableTarget(
      name: "Tool",
      dependencies: [
        "Agents", "Events", "KittyGitTelemetry", "Processes", "Reports", "Startup",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SystemPackage", package: "swift-system"),
      ], linkerSettings: staticLink),
    // Scratch directories, repositories and processes for the tests.
    .target(name: "TestSupport", dependencies: ["Git"], path: "Tests/TestSupport"),
    // How fast and how small the tool is, beside its peers.
    .executableTarget(
      name: "Benchmarks", dependencies: ["TestSupport"], path: "Tests/Benchmarks", exclude: ["Scripts"]),
    // Faults wherever the program writes, and many recorders at once.
    .executableTarget(name: "CrashHarness", dependencies: ["Events", "TestSupport"], path: "Tests/CrashHarness"),
    // A program that records through the library, for tests with several processes.
    .executableTarget(
      name: "Emitter",
      dependencies: ["Events", "KittyGitTelemetry", .product(name: "SystemPackage", package: "swift-system")],
      path: "Tests/Emitter"),
    // Random histories of repositories against what must not get lost.
    .executableTarget(name: "HistoryFuzzer", dependencies: ["Events", "TestSupport"], path: "Tests/HistoryFuzzer"),
    // Any bytes against the laws of what reads the texts of others: with libFuzzer, or over the files of its corpora.
    .executableTarget(
      name: "InputFuzzer", dependencies: ["Agents", "Events", "Processes", "Reports"], path: "Tests/InputFuzzer",
      exclude: ["Corpus"]),
    .testTarget(name: "AgentsTests", dependencies: ["Agents", "Events", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(name: "BenchmarksTests", dependencies: ["Benchmarks"]),
    .testTarget(name: "EventsTests", dependencies: ["CWords", "Events", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(name: "GitTests", dependencies: ["Git", "TestSupport"]),
    .testTarget(
      name: "JournalTests",
      dependencies: ["Events", "Journal", "TestSupport", .product(name: "SystemPackage", package: "swift-system")]),
    .testTarget(
      name: "KittyGitTelemetryTests",
      dependencies: [
        "Agents", "Emitter", "Events", "Git", "Journal", "KittyGitTelemetry", "Notes", "Reports", "TestSupport",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(name: "NotesTests", dependencies: ["Events", "Git", "Notes", "TestSupport"]),
    .testTarget(
      name: "ProcessesTests",
      dependencies: ["Processes", "TestSupport", .product(name: "SystemPackage", package: "swift-system")]),
    .testTarget(name: "ReportsTests", dependencies: ["Events", "Reports", "TestSupport"], exclude: ["Fixtures"]),
    // It runs the built programs, which is why it depends on them.
    .testTarget(
      name: "ToolTests",
      dependencies: [
        "CrashHarness", "Events", "HistoryFuzzer", "TestSupport", "Tool",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], exclude: ["Fixtures"]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
  ]
}
