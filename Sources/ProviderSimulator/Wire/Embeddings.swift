internal import EdisonCore

/// Vectors of hashed words: texts that share words, or beginnings of words, lie near each other.
struct Embeddings: Sendable {
    let dimensions: Int

    init(dimensions: Int?) { self.dimensions = min(4_096, max(1, dimensions ?? 256)) }

    /// A vector of length 1; all zero for a text without words.
    ///
    /// The hashing trick of Weinberger et al. (2009): each feature adds +1 or -1 to one component, both by its hash.
    func vector(of text: String) -> [Float] {
        var vector = [Float](repeating: 0, count: dimensions)
        for word in Words.split(text) {
            add(word, weight: 1, to: &vector)
            if word.count > 4 { add("^" + word.prefix(4), weight: 0.7, to: &vector) }
        }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? vector.map { $0 / length } : vector
    }

    private func add(_ feature: String, weight: Float, to vector: inout [Float]) {
        let hash = Self.fnv(feature)
        vector[Int(hash % UInt64(dimensions))] += (hash >> 63 == 0 ? 1 : -1) * weight
    }

    /// FNV-1a, 64 bits, with a final mix so that the high bits are usable too.
    private static func fnv(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
        return hash ^ hash >> 27
    }

    /// Texts of an `input`: one, several, or lists of token numbers, which are taken as words.
    static func texts(_ input: JSONValue?) -> [String]? {
        switch input {
        case .string(let text): return [text]
        case .array(let items):
            if items.isEmpty { return nil }
            if items.allSatisfy({ $0.int != nil }) { return [words(items)] }
            return items.map { $0.string ?? words($0.array ?? []) }
        default: return nil
        }
    }

    private static func words(_ tokens: [JSONValue]) -> String {
        tokens.compactMap(\.int).map(String.init).joined(separator: " ")
    }

    /// Little-endian float32, as the base64 form holds them.
    static func base64(_ vector: [Float]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let bytes = vector.flatMap { value in
            let bits = value.bitPattern
            return [
                UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8),
                UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 24),
            ]
        }
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place <= group.count ? alphabet[word >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    func openAI(_ body: JSONValue) throws(WireFault) -> (value: JSONValue, tokens: Int) {
        guard let texts = Self.texts(body["input"]) else { throw .invalid("'input' must be text or a list of texts.") }
        let isBase64 = body["encoding_format"]?.string == "base64"
        let data = texts.enumerated().map { index, text -> JSONValue in
            let vector = vector(of: text)
            let embedding: JSONValue =
                isBase64 ? .string(Self.base64(vector)) : .array(vector.map { .number(Double($0)) })
            return ["object": "embedding", "index": .integer(Int64(index)), "embedding": embedding]
        }
        let tokens = texts.reduce(0) { $0 + Tokens.count($1) }
        let usage: JSONValue = ["prompt_tokens": JSONValue(tokens), "total_tokens": JSONValue(tokens)]
        return (
            ["object": "list", "model": body["model"] ?? "embedding", "data": .array(data), "usage": usage], tokens
        )
    }

    /// One `content`, or `requests` of them.
    func gemini(_ body: JSONValue) throws(WireFault) -> (value: JSONValue, tokens: Int) {
        let requests = body["requests"]?.array
        let texts = (requests ?? [body]).map { item in
            (item["content"]?["parts"]?.array ?? []).compactMap { $0["text"]?.string }.joined(separator: "\n")
        }
        guard !texts.isEmpty else { throw .invalid("requests is not specified") }
        let vectors = texts.map { JSONValue.object(["values": .array(vector(of: $0).map { .number(Double($0)) })]) }
        let value: JSONValue = requests == nil ? ["embedding": vectors[0]] : ["embeddings": .array(vectors)]
        return (value, texts.reduce(0) { $0 + Tokens.count($1) })
    }

    func ollama(_ body: JSONValue) throws(WireFault) -> (value: JSONValue, tokens: Int) {
        guard let texts = Self.texts(body["input"] ?? body["prompt"]) else { throw .invalid("input is required") }
        let vectors = texts.map { JSONValue.array(vector(of: $0).map { .number(Double($0)) }) }
        let tokens = texts.reduce(0) { $0 + Tokens.count($1) }
        return (
            [
                "model": body["model"] ?? "embedding", "embeddings": .array(vectors), "total_duration": 1_000_000,
                "load_duration": 500_000,
                "prompt_eval_count": JSONValue(tokens),
            ], tokens
        )
    }
}
