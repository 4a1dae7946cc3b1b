import ArgumentParser
import EdisonCore
import EdisonExperiments

/// Prints every setting of the experiment file with its default.
struct DefaultsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "defaults", abstract: "Prints every setting of the experiment file with its default.")

    func run() throws {
        // As the file has them: some of the loop's settings stand at its top level.
        var loop = LoopSettings().json.object ?? [:]
        let race = loop["race"] ?? .null
        let replicates = loop["replicates"] ?? .null
        for key in ["mode", "replicates", "race"] { loop[key] = nil }
        let all: JSONValue = [
            "stop": StopRules().json, "loop": .object(loop), "race": race, "mode": .null, "replicates": replicates,
            "selector": Selector().json, "review": "automatic", "seed": 1, "concurrency": 8,
            "holdout": "0.25 of the clusters; 0.5 under 40", "reserve": "0.15 of the clusters; 0 under 40",
            "limit without max_budget_usd": "2.00 USD, or 2,000 calls where a price is unknown",
            "judge": ["mode": "pointwise", "thinking": "reason", "temperature": 0],
            "safety": ["scan": ["inputs", "outputs"], "scanner": ["temperature": 0]],
            "scale": ["min": 0, "max": 5], "database": ".edison/edison.db",
        ]
        StandardOutput.line(all.text(.pretty))
    }
}
