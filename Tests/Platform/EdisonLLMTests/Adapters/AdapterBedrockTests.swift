import EdisonCore
import EdisonTestKit
import Foundation
import Testing

@testable import EdisonLLM

/// What is special about Bedrock: signatures, the binary stream, answers by the call of a tool.
@Suite(.timeLimit(.minutes(5))) struct AdapterBedrockTests {
    private static let attempt = AdapterConformanceTests.attempt
    private static let pair =
        #"{"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"never-shown-1","SessionToken":"never-shown-2"}"#

    private var adapter: AdapterUnderTest {
        get throws { try #require(AdapterUnderTest.all.first { $0.kind == .awsBedrock }) }
    }

    private static func vectors() throws -> [JSONValue] {
        let url = FixtureFile.root.appendingPathComponent("wire/bedrock/sigv4-vectors.json")
        return try JSONValue(parsing: Array(Data(contentsOf: url)))["vectors"]?.array ?? []
    }

    // MARK: Signatures

    @Test("every recorded signature is made anew from its request")
    func signatures() throws {
        // One of them signs a header more than this program does.
        let vectors = try Self.vectors().filter { $0["signed_headers"] == "content-type;host;x-amz-date" }
        #expect(vectors.count == 11)
        for vector in vectors {
            let id = vector["fixture"]?.string ?? ""
            let lines = (vector["canonical_request"]?.string ?? "").split(separator: "\n").map(String.init)
            let host = try #require(lines.first { $0.hasPrefix("host:") }).dropFirst(5)
            let date = try #require(lines.first { $0.hasPrefix("x-amz-date:") }).dropFirst(11)
            let path = vector["wire_path"]?.string ?? ""
            var request = HTTPTransport.Request(
                url: "http://\(host)\(path)", headers: [("content-type", "application/json"), ("host", String(host))])
            let file = FixtureFile.root.appendingPathComponent("wire/\(id).req.json")
            request.bytes = Array(try Data(contentsOf: file))
            let signature = AWSSignature(
                region: vector["region"]?.string ?? "", keyID: vector["access_key_id"]?.string ?? "",
                secret: Secret(vector["secret_access_key"]?.string ?? ""))
            let moment = try Date(Self.spelled(String(date)), strategy: .iso8601)
            signature.sign(&request, at: moment)
            #expect(signature.canonicalRequest(request).text == vector["canonical_request"]?.string, "\(id)")
            let header = request.headers.last?.1 ?? ""
            #expect(header.hasSuffix("Signature=\(vector["signature"]?.string ?? "?")"), "\(id)")
        }
    }

    /// `20261121T005059Z` as `2026-11-21T00:50:59Z`.
    private static func spelled(_ date: String) -> String {
        let digits = date.filter(\.isNumber).map(String.init)
        let parts = [0..<4, 4..<6, 6..<8, 8..<10, 10..<12, 12..<14].map { digits[$0].joined() }
        return "\(parts[0])-\(parts[1])-\(parts[2])T\(parts[3]):\(parts[4]):\(parts[5])Z"
    }

    @Test("a pair of keys signs every try, with the session's token; a key of Bedrock goes out as it is")
    func keys() async throws {
        let reply = try WireCapture("bedrock/converse-basic").reply
        try await withAdapter(adapter, reply) { provider, endpoint, server in
            var endpoint = endpoint
            endpoint.apiKey = Secret(Self.pair)
            let request = ModelRequest(model: "arn:aws:bedrock:eu:1:profile/abc", messages: [.user("Hi")])
            let answer = try await provider.respond(to: request, at: endpoint, attempt: Self.attempt)
            #expect(answer.responseID == "stub-req")
            let sent = server.requests[0]
            #expect(sent.target == "/model/arn%3Aaws%3Abedrock%3Aeu%3A1%3Aprofile%2Fabc/converse")
            #expect(sent.header("x-amz-security-token") == "never-shown-2")
            #expect(sent.header("host") == "127.0.0.1:\(server.port)")
            let header = sent.header("authorization") ?? ""
            #expect(header.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"))
            #expect(header.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature="))
            // Signed once more from what arrived.
            var again = HTTPTransport.Request(
                url: server.url + sent.target,
                headers: [("content-type", sent.header("content-type") ?? ""), ("host", sent.header("host") ?? "")])
            again.bytes = sent.body
            let moment = try Date(Self.spelled(sent.header("x-amz-date") ?? ""), strategy: .iso8601)
            AWSSignature(
                region: "us-east-1", keyID: "AKIDEXAMPLE", secret: Secret("never-shown-1"),
                session: Secret("never-shown-2")
            ).sign(&again, at: moment)
            #expect(again.headers.last?.1 == header)
        }
    }

    @Test("no part of a pair of keys stands in a message, and a broken pair is told without it")
    func secrets() async throws {
        let body =
            #"{"message":"never-shown-1 and never-shown-2 of AKIDEXAMPLE","__type":"x#UnrecognizedClientException"}"#
        try await withAdapter(adapter, .init(status: 403, body)) { provider, endpoint, _ in
            var asked = endpoint
            asked.apiKey = Secret(Self.pair)
            let (request, endpoint) = (ModelRequest(model: "m", messages: [.user("Hi")]), asked)
            let failure = await #expect(throws: ProviderFailure.self) {
                _ = try await provider.respond(to: request, at: endpoint, attempt: Self.attempt)
            }
            #expect(failure?.kind == .refusedKey && failure?.message == "••• and ••• of AKIDEXAMPLE")
        }
        let failure = #expect(throws: ProviderFailure.self) { try AWSCredentials(#"{"AccessKeyId":"never-shown"}"#) }
        #expect(failure?.message.contains("never-shown") == false)
    }

    // MARK: The binary stream

    @Test("the recorded messages are read, wherever the bytes are cut")
    func messages() throws {
        for name in ["converse-stream", "converse-tools-stream", "error-midstream"] {
            let bytes = Array(
                try Data(
                    contentsOf: FixtureFile.root.appendingPathComponent("wire/bedrock/\(name).resp.eventstream.bin")))
            let frames = try JSONValue(
                parsing: Array(
                    Data(contentsOf: FixtureFile.root.appendingPathComponent("wire/bedrock/\(name).resp.frames.json"))))
            var whole = EventStreamParser()
            let read = try whole.feed(bytes)
            #expect(whole.isAtRest && read.count == frames.array?.count)
            for (message, frame) in zip(read, frames.array ?? []) {
                #expect(message.headers[":message-type"] == frame["headers"]?[":message-type"]?.string)
                #expect(try JSONValue(parsing: message.payload) == frame["payload"])
            }
            var cut = EventStreamParser()
            var pieces: [EventStreamMessage] = []
            for byte in bytes { pieces += try cut.feed([byte]) }
            #expect(pieces == read)
        }
    }

    @Test("a byte that was changed is found, wherever it stands")
    func checksums() throws {
        let bytes = try WireCapture("bedrock/converse-stream").responseBody
        for place in stride(from: 0, to: 260, by: 1) {
            var broken = bytes
            broken[place] ^= 0x10
            var parser = EventStreamParser()
            #expect(throws: EventStreamFault.self, "byte \(place)") { _ = try parser.feed(broken) }
        }
        #expect(CyclicCheck.of(Array("123456789".utf8)) == 0xCBF4_3926)
    }

    @Test("a stream that ends before its usage was cut, and an exception in it says what it was")
    func cutStreams() async throws {
        let bytes = try WireCapture("bedrock/converse-stream").responseBody
        for count in stride(from: 0, to: bytes.count, by: 37) {
            var decoder = BedrockStreamDecoder(requestedModel: "m", answerTool: nil)
            let failure = #expect(throws: ProviderFailure.self) {
                _ = try decoder.feed(Array(bytes.prefix(count)))
                _ = try decoder.finish()
            }
            #expect(failure?.kind == .cutStream)
        }
        try await withAdapter(adapter, WireCapture("bedrock/error-midstream").reply) { provider, endpoint, _ in
            let request = ModelRequest(model: "m", messages: [.user("Hi")])
            let failure = await #expect(throws: ProviderFailure.self) {
                _ = try await collected(provider.stream(request, at: endpoint, attempt: Self.attempt))
            }
            #expect(failure?.isRetryable == true && failure?.requestID == "stub-req")
            #expect(failure?.code?.hasSuffix("xception") == true)
        }
    }

    // MARK: Requests

    @Test("a request has the fields that AWS's client sends")
    func fields() async throws {
        let samples: [(String, ModelRequest)] = [
            (
                "bedrock/converse-basic",
                ModelRequest(
                    model: "us.anthropic.claude-opus-5-5-v1:0",
                    messages: [.system("You are terse."), .user("Name one colour of a ripe lemon.")],
                    parameters: ModelParameters(temperature: 0.2, maxTokens: 64, topP: 0.9, topK: 10, stop: ["END"]))
            )
        ]
        for (id, request) in samples {
            let capture = try WireCapture(id)
            try await withAdapter(adapter, capture.reply) { provider, endpoint, server in
                _ = try await provider.respond(to: request, at: endpoint, attempt: Self.attempt)
                #expect(try server.onlyBody == capture.requestBody)
                #expect(server.requests[0].target == capture.target)
            }
        }
        let nova = ModelRequest(
            model: "amazon.nova-2-lite-v1:0", messages: [], parameters: ModelParameters(topK: 1, presencePenalty: 1),
            seed: 1)
        #expect(ParameterSupport.dropped(nova, by: .awsBedrock) == ["top_k", "presence_penalty", "seed"])
    }

    @Test("a schema is asked for as a tool whose call is the answer, and in words of a model that thinks")
    func schema() async throws {
        let schema = ResponseSchema(
            name: "judgment", schema: ["type": "object", "properties": ["a": ["type": "integer"]]])
        var request = ModelRequest(model: "m", messages: [.user("Hi")], responseFormat: .schema(schema))
        let reply = WireServer.Reply(
            """
            {"output":{"message":{"content":[{"toolUse":{"toolUseId":"t","name":"judgment","input":{"a":1}}}]}},
            "stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3}}
            """)
        try await withAdapter(adapter, reply) { [request] provider, endpoint, server in
            let answer = try await provider.respond(to: request, at: endpoint, attempt: Self.attempt)
            #expect(answer.text == #"{"a":1}"# && answer.toolCalls.isEmpty && answer.finishReason == .stop)
            #expect(answer.usage == TokenUsage(input: 1, output: 2))
            #expect(try server.onlyBody["toolConfig"]?["toolChoice"] == ["tool": ["name": "judgment"]])
        }
        request.parameters.reasoningEffort = "low"
        try await withAdapter(adapter, WireCapture("bedrock/converse-basic").reply) {
            [request] provider, endpoint, server in
            _ = try await provider.respond(to: request, at: endpoint, attempt: Self.attempt)
            let body = try server.onlyBody
            #expect(body["toolConfig"] == nil && body["outputConfig"] == ["effort": "low"])
            #expect(body["system"]?.text().contains("JSON Schema") == true)
        }
    }
}
