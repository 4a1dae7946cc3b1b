// swift-tools-version: 6.2
import PackageDescription

// The architecture, top to bottom: edison → EdisonServer → Features → Platform → Kernel. Arrows point down only;
// Tests/ArchitectureTests hold every import against this file.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// What others wrote. Each is paid for in build minutes by everybody: see docs/design/0004-dependencies.md.
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let httpParts = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let httpPartsCodec = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

func kernel(_ name: String, on dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/Kernel/\(name)", swiftSettings: strict)
}

func platform(_ name: String, on dependencies: [Target.Dependency]) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/Platform/\(name)", exclude: carried(by: name),
        swiftSettings: strict)
}

/// A feature: its folder is named without the prefix, and its templates are carried by EdisonAssets.
func feature(_ name: String, on features: [String] = [], platform: [String], other: [Target.Dependency] = []) -> Target
{
    .target(
        name: "Edison\(name)",
        dependencies: ["EdisonCore"] + (features.map { "Edison\($0)" } + platform).map { .byName(name: $0) } + other,
        path: "Sources/Features/\(name)", exclude: carried(by: name), swiftSettings: strict)
}

func carried(by feature: String) -> [String] {
    [
        "Evaluation": ["Prompts"], "Experiments": ["Prompts", "Templates"], "EdisonWeb": ["Templates"],
        "EdisonPages": ["Assets", "Templates"],
    ][feature] ?? []
}

func tests(_ name: String, in folder: String, on dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["EdisonCore", "EdisonTestKit"], path: "Tests/\(folder)/\(name)",
        swiftSettings: strict)
}

/// Programs that measure or simulate for long; nobody else pays for building them.
let benchmarks: [Target] =
    Context.environment["EDISON_BENCHMARKS"] == "1"
    ? [
        .target(name: "BenchmarkReporting", path: "Benchmarks/Reporting", swiftSettings: strict),
        .executableTarget(
            name: "Calibration",
            dependencies: [
                "EdisonCore", "EdisonDatasets", "EdisonStatistics", "EdisonExperiments", "BenchmarkReporting",
            ],
            path: "Benchmarks/Calibration",
            swiftSettings: strict),
        .executableTarget(
            name: "PlainServer", dependencies: [nioCore, nioHTTP, nioPosix], path: "Benchmarks/PlainServer",
            swiftSettings: strict),
        .executableTarget(
            name: "Speed",
            dependencies: [
                "EdisonCore", "EdisonText", "EdisonStatistics", "EdisonSQL", "EdisonSchema", "EdisonLLM",
                "EdisonPrompts", "EdisonDatasets", "EdisonEvaluation", "EdisonExperiments",
            ], path: "Benchmarks/Speed", swiftSettings: strict),
        .executableTarget(
            name: "LoopQuality",
            dependencies: [
                "EdisonCore", "EdisonPrompts", "EdisonEvaluation", "EdisonExperiments", "EdisonLLM", "EdisonServer",
                "ProviderSimulator", "BenchmarkReporting",
            ], path: "Benchmarks/LoopQuality", swiftSettings: strict),
    ] : []

