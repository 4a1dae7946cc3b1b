import AsyncHTTPClient
import EdisonCore
import NIOCore
import Testing

@testable import ProviderSimulator

@Suite("faults and the log")
struct FaultTests {
    private func failing(_ fault: Fault, retryAfter: Double = 1, duration: Duration? = nil) -> SimulatorConfiguration {
        SimulatorConfiguration(
            behaviour: .echo,
            faults: FaultPlan(rules: [FaultPlan.Rule(fault, at: [1], retryAfter: retryAfter, duration: duration)]))
    }

    @Test(
        "an error fault strikes the chosen request only, with its status",
        arguments: [
            (Fault.rateLimited, 429), (.serverError, 500), (.unavailable, 503), (.overloaded, 529), (.refusedKey, 401),
        ])
    func statuses(fault: Fault, status: Int) async throws {
        try await withSimulator(failing(fault, retryAfter: 7)) { client in
            let first = try await client.send("/v1/chat/completions", Client.body("x"))
            #expect(first.status == status)
            #expect(first.json["error"]?["message"]?.string?.isEmpty == false)
            if status == 429 { #expect(first.headers["retry-after"] == "7") }
            #expect(try await client.send("/v1/chat/completions", Client.body("x")).status == 200)
        }
    }

    @Test("a time-out outlasts a client that waits less")
    func timeOut() async throws {
        try await withSimulator(failing(.timeOut, duration: .seconds(30))) { client in
            await #expect(throws: HTTPClientError.self) {
                try await client.send("/v1/chat/completions", Client.body("x"), timeout: .milliseconds(200))
            }
        }
    }

    @Test("a cut stream ends with a broken connection after some of its text")
    func cut() async throws {
        try await withSimulator(failing(.cutStream)) { client in
            let body = (Client.body("a b c d e f g h i j k l m n").object ?? [:]).setting("stream", true)
            await #expect(throws: (any Error).self) { try await client.send("/v1/chat/completions", .object(body)) }
            #expect(client.simulator.log.entries.first?.outputTokens == nil)
        }
    }

    @Test("a malformed body is not JSON, and an empty answer is empty")
    func spoilt() async throws {
        try await withSimulator(failing(.malformedBody)) { client in
            let answer = try await client.send("/v1/chat/completions", Client.body("x"))
            #expect(answer.status == 200)
            #expect(answer.json == .null)
        }
        try await withSimulator(failing(.emptyAnswer)) { client in
            let answer = try await client.send("/v1/chat/completions", Client.body("x"))
            #expect(answer.json["choices"]?[0]?["message"]?["content"] == "")
        }
    }

    @Test("a share of faults is the same whatever the order of the requests, and near its rate")
    func share() async throws {
        let plan = FaultPlan(seed: 3, rules: [FaultPlan.Rule(.serverError, share: 0.3)])
        func failed(_ order: [Int]) async throws -> Set<Int> {
            try await withSimulator(SimulatorConfiguration(behaviour: .echo, faults: plan)) { client in
                var failed: Set<Int> = []
                for number in order
                where try await client.send("/v1/chat/completions", Client.body("case \(number)")).status == 500 {
                    failed.insert(number)
                }
                return failed
            }
        }
        let forwards = try await failed(Array(0..<100))
        let backwards = try await failed((0..<100).reversed())
        #expect(forwards == backwards)
        #expect((18...42).contains(forwards.count))
    }

    @Test("the fault plan can be changed while the simulator runs, and an unknown fault is refused")
    func changed() async throws {
        try await withSimulator { client in
            let plan: JSONValue = ["rules": [["fault": "overloaded", "every": 2]]]
            #expect(try await client.send("/_simulator/faults", plan).status == 200)
            var statuses: [Int] = []
            for _ in 0..<4 { statuses.append(try await client.send("/v1/chat/completions", Client.body("x")).status) }
            #expect(statuses == [200, 529, 200, 529])
            #expect(try await client.send("/_simulator/faults", ["rules": [["fault": "earthquake"]]]).status == 400)
        }
    }

    @Test("the log tells attempt, purpose, schema, status and the usage that the caller was told")
    func log() async throws {
        try await withSimulator { client in
            let body = Client.body("judge-a", "<rubric>[]</rubric><output>x</output>", seed: 5, schema: "judgment")
            let answer = try await client.send("/v1/chat/completions", body, headers: ["Edison-Attempt": "attempt-9"])
            let entry = try #require(client.simulator.log.entries.last)
            #expect(entry.attempt == "attempt-9")
            #expect(entry.purpose == "judge")
            #expect(entry.schema == "judgment")
            #expect(entry.seed == 5)
            #expect(JSONValue(entry.inputTokens) == answer.json["usage"]?["prompt_tokens"])
            #expect(JSONValue(entry.outputTokens) == answer.json["usage"]?["completion_tokens"])
            #expect(try await client.send("/_simulator/log").json[0]?["attempt"] == "attempt-9")
            #expect(try await client.send("/_simulator/stats").json["by_purpose"]?["judge"] == 1)
        }
    }

