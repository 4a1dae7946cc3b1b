import EdisonCore

/// An error as providers and the proxies before them write it: they differ in shape and agree in meaning.
///
/// Read are `{"error": {message, type, code}}` (OpenAI, Azure, Anthropic with `details.error_code`), `{"error": "text"}`
/// (Ollama), `{"object": "error", message, type, code}` (older vLLM), `{"detail": …}` (FastAPI), `{"message": …}`,
/// plain text and web pages.
struct ErrorBody: Sendable, Equatable {
    var message: String
    var code: String?
    /// All words that classify the error: type, code and inner codes.
    var words: String

    init(text: String) {
        guard let json = try? JSONValue(parsing: text), json.object != nil else {
            self.init(message: Self.plain(text), code: nil, words: "")
            return
        }
        self = ErrorBody(in: json) ?? ErrorBody(json, json)
    }

    /// The error that an answer holds; nil when it is a usual answer.
    init?(in json: JSONValue) {
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
            error.string ?? error["message"]?.string ?? whole["message"]?.string ?? Self.detail(whole["detail"])
            ?? error.text()
        let type = error["type"]?.string
        let detail = error["details"]?["error_code"]?.string ?? error["innererror"]?["code"]?.string
        let code = Self.word(error["code"]) ?? detail ?? (type == "error" ? nil : type)
        let words = [type, code, detail].compactMap(\.self).joined(separator: " ").lowercased()
        // What a tool call looked like that the server could not read is worth showing.
        let failed = error["failed_generation"]?.string.map { ": \($0)" } ?? ""
        self.init(message: message + failed, code: code, words: words)
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
