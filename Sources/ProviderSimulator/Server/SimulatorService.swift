internal import EdisonCore
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Synchronization

/// Answers each HTTP request: finds its format, checks its key, lets the fault plan strike, and asks the behaviour.
final class SimulatorService: HTTPResponder {
    typealias Context = SimulatedConnection

    private let configuration: SimulatorConfiguration
    private let behaviour: any Behaviour
    private let log: RequestLog
    private let faults: Mutex<FaultPlan>

    init(_ configuration: SimulatorConfiguration, log: RequestLog) {
        self.configuration = configuration
        self.log = log
        faults = Mutex(configuration.faults)
        behaviour =
            switch configuration.behaviour {
            case .script(let rules): Script(rules)
            case .echo: Echo()
            case .apprentice(let tasks): Apprentice(tasks: tasks)
            }
    }

    func respond(to request: Request, context: SimulatedConnection) async throws -> Response {
        let path = request.uri.path
        let body = [UInt8](buffer: try await request.body.collect(upTo: 64 << 20))
        if path == "/token", request.method == .post { return token(body) }
        if path.hasPrefix("/_simulator/") { return control(request.method, path, body) }
        guard let route = Route(method: request.method, path: path, headers: request.headers) else {
            let fault = WireFault(kind: .notFound, status: 404, message: "Unknown path \(path).", code: "unknown_url")
            return Reply.json(OpenAIErrors.body(fault), status: 404)
        }
        guard isAdmitted(request) else {
            let fault = WireFault(kind: .unauthenticated, status: 401, message: "Incorrect API key provided.")
            record(route, Call(request, path, body), status: 401, arrival: log.arrival(of: Call.hash(body)), fault: nil)
            return Reply.json(route.format.error(fault), status: 401)
        }
        do {
            return try await answer(route, Call(request, path, body, on: context.channel))
        } catch let fault as WireFault {
            record(
                route, Call(request, path, body), status: fault.status, arrival: log.arrival(of: Call.hash(body)),
                fault: nil)
            return Reply.json(route.format.error(fault), status: fault.status)
        }
    }

    private func isAdmitted(_ request: Request) -> Bool {
        let headers = request.headers
        guard let key = configuration.apiKey else { return true }
        let given = [headers[.xAPIKey], headers[.apiKey], headers[.googAPIKey]].compactMap(\.self)
        if let first = given.first { return first == key }
        // Gemini's key may stand in the query.
        let query = (request.uri.query ?? "").split(separator: "&")
        if query.contains(where: { $0.hasPrefix("key=") }) { return query.contains { $0 == "key=\(key)" } }
        guard let authorization = headers[.authorization] else { return false }
        // Of a signature of AWS, the name of the key that made it.
        if authorization.hasPrefix("AWS4-HMAC-SHA256 Credential=\(key)/") { return true }
        return authorization.lowercased().hasPrefix("bearer ") && authorization.dropFirst(7) == key
    }

    private func answer(_ route: Route, _ call: Call) async throws -> Response {
        switch route.kind {
        case .value(let value): return Reply.json(value)
        case .embeddings, .chat, .count: break
        }
        guard let body = try? JSONValue(parsing: call.body), body.object != nil else {
            throw WireFault.invalid("We could not parse the JSON body of your request.")
        }
        if case .count(let format) = route.kind {
            let tokens = JSONValue(try format.read(body, path: call.path).inputTokens)
            return Reply.json(format is GeminiFormat ? ["totalTokens": tokens] : ["input_tokens": tokens])
        }
        guard case .chat = route.kind else { return try await embeddings(route, call, body) }
        return try await chat(route, call, try route.format.read(body, path: call.path))
    }

    private func embeddings(_ route: Route, _ call: Call, _ body: JSONValue) async throws -> Response {
        let embeddings = Embeddings(dimensions: body["dimensions"]?.int)
        let result =
            switch route.format {
            case is GeminiFormat: try embeddings.gemini(body)
            case is OllamaFormat: try embeddings.ollama(body)
            default: try embeddings.openAI(body)
            }
        let arrival = log.arrival(of: call.hash)
        let model = body["model"]?.string ?? GeminiFormat.model(in: call.path) ?? "embedding"
        let rule = strike(arrival, call, model: model, purpose: "embed", schema: nil)
        var entry = entry(route, call, status: 200, arrival: arrival, fault: rule)
        entry.model = model
        entry.purpose = "embed"
        if rule?.fault == .dropped { return try await drop(call, entry) }
        if let rule, let refusal = Refusal(rule.fault) {
            if rule.fault == .timeOut { try await Pause.sleep(for: rule.duration) }
            entry.status = refusal.status
            log.record(entry, body: call.body)
            return Reply.refusal(refusal, rule: rule, format: route.format)
        }
        entry.inputTokens = result.tokens
        entry.outputTokens = 0
        log.record(entry, body: call.body)
        return Reply.json(result.value)
    }

