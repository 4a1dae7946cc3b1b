import EdisonCore
import EdisonStatistics
import EdisonTestKit
import Foundation
import Testing

import struct Crypto.SHA256

@Suite("splitting traffic") struct TrafficFixtureTests {
    @Test("hashes of bytes agree with the oracle", provided("hashing"), arguments: OracleCase.all("hashing"))
    func hashing(_ oracle: OracleCase) {
        oracle.check { input in
            let bytes: [UInt8]
            if input.has("text") || input.json["text"]?.string != nil {
                bytes = Array(try input.text("text").utf8)
            } else {
                guard let data = Data(base64Encoded: try input.text("base64")) else {
                    throw OracleInput.Missing(key: "base64")
                }
                bytes = Array(data)
            }
            let seed = UInt64(try input.int("seed"))
            let small = UInt32(truncatingIfNeeded: seed)
            let murmur = MurmurHash3.hash128(bytes, seed: small)
            let wide = UInt128(murmur.high) << 64 | UInt128(murmur.low)
            let digest = SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
            return [
                "murmur3_32": .string(String(MurmurHash3.hash32(bytes, seed: small))),
                "murmur3_128": .string(String(wide)),
                "xxh32": .string(String(XXHash.hash32(bytes, seed: small))),
                "xxh64": .string(String(XXHash.hash64(bytes, seed: seed))),
                "xxh3_64": .string(String(XXH3.hash64(bytes, seed: seed))),
                "fnv1a_32": .string(String(FNV1a.hash32(bytes))), "fnv1a_64": .string(String(FNV1a.hash64(bytes))),
                "sha256": .string(digest),
            ]
        }
    }

    @Test("the arm of a unit agrees with the oracle", provided("bucketing"), arguments: OracleCase.all("bucketing"))
    func assignment(_ oracle: OracleCase) {
        oracle.check { input in
            let assignment = TrafficAssignment(
                salt: try input.text("salt"), unit: try input.text("unit_id"), weights: try input.numbers("weights"),
                traffic: input.has("traffic") ? try input.number("traffic") : 1)
            guard let assignment else { return ["status": Output.status(.invalidInput)] }
            return [
                "status": Output.status(.ok), "hash": .string(String(assignment.hash.value)),
                "point": .string(String(assignment.hash.point)), "arm": Output.int(assignment.arm),
                "in_traffic": .bool(assignment.isInTraffic),
            ]
        }
    }

    @Test(
        "segments agree with the oracle at and around their ends", provided("bucketing_projection"),
        arguments: OracleCase.all("bucketing_projection"))
    func projection(_ oracle: OracleCase) {
        oracle.check { input in
            guard let point = UInt64(try input.text("point")) else { throw OracleInput.Missing(key: "point") }
            guard let split = TrafficSplit(weights: try input.numbers("weights")) else {
                return ["status": Output.status(.invalidInput)]
            }
            return [
                "status": Output.status(.ok), "arm": Output.int(split.arm(at: point)),
                "segment_ends": .array(split.ends.map { .string(String($0)) }),
            ]
        }
    }

    @Test(
        "counts over many units are the oracle's, and tests are independent", provided("bucketing_uniformity"),
        arguments: OracleCase.all("bucketing_uniformity"))
    func uniformity(_ oracle: OracleCase) {
        oracle.check { input in
            let weights = try input.numbers("weights")
            let (prefix, count) = (try input.text("prefix"), try input.int("n"))
            func points(_ salt: String) -> [UInt64] {
                (0..<count).map { UnitHash(salt: salt, unit: prefix + String($0)).point }
            }
            let first = points(try input.text("salt"))
            guard let split = TrafficSplit(weights: weights), let audit = SplitAudit(points: first, weights: weights)
            else { throw OracleInput.Missing(key: "weights") }
            var output: JSONObject = ["counts": Output.ints(audit.counts), "chi2_p": Output.number(audit.p)]
            if input.has("second_salt") {
                var table = weights.map { _ in weights.map { _ in 0 } }
                for (one, other) in zip(first, points(try input.text("second_salt"))) {
                    table[split.arm(at: one)][split.arm(at: other)] += 1
                }
                output["cross_table"] = .array(table.map(Output.ints))
                output["independence_p"] = Output.number(SplitAudit.independence(table))
            }
            return .object(output)
        }
    }

    @Test(
        "changing weights moves what the oracle moves", provided("bucketing_reallocation"),
        arguments: OracleCase.all("bucketing_reallocation"))
    func reallocation(_ oracle: OracleCase) {
        oracle.check { fixture in
            let splits = try OracleInput(fixture.input).matrix("steps").map { weights in
                guard let split = TrafficSplit(weights: weights) else { throw OracleInput.Missing(key: "steps") }
                return split
            }
            guard let launch = splits.first else { throw OracleInput.Missing(key: "steps") }
            var segments = TrafficSegments(launch)
            var history = [segments]
            var moved: [JSONValue] = []
            var naive: [JSONValue] = []
            for (before, split) in zip(splits, splits.dropFirst()) {
                guard let amount = segments.reallocate(to: split) else { throw OracleInput.Missing(key: "steps") }
                moved.append(.string(String(amount)))
                naive.append(.string(String(before.moved(to: split))))
                history.append(segments)
            }
            let after = history.map { step -> JSONValue in
                .array(
                    step.pieces.map { pieces in
                        .array(pieces.map { [.string(String($0.lowerBound)), .string(String($0.upperBound))] })
                    })
            }
            let probes = try OracleInput(fixture.expected).list("probe").map { probe -> JSONValue in
                guard let text = probe[0]?.string, let point = UInt64(text) else {
                    throw OracleInput.Missing(key: "probe")
                }
                return [.string(text), .array(history.map { Output.int($0.arm(at: point)) })]
            }
            let got: JSONValue = [
                "segments_after": .array(after), "moved_per_step": .array(moved), "naive_moved_per_step": .array(naive),
                "probe": .array(probes),
            ]
            return FixtureComparison.differences(got: got, want: fixture.expected, tolerance: fixture.tolerance)
        }
    }
}
