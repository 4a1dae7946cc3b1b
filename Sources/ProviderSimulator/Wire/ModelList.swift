internal import EdisonCore

/// The models that the simulator lists; it answers to any name.
enum ModelList {
    static let names = [
        "apprentice", "apprentice-small", "apprentice-large", "judge-a", "judge-b", "judge-c", "judge-bad", "refiner",
        "refiner-noise", "generator", "embedding",
    ]
    /// 1 January 2026.
    private static let created: Int64 = 1_767_225_600

    static func openAI(_ name: String) -> JSONValue {
        ["id": .string(name), "object": "model", "created": .integer(created), "owned_by": "simulated"]
    }

    static var openAI: JSONValue { ["object": "list", "data": .array(names.map(openAI))] }

    static func anthropic(_ name: String) -> JSONValue {
        [
            "type": "model", "id": .string(name), "display_name": .string("\(name) (simulated)"),
            "created_at": .string(Timestamp(microseconds: created * 1_000_000).rfc3339),
        ]
    }

    static var anthropic: JSONValue {
        [
            "data": .array(names.map(anthropic)), "has_more": false, "first_id": JSONValue(names.first),
            "last_id": JSONValue(names.last),
        ]
    }

    static var gemini: JSONValue {
        let models = names.map { name -> JSONValue in
            [
                "name": .string("models/\(name)"), "displayName": .string("\(name) (simulated)"),
                "supportedGenerationMethods": ["generateContent", "countTokens"], "inputTokenLimit": 1_000_000,
                "outputTokenLimit": 65_536,
            ]
        }
        return ["models": .array(models)]
    }

    static var ollama: JSONValue {
        let models = names.map { name -> JSONValue in
            [
                "name": .string("\(name):latest"), "model": .string("\(name):latest"),
                "modified_at": .string(Timestamp(microseconds: created * 1_000_000).rfc3339), "size": 1,
                "digest": "simulated",
                "details": [
                    "format": "simulated", "family": "apprentice", "families": ["apprentice"], "parameter_size": "0B",
                    "quantization_level": "none",
                ],
            ]
        }
        return ["models": .array(models)]
    }
}
