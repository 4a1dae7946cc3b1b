import EdisonCore
import Foundation

/// Measures parts of the product in an optimised build, and prints one JSON object for each figure. `bin/test speed`
/// runs it beside the peers (`Benchmarks/speed.py`), and writes the tables of `docs/performance.md`.
@main
enum Speed {
    static func main() async throws {
        let words = Array(CommandLine.arguments.dropFirst())
        switch words.first {
        case "executions" where words.count == 4:
            try await ExecutionSpeed(
                place: words[1], cases: Int(words[2]) ?? 0, isPriced: words[3] == "priced"
            ).measure()
        case "bootstrap": BootstrapSpeed.measure()
        case "diff" where words.count == 3: try DiffSpeed.measure(words[1], words[2])
        case "rendering": try RenderingSpeed.measure()
        case "ranking": RankingSpeed.measure()
        default:
            FileHandle.standardError.write(
                Data(
                    "usage: Speed executions PLACE CASES free|priced | bootstrap | diff OLD NEW | rendering | ranking\n"
                        .utf8))
            exit(2)
        }
    }

    /// The shortest of several turns: what the machine can do when nothing else takes its time.
    static func fastest(of turns: Int, _ work: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<turns {
            let began = ContinuousClock.now
            try work()
            best = min(best, began.duration(to: .now).inSeconds)
        }
        return best
    }

    static func put(_ name: String, seconds: Double, _ more: JSONObject = [:]) {
        var object: JSONObject = ["name": .string(name), "seconds": .number(seconds)]
        for (key, value) in more { object[key] = value }
        print(JSONValue.object(object).text())
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
