import AsyncHTTPClient
import EdisonCore
import NIOCore
import ProviderSimulator
import Testing

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
}