let package = Package(
    name: "edison",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "edison", targets: ["edison"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        kernel("EdisonCore", on: [crypto]),
        kernel("EdisonText", on: ["EdisonCore"]),
        kernel("EdisonStatistics", on: [crypto]),

        platform("EdisonSQL", on: ["EdisonCore", grdb]),
        platform("EdisonSchema", on: ["EdisonCore", "EdisonSQL"]),
        platform("EdisonEvents", on: ["EdisonCore", "EdisonSQL"]),
        platform("EdisonJobs", on: ["EdisonCore", "EdisonSQL"]),
        platform("EdisonQuotas", on: ["EdisonCore", "EdisonSQL"]),
        platform("EdisonResources", on: ["EdisonCore", "EdisonAssets", mustache]),
        platform(
            "EdisonLLM",
            on: [
                "EdisonCore", "EdisonSQL", crypto, cryptoExtras, httpClient, nioCore, nioHTTP, subprocess, system,
            ]),
        platform("EdisonSecrets", on: ["EdisonCore", crypto, cryptoExtras, jwt, nioPosix]),
        platform(
            "EdisonWeb",
            on: [
                "EdisonCore", "EdisonSQL", "EdisonEvents", "EdisonSecrets", "EdisonResources", hummingbird,
                hummingbirdCore, httpTypes, httpParts, httpPartsCodec, nioCore, nioHTTP, nioWebSocket, crypto,
                logging, serviceLifecycle,
            ]),
        platform("EdisonPages", on: ["EdisonCore", "EdisonResources", "EdisonWeb", httpTypes]),
        .target(name: "EdisonAssets"),

        feature(
            "Accounts",
            platform: [
                "EdisonSQL", "EdisonSchema", "EdisonEvents", "EdisonPages", "EdisonQuotas", "EdisonSecrets",
                "EdisonWeb",
            ],
            other: [httpTypes]),
        feature("Audit", on: ["Accounts"], platform: ["EdisonSQL", "EdisonWeb"], other: [httpTypes]),

        feature(
            "Providers",
            platform: ["EdisonSQL", "EdisonEvents", "EdisonLLM", "EdisonSecrets", "EdisonWeb"], other: [httpTypes]),

        feature(
            "Prompts", platform: ["EdisonText", "EdisonSQL", "EdisonLLM", "EdisonEvents", "EdisonWeb"],
            other: [httpTypes]),
        feature("Datasets", platform: ["EdisonSQL", "EdisonEvents", "EdisonQuotas", "EdisonWeb"], other: [httpTypes]),
        feature(
            "Evaluation", on: ["Prompts", "Datasets"],
            platform: ["EdisonText", "EdisonSQL", "EdisonLLM", "EdisonResources"]),
        feature(
            "Experiments", on: ["Prompts", "Datasets", "Evaluation"],
            platform: [
                "EdisonText", "EdisonStatistics", "EdisonSQL", "EdisonEvents", "EdisonJobs", "EdisonLLM",
                "EdisonResources", "EdisonWeb",
            ], other: [yams, httpTypes]),

        feature(
            "Budgets", platform: ["EdisonSQL", "EdisonEvents", "EdisonLLM", "EdisonQuotas", "EdisonWeb"],
            other: [httpTypes]),

        feature(
            "Integrations",
            platform: ["EdisonSQL", "EdisonEvents", "EdisonJobs", "EdisonLLM", "EdisonSecrets", "EdisonWeb"],
            other: [crypto, httpTypes]),

        feature(
            "Projects", platform: ["EdisonSQL", "EdisonSchema", "EdisonEvents", "EdisonQuotas", "EdisonWeb"],
            other: [httpTypes]),

        .target(
            name: "ProviderSimulator",
            dependencies: ["EdisonCore", hummingbird, nioCore, logging, httpTypes, serviceLifecycle, unixSignals],
            swiftSettings: strict),
        .target(
            name: "EdisonServer",
            dependencies: [
                "EdisonCore", "EdisonSQL", "EdisonSchema", "EdisonLLM", "EdisonExperiments", "EdisonAccounts",
                "EdisonProjects", "EdisonProviders", "EdisonPrompts", "EdisonDatasets", "EdisonEvents", "EdisonJobs",
                "EdisonAudit", "EdisonBudgets", "EdisonIntegrations", "EdisonPages", "EdisonQuotas", "EdisonSecrets",
                "EdisonWeb",
                httpTypes, logging,
                nioCore,
                serviceLifecycle, unixSignals,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "edison",
            dependencies: [
                "EdisonCore", "EdisonSQL", "EdisonSchema", "EdisonServer", "EdisonExperiments", "EdisonEvaluation",
                "EdisonDatasets",
                "EdisonPrompts",
                "EdisonLLM", "EdisonText", "EdisonResources", "EdisonAccounts", "ProviderSimulator", argumentParser,
                nioCore, logging,
            ], swiftSettings: strict),

        .testTarget(
            name: "EdisonCoreTests", dependencies: ["EdisonCore", "EdisonTestKit"],
            path: "Tests/Kernel/EdisonCoreTests",
            swiftSettings: strict),
        tests("EdisonStatisticsTests", in: "Kernel", on: ["EdisonStatistics", crypto]),
        tests("EdisonTextTests", in: "Kernel", on: ["EdisonText"]),
        tests("EdisonSQLTests", in: "Platform", on: ["EdisonSQL", "EdisonSchema"]),
        tests("EdisonEventsTests", in: "Platform", on: ["EdisonEvents", "EdisonSQL"]),
        tests("EdisonJobsTests", in: "Platform", on: ["EdisonJobs", "EdisonSQL", subprocess, system]),
        tests(
            "EdisonLLMTests", in: "Platform",
            on: ["EdisonLLM", "EdisonSQL", cryptoExtras, nioCore, nioHTTP, nioPosix]),
        tests(
            "EdisonAccountsTests", in: "Features",
            on: [
                "EdisonAccounts", "EdisonAudit", "EdisonServer", "EdisonSecrets", "EdisonWeb",
                "EdisonEvents",
                "EdisonSQL",
                "EdisonSchema", crypto, cryptoExtras, httpClient, httpTypes, logging, nioCore, nioHTTP,
            ]),
        tests(
            "EdisonWebTests", in: "Platform",
            on: [
                "EdisonWeb", "EdisonSQL", "EdisonSecrets", httpTypes, logging, nioCore, nioPosix, serviceLifecycle,
            ]),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "EdisonCore", "EdisonTestKit", "EdisonServer", "EdisonAccounts", "EdisonQuotas", "EdisonSecrets",
                "EdisonSQL",
                "EdisonWeb", "ProviderSimulator", httpClient, httpTypes, logging, nioCore, nioHTTP, serviceLifecycle,
            ], path: "Tests/ServerTests", swiftSettings: strict),
        tests("EdisonPromptsTests", in: "Features", on: ["EdisonPrompts", "EdisonLLM", "EdisonSQL", "EdisonSchema"]),
        tests(
            "EdisonProvidersTests", in: "Features",
            on: ["EdisonProviders", "EdisonLLM", "EdisonSQL", "EdisonSchema", "EdisonSecrets", "EdisonEvents"]),
        tests(
            "EdisonBudgetsTests", in: "Features",
            on: ["EdisonBudgets", "EdisonLLM", "EdisonSQL", "EdisonSchema", "EdisonEvents"]),
        tests(
            "EdisonIntegrationsTests", in: "Features",
            on: [
                "EdisonIntegrations", "EdisonEvents", "EdisonJobs", "EdisonLLM", "EdisonSQL", "EdisonSchema",
                "EdisonSecrets",
            ]),
        tests("EdisonDatasetsTests", in: "Features", on: ["EdisonDatasets", "EdisonSQL", "EdisonSchema"]),
        tests(
            "EdisonEvaluationTests", in: "Features",
            on: ["EdisonEvaluation", "EdisonDatasets", "EdisonPrompts", "EdisonLLM", "EdisonSQL", "EdisonSchema"]),
        tests(
            "EdisonExperimentsTests", in: "Features",
            on: [
                "EdisonExperiments", "EdisonEvaluation", "EdisonDatasets", "EdisonPrompts", "EdisonLLM", "EdisonSQL",
                "EdisonSchema", "EdisonEvents", "EdisonJobs", "EdisonStatistics", "EdisonText",
                "EdisonWeb",
            ]),
        tests(
            "LiveTests", in: "Server",
            on: [
                "EdisonServer", "EdisonWeb", "EdisonEvents", "EdisonJobs", "EdisonSQL", "EdisonSecrets", httpTypes,
                logging, serviceLifecycle, unixSignals,
            ]),
        .testTarget(
            name: "EdisonOperationsTests",
            dependencies: ["EdisonAccounts", "EdisonCore", "EdisonQuotas", "EdisonServer", "EdisonWeb", logging],
            path: "Tests/EdisonOperationsTests", swiftSettings: strict),
        .testTarget(
            name: "ArchitectureTests", dependencies: [subprocess, system], path: "Tests/ArchitectureTests",
            exclude: ["migrations.sha256"],
            swiftSettings: strict),
        .testTarget(
            name: "SimulatorTests",
            dependencies: ["EdisonCore", "EdisonLLM", "ProviderSimulator", httpClient, nioCore, nioHTTP],
            path: "Tests/SimulatorTests",
            swiftSettings: strict),

        .target(
            name: "EdisonTestKit",
            dependencies: ["EdisonCore", "EdisonSQL", "EdisonSchema", nioCore, nioHTTP, nioPosix],
            path: "Support/EdisonTestKit", swiftSettings: strict),
    ] + benchmarks,
    cLanguageStandard: .c2x
)
