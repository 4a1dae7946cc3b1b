import EdisonCore

/// Turns what a client sends into an experiment file, and faults of the file into faults of what was sent: there is one
/// reader for both, so that whatever a file can say, a request can.
enum ExperimentDocument {
    /// Keys of a request under the names that the file has for them.
    private static let renamed = ["stop_rules": "stop"]
    /// Where a model is named.
    private static let roles = ["models", "judges", "variants"]

    /// - Parameters:
    ///   - prompt: in place of `prompt_id`.
    ///   - datasets: in place of `dataset_ids`.
    static func document(_ request: JSONObject, prompt: JSONValue?, datasets: [JSONValue]) -> JSONObject {
        var document = JSONObject()
        for (key, value) in request where !value.isNull {
            switch key {
            case "prompt_id", "prompt_version_id", "dataset_ids", "kind", "reference": continue
            case "models", "judges", "variants": document[key] = list(value)
            case "refiner", "embedding": document[key] = role(value)
            case "safety":
                var safety = value.object ?? [:]
                if let scanner = safety["scanner"] { safety["scanner"] = role(scanner) }
                document[key] = .object(safety)
            case "prompt": document[key] = file(prompt: value)
            default: document[renamed[key] ?? key] = value
            }
        }
        if let prompt { document["prompt"] = file(prompt: prompt) }
        if !datasets.isEmpty { document["datasets"] = .array(datasets + (document["datasets"]?.array ?? [])) }
        return document
    }

    private static func list(_ value: JSONValue) -> JSONValue {
        guard let items = value.array else { return value }
        return .array(
            items.map { item in
                guard var object = role(item).object else { return item }
                if let prompt = object["prompt"] { object["prompt"] = file(prompt: prompt) }
                return .object(object)
            })
    }

    private static func role(_ value: JSONValue) -> JSONValue {
        guard let object = value.object else { return value }
        var role = JSONObject()
        for (key, value) in object where !value.isNull {
            switch key {
            case "credential_id": role["provider"] = value
            case "alternatives": role[key] = list(value)
            default: role[key] = value
            }
        }
        return .object(role)
    }

    private static func file(prompt: JSONValue) -> JSONValue {
        guard let object = prompt.object else { return prompt }
        var file = JSONObject()
        for (key, value) in object where !value.isNull {
            switch key {
            case "system_text": file["system"] = value
            case "tools_schema": file["tools"] = value
            default: file[key] = value
            }
        }
        return .object(file)
    }

    /// The ids of credentials that a document names.
    static func credentials(of document: JSONObject) -> Set<String> {
        var found: Set<String> = []
        func look(_ value: JSONValue?) {
            guard let object = value?.object else { return }
            if let id = object["provider"]?.string { found.insert(id) }
            for other in object["alternatives"]?.array ?? [] { look(other) }
        }
        for key in roles { for item in document[key]?.array ?? [] { look(item) } }
        for key in ["refiner", "embedding"] { look(document[key]) }
        look(document["safety"]?["scanner"])
        return found
    }

    /// A fault of the file, with the names that the request has.
    static func issue(_ issue: FieldIssue) -> FieldIssue {
        var path = issue.path
        for (name, key) in renamed where path == key || path.hasPrefix("\(key).") {
            path = name + path.dropFirst(key.count)
        }
        if path.hasSuffix(".provider") { path = "\(path.dropLast(9)).credential_id" }
        path = path.replacing("prompt.system", with: "prompt.system_text")
        return FieldIssue(path: path, message: issue.message)
    }
}
