import EdisonCore

/// An error as providers and the proxies before them write it: they differ in shape and agree in meaning.
///
/// Read are `{"error": {message, type, code}}` (OpenAI, Azure, Anthropic with `details.error_code`), the same with
/// `status` and a list of `details` (Google, also as the only element of a list), `{"error": "text"}` (Ollama),
/// `{"object": "error", message, type, code}` (older vLLM), `{"detail": …}` (FastAPI), `{"message": …}`,
/// plain text and web pages.
struct ErrorBody: Sendable, Equatable {
    var message: String
    var code: String?
    /// All words that classify the error: type, code and inner codes.
    var words: String
    /// The status that the body tells, for an answer of status 200.
    var status: Int?
    /// What the body asks us to wait, such as `13s`.
    var delay: String?

    init(text: String) {
        guard let parsed = try? JSONValue(parsing: text), let json = Self.only(parsed) else {
            self.init(message: Self.plain(text), code: nil, words: "")
            return
        }
        self = ErrorBody(in: json) ?? ErrorBody(json, json)
    }

    /// The error that an answer holds; nil when it is a usual answer.
    init?(in json: JSONValue) {
        let json = Self.only(json) ?? json
        if let error = json["error"], !Self.isNone(error) {
            self.init(error, json)
        } else if json["object"] == "error" || json["type"] == "error" {
            self.init(json, json)
        } else {
            return nil
        }
    }

    private init(_ error: JSONValue, _ whole: JSONValue) {
        let message =
            Self.described(error, whole) ?? error["message"]?.string ?? whole["message"]?.string
            ?? whole["Message"]?.string ?? Self.detail(whole["detail"]) ?? error.text()
        let type = error["type"]?.string
        let detail = error["details"]?["error_code"]?.string ?? error["innererror"]?["code"]?.string
        // AWS's word for the type stands behind a hash; Google's code is the status, and its status the code.
        let amazon = whole["__type"]?.string?.split(separator: "#").last.map(String.init)
        let google = error["status"]?.string
        let code = google ?? amazon ?? Self.word(error["code"]) ?? detail ?? (type == "error" ? nil : type)
        let details = error["details"]?.array ?? []
        let reasons =
            details.compactMap { $0["reason"]?.string }
            + details.flatMap { $0["violations"]?.array ?? [] }.compactMap { $0["quotaId"]?.string }
        let words = ([type, code, detail].compactMap(\.self) + reasons).joined(separator: " ").lowercased()
        // What a tool call looked like that the server could not read is worth showing.
        let failed = error["failed_generation"]?.string.map { ": \($0)" } ?? ""
        self.init(message: message + failed, code: code, words: words)
        status = Self.word(error["code"]).flatMap { Int($0) }
        delay = details.compactMap { $0["retryDelay"]?.string }.first
    }

    init(message: String, code: String) { self.init(message: message, code: code, words: code.lowercased()) }

    /// The object, or the only one of a list.
    private static func only(_ json: JSONValue) -> JSONValue? {
        if let list = json.array { return list.count == 1 && list[0].object != nil ? list[0] : nil }
        return json.object == nil ? nil : json
    }

    /// An error that is a text, and what OAuth adds to it.
    private static func described(_ error: JSONValue, _ whole: JSONValue) -> String? {
        guard let text = error.string else { return nil }
        return whole["error_description"]?.string.map { "\(text): \($0)" } ?? text
    }

    private init(message: String, code: String?, words: String) {
        self.message = message.isEmpty ? "no message" : message
        self.code = code
        self.words = words
    }

    /// Some servers write the field always.
    private static func isNone(_ json: JSONValue) -> Bool {
        json.isNull || json == false || json == "" || json.object?.isEmpty == true
    }

    private static func word(_ json: JSONValue?) -> String? { json?.string ?? json?.int.map(String.init) }

    /// Text, or a list of faults, each with its place.
    private static func detail(_ json: JSONValue?) -> String? {
        json?.string
            ?? json?.array?.map { fault in
                let place = (fault["loc"]?.array ?? []).compactMap(word).joined(separator: ".")
                return "\(place.isEmpty ? "" : "\(place): ")\(fault["msg"]?.string ?? fault.text())"
            }.joined(separator: "; ")
    }

    private static func plain(_ text: String) -> String {
        guard text.drop(while: \.isWhitespace).hasPrefix("<") else { return text }
        let title = text.firstMatch(of: /<title[^>]*>([^<]*)<\/title>/.ignoresCase()).map { ": \($0.1)" } ?? ""
        return "a web page instead of an answer\(title)"
    }
}