    @Test("a script answers by rule, in turn, and echoes the rest")
    func script() async throws {
        let rules = try ScriptRule.rules(json: [
            ["contains": "colour", "answers": ["red", "blue"]], ["schema": "judgment", "answer": ["scores": ["a": 1]]],
            ["contains": "broken", "fault": "server_error"],
        ])
        try await withSimulator(SimulatorConfiguration(behaviour: .script(rules))) { client in
            var answers: [String] = []
            for question in ["which colour?", "which colour?", "which colour?", "other"] {
                answers.append(try await client.chat(question))
            }
            #expect(answers == ["red", "blue", "blue", "other"])
            #expect(try await client.chat("anything", schema: "judgment") == "{\"scores\":{\"a\":1}}")
            #expect(try await client.send("/v1/chat/completions", Client.body("broken")).status == 500)
        }
    }

    @Test("a mix strikes at its whole share, each fault at its own, and once for each request")
    func mix() async throws {
        var plan = try FaultPlan(json: [
            "rules": [["mix": ["rate_limited": 2, "server_error": 1, "cut_stream": 1], "share": 0.2]]
        ])
        var counts: [Fault: Int] = [:]
        for number in 1...8_000 {
            let rule = plan.rule(
                number: number, body: "request \(number)", occurrence: 1, model: "m", purpose: "execute", schema: nil)
            if let rule { counts[rule.fault, default: 0] += 1 }
        }
        // Four standard deviations of a share of 0.1 and of 0.05 of 8,000.
        #expect((693...907).contains(counts[.rateLimited] ?? 0))
        for fault in [Fault.serverError, .cutStream] { #expect((322...478).contains(counts[fault] ?? 0)) }
        #expect(counts.count == 3)
        let even = try FaultPlan(json: ["rules": [["mix": ["overloaded", "dropped"], "share": 0.5]]])
        #expect(even.rules.map(\.share) == [0.25, 0.25 / 0.75])
    }

    @Test("a provider goes down with a request and is well again after its time")
    func window() throws {
        var plan = try FaultPlan(json: ["rules": [["fault": "unavailable", "from": 3, "lasting": 60]]])
        let start = ContinuousClock.now
        func isDown(_ number: Int, _ seconds: Double) -> Bool {
            plan.rule(
                number: number, body: "b", occurrence: number, model: "m", purpose: "execute", schema: nil,
                now: start + .seconds(seconds)) != nil
        }
        #expect(!isDown(1, 0) && !isDown(2, 100))
        #expect(isDown(3, 200) && isDown(4, 259.9) && !isDown(5, 260) && !isDown(6, 9_000))
    }

    @Test("a dropped connection ends without a status, and the next request finds the server well")
    func dropped() async throws {
        try await withSimulator(failing(.dropped)) { (client: Client) async throws in
            await #expect(throws: (any Error).self) { try await client.send("/v1/chat/completions", Client.body("x")) }
            #expect(client.simulator.log.entries.map(\.status) == [0])
            #expect(try await client.send("/v1/chat/completions", Client.body("x")).status == 200)
            #expect(try await client.send("/v1/embeddings", ["input": "x", "model": "m"]).status == 200)
        }
    }

    @Test("a slow answer trickles, whole or streamed, and is complete in the end", arguments: [false, true])
    func slow(streams: Bool) async throws {
        let body = (Client.body("a b c d e f g h").object ?? [:]).setting("stream", .bool(streams))
        try await withSimulator(failing(.slowAnswer, duration: .milliseconds(600))) { client in
            let start = ContinuousClock.now
            let answer = try await client.send("/v1/chat/completions", .object(body))
            #expect(start.duration(to: .now) > .milliseconds(500))
            let again = try await client.send("/v1/chat/completions", .object(body))
            let words = { (answer: Client.Answer) in
                streams
                    ? answer.events.compactMap { $0["choices"]?[0]?["delta"]?["content"]?.string }.joined()
                    : answer.content
            }
            #expect(words(answer) == "a b c d e f g h")
            #expect(words(again) == words(answer))
        }
    }

    @Test(
        "a faults file that cannot be meant so is refused with the place",
        arguments: [
            (#"{"rules": [{"fault": "dropped", "chance": 0.5}]}"#, "rules[0].chance"),
            (#"{"rules": [{"fault": "dropped", "share": 20}]}"#, "rules[0].share"),
            (#"{"rules": [{"mix": ["dropped", "flood"], "share": 0.2}]}"#, "rules[0].mix"),
            (#"{"rules": [{"mix": {"dropped": 0}, "share": 0.2}]}"#, "rules[0].mix"),
            (#"{"rules": [{"mix": ["dropped"]}]}"#, "rules[0].share"),
            (#"{"rules": [{"mix": ["dropped"], "fault": "dropped", "share": 0.2}]}"#, "rules[0].mix"),
        ])
    func refused(text: String, place: String) throws {
        let json = try JSONValue(parsing: text)
        let error = #expect(throws: EdisonError.self) { try FaultPlan(json: json) }
        #expect(error?.issues.first?.path == place)
    }
}
