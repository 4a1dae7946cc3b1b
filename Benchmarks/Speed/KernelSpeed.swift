import EdisonCore
import EdisonStatistics
import EdisonText
import Foundation

/// 10,000 resamples of a mean, with the BCa interval from them.
enum BootstrapSpeed {
    static func measure() {
        for count in [1_000, 10_000] {
            var source = Xoshiro256StarStar(seed: 1)
            let values = (0..<count).map { _ in source.unitDouble() }
            var width = 0.0
            let seconds = Speed.fastest(of: 5) {
                let interval = Bootstrap(.random(resamples: 10_000, seed: 7)).interval(of: .mean, values)
                width = (interval.interval?.upper ?? 0) - (interval.interval?.lower ?? 0)
            }
            Speed.put("bootstrap", seconds: seconds, ["values": JSONValue(count), "width": .number(width)])
        }
    }
}

/// A unified diff of two files.
enum DiffSpeed {
    static func measure(_ old: String, _ new: String) throws {
        let before = Array(try Data(contentsOf: URL(fileURLWithPath: old)))
        let after = Array(try Data(contentsOf: URL(fileURLWithPath: new)))
        var size = 0
        let seconds = Speed.fastest(of: 20) { size = LineDiff(from: before, to: after).unified().utf8.count }
        Speed.put("diff", seconds: seconds, ["bytes": JSONValue(size)])
    }
}

/// A prompt of twenty variables, a section and an inverted section, parsed and rendered.
enum RenderingSpeed {
    static let turns = 10_000

    static func measure() throws {
        let lines = (0..<20).map { "Field \($0): {{field\($0)}}" }.joined(separator: "\n")
        let text =
            "Answer kindly.\n\(lines)\n{{#items}}- {{name}}: {{price}}\n{{/items}}{{^none}}Nothing else.{{/none}}"
        var data = JSONObject((0..<20).map { ("field\($0)", JSONValue.string("value \($0) <of> the field")) })
        data["items"] = .array((0..<10).map { ["name": .string("item \($0)"), "price": .integer($0)] })
        data["none"] = false
        let object = JSONValue.object(data)
        var length = 0
        let seconds = try Speed.fastest(of: 3) {
            for _ in 0..<turns { length = try Template(text).render(object).utf8.count }
        }
        Speed.put("rendering", seconds: seconds / Double(turns), ["bytes": JSONValue(length)])
    }
}

/// Strengths of twenty items from 20,000 games.
enum RankingSpeed {
    static func measure() {
        let count = 20
        var matrix = WinMatrix(count: count)
        for i in 0..<count { for j in 0..<count where i != j { matrix[i, j] = Double(30 + i - j) } }
        var top = 0.0
        let seconds = Speed.fastest(of: 20) { top = BradleyTerry(matrix).strengths?.max() ?? 0 }
        Speed.put("ranking", seconds: seconds, ["top": .number(top)])
    }
}
