import EdisonCore
import EdisonResources

/// The parts of an experiment for the description of the API: what the schema of the experiment file says of them, in
/// the names that requests have. The reader of experiment files is who checks them.
enum ExperimentPart {
    private static let file: JSONObject = {
        let text = (try? Asset.text("docs/reference/experiment-file.schema.json")) ?? "{}"
        return (try? JSONValue(parsing: text))?.object ?? [:]
    }()

    /// A key of the file, with everything that it refers to written out.
    static func property(_ name: String) -> JSONObject { resolved(file["properties"]?[name]).object ?? [:] }

    static let rubric = property("rubric")
    static let model = definition("model")
    static let judge = definition("judge")
    static let refiner = definition("refiner")
    static let variant = definition("variant")
    static let stopRules = definition("stop")
    static let loop = definition("loop")
    static let race = definition("race")
    static let safety = property("safety")
    static let selector = property("selector")

    static let dataset: JSONObject = {
        var dataset = definition("dataset")
        // A server reads no file of the caller's.
        dataset["properties"] = dataset["properties"]?.object.map { .object(without(["file", "mapping"], $0)) }
        return dataset
    }()

    static let prompt: JSONObject = {
        let list: JSONValue = ["type": "array", "items": ["type": "object"]]
        return [
            "type": "object",
            "properties": [
                "text": ["type": "string", "description": "The user turn, with {{variables}}."],
                "system_text": ["type": "string"], "few_shots": list, "messages": list, "tools_schema": list,
            ],
        ]
    }()

    private static func definition(_ name: String) -> JSONObject { resolved(file["$defs"]?[name]).object ?? [:] }

    private static func resolved(_ schema: JSONValue?) -> JSONValue {
        guard let schema else { return [:] }
        if let items = schema.array { return .array(items.map(resolved)) }
        guard var object = schema.object else { return schema }
        if let name = object["$ref"]?.string?.split(separator: "/").last {
            let about = object["description"]
            object = definition(String(name))
            if let about { object["description"] = about }
            return .object(object)
        }
        var found = JSONObject()
        for (key, value) in object { found[key] = key == "properties" ? properties(value) : resolved(value) }
        return .object(found)
    }

    /// Where the file names one of its providers, a request names a credential of the project.
    private static func properties(_ value: JSONValue) -> JSONValue {
        guard let object = value.object else { return value }
        let isRole = object["provider"] != nil && object["model"] != nil
        var found = JSONObject()
        for (key, schema) in object {
            switch key {
            case "provider" where isRole:
                found["credential_id"] = ["type": "string", "description": "A credential of the project."]
            case "prompt" where isRole: found[key] = .object(prompt)
            default: found[key] = resolved(schema)
            }
        }
        return .object(found)
    }

    private static func without(_ names: Set<String>, _ object: JSONObject) -> JSONObject {
        JSONObject(object.members.filter { !names.contains($0.key) }.map { ($0.key, $0.value) })
    }
}