    private func chat(_ route: Route, _ call: Call, _ request: SimulatedRequest) async throws -> Response {
        let arrival = log.arrival(of: call.hash)
        let purpose = call.headers[.edisonPurpose] ?? request.structuredCall?.purpose ?? "execute"
        let scripted = (behaviour as? Script)?.rule(for: request)
        let rule =
            scripted?.fault ?? strike(arrival, call, model: request.model, purpose: purpose, schema: request.schemaName)
        var entry = entry(route, call, status: 200, arrival: arrival, fault: rule)
        (entry.model, entry.schema, entry.purpose) = (request.model, request.schemaName, purpose)
        (entry.streams, entry.seed) = (request.streams, request.givenSeed)
        let latency = configuration.latency + (scripted?.latency ?? .zero)
        try await Pause.sleep(for: latency)
        if rule?.fault == .dropped { return try await drop(call, entry) }
        if let rule, let refusal = Refusal(rule.fault) {
            entry.status = refusal.status
            log.record(entry, body: call.body)
            if rule.fault == .timeOut { try await Pause.sleep(for: rule.duration) }
            return Reply.refusal(refusal, rule: rule, format: route.format)
        }
        var answer = behaviour.answer(to: request)
        if rule?.fault == .emptyAnswer { answer = SimulatedAnswer(text: "") }
        if rule?.fault == .malformedAnswer { answer.text = String(answer.text.dropLast(answer.text.count / 3 + 1)) }
        answer = answer.counted(for: request)
        let counts = (route.format as? OpenAIChatFormat)?.host.alwaysCounts ?? true
        let tellsUsage = !request.streams || request.includesUsage || counts
        if tellsUsage, rule?.fault != .cutStream, rule?.fault != .malformedBody {
            (entry.inputTokens, entry.outputTokens) = (answer.inputTokens, answer.outputTokens)
        }
        log.record(entry, body: call.body)
        let id = ResponseID(
            text: String(ContentHash(of: "\(call.hash) \(arrival.occurrence)").text.prefix(24)),
            created: entry.time.microseconds / 1_000_000, time: entry.time)
        if request.streams {
            let frames = route.format.frames(answer, of: request, id: id)
            return Reply.stream(frames, format: route.format, pace: configuration.pace, rule: rule)
        }
        return Reply.whole(route.format.whole(answer, of: request, id: id), rule: rule)
    }

    /// Closes the connection without a word; the response that is returned reaches nobody.
    private func drop(_ call: Call, _ entry: RequestLog.Entry) async throws -> Response {
        var entry = entry
        entry.status = 0
        log.record(entry, body: call.body)
        try? await call.channel?.close()
        return Response(status: .ok)
    }

    private func strike(
        _ arrival: (number: Int, occurrence: Int), _ call: Call, model: String, purpose: String, schema: String?
    ) -> FaultPlan.Rule? {
        faults.withLock { plan in
            plan.rule(
                number: arrival.number, body: call.hash, occurrence: arrival.occurrence, model: model, purpose: purpose,
                schema: schema)
        }
    }

    private func entry(
        _ route: Route, _ call: Call, status: Int, arrival: (number: Int, occurrence: Int), fault: FaultPlan.Rule?
    ) -> RequestLog.Entry {
        RequestLog.Entry(
            number: arrival.number, time: .now, attempt: call.headers[.edisonAttempt], format: route.format.name,
            path: call.path,
            model: "", schema: nil, purpose: "execute", streams: false, status: status, fault: fault?.fault.rawValue,
            inputTokens: nil, outputTokens: nil, seed: nil, body: call.hash, occurrence: arrival.occurrence)
    }

    private func record(
        _ route: Route, _ call: Call, status: Int, arrival: (number: Int, occurrence: Int), fault: FaultPlan.Rule?
    ) {
        log.record(entry(route, call, status: status, arrival: arrival, fault: fault), body: call.body)
    }

    /// Google's tokens for service accounts: any statement gets the key that the simulator was told of. It is not
    /// verified.
    private func token(_ body: [UInt8]) -> Response {
        let fields = String(decoding: body, as: UTF8.self).split(separator: "&")
        let isStatement = fields.contains { $0.hasPrefix("assertion=") && $0.split(separator: ".").count == 3 }
        guard isStatement, fields.contains(where: { $0.hasSuffix("jwt-bearer") }) else {
            return Reply.json(["error": "invalid_grant", "error_description": "Invalid JWT."], status: 400)
        }
        return Reply.json([
            "access_token": .string(configuration.apiKey ?? "simulated"), "expires_in": 3_600, "token_type": "Bearer",
        ])
    }

    /// The simulator's own pages: `GET log`, `GET stats`, `POST faults`, `POST reset`.
    private func control(_ method: HTTPRequest.Method, _ path: String, _ body: [UInt8]) -> Response {
        switch (method, path) {
        case (.get, "/_simulator/log"): return Reply.json(.array(log.entries.map(\.json)))
        case (.get, "/_simulator/stats"): return Reply.json(log.statistics)
        case (.post, "/_simulator/reset"):
            log.clear()
            return Reply.json(["reset": true])
        case (.post, "/_simulator/faults"):
            do {
                let plan = try FaultPlan(json: JSONValue(parsing: body))
                faults.withLock { $0 = plan }
                return Reply.json(["rules": JSONValue(plan.rules.count)])
            } catch {
                return Reply.json(["error": .string("\(error)")], status: 400)
            }
        default: return Reply.json(["error": "unknown path"], status: 404)
        }
    }
}
