/// Where a target stands; arrows point down only.
enum Layer: String, CaseIterable {
    case kernel, platform, feature, server, program, simulator, support, tests, benchmarks

    /// nil for a folder that the architecture does not know.
    init?(path: String) {
        let folders = path.split(separator: "/").map(String.init)
        switch folders.first {
        case "Support": self = .support
        case "Tests": self = .tests
        case "Benchmarks": self = .benchmarks
        default:
            switch folders.dropFirst().first {
            case "Kernel": self = .kernel
            case "Platform", "EdisonAssets": self = .platform
            case "Features": self = .feature
            case "EdisonServer": self = .server
            case "edison": self = .program
            case "ProviderSimulator": self = .simulator
            default: return nil
            }
        }
    }

    /// The layers that a target of this one may depend on.
    var reach: Set<Layer> {
        switch self {
        case .kernel: [.kernel]
        case .platform: [.kernel, .platform]
        case .feature: [.kernel, .platform, .feature]
        case .server: [.kernel, .platform, .feature]
        case .program: [.kernel, .platform, .feature, .server, .simulator]
        // It plays the providers: sharing code with the clients it tests would hide their mistakes.
        case .simulator: [.kernel]
        case .support: [.kernel, .platform, .feature, .server]
        case .tests, .benchmarks: Set(Layer.allCases).subtracting([.tests, .benchmarks])
        }
    }
}
