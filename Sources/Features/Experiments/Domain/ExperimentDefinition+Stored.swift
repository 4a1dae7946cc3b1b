import EdisonCore
import EdisonEvaluation
import EdisonLLM

extension ExperimentDefinition {
    /// What is kept with the run: the definition as the result shows it, and every model as an entry of the file, so
    /// that the file can be written again. No address and no key.
    func stored(isDrafted: Bool) -> JSONValue {
        guard case .object(var object) = json else { return json }
        if isDrafted { object["drafted"] = true }
        object["entries"] = .object(entries)
        return .object(object)
    }

    private var entries: JSONObject {
        let embedding = compare?.embedding
        let everyone =
            models + judges.map(\.model) + variants.map(\.model)
            + [refiner, embedding, scanner?.model].compactMap(\.self)
        let endpoints = everyone.flatMap { [$0.reference] + $0.reference.alternatives }.map(\.endpoint)
        var entries: JSONObject = [
            "models": .array(models.map { .object($0.entry) }), "judges": .array(judges.map { .object($0.entry) }),
            "variants": .array(
                variants.map { variant in
                    var entry = variant.model.entry
                    entry["name"] = .string(variant.name)
                    for key in ["seed", "cache", "alternatives"] { entry[key] = nil }
                    return .object(entry)
                }),
            "providers": .object(
                JSONObject(
                    Dictionary(
                        endpoints.map { ($0.credentialID, $0.kind.name) }, uniquingKeysWith: { first, _ in first }
                    )
                    .sorted { bytewise($0.key, $1.key) }.map { ($0.key, .string($0.value)) })),
        ]
        entries["refiner"] = refiner.map { .object($0.roleEntry) }
        entries["embedding"] = embedding.map { .object($0.entry) }
        entries["scanner"] = scanner.map { scanner in
            var entry = scanner.model.roleEntry
            entry["system_prompt"] = scanner.systemPrompt.map { .string($0) }
            return .object(entry)
        }
        return entries
    }
}

extension RunModel {
    /// As the file has it under `models:`.
    fileprivate var entry: JSONObject {
        var entry: JSONObject = [
            "provider": .string(reference.endpoint.credentialID), "model": .string(reference.model),
        ]
        if name != reference.model { entry["name"] = .string(name) }
        let parameters = parameters.entry
        if !parameters.isEmpty { entry["parameters"] = .object(parameters) }
        entry["price"] = reference.price?.entry
        entry["seed"] = seed.map { .integer(Int64($0)) }
        if cache { entry["cache"] = true }
        if !reference.alternatives.isEmpty {
            entry["alternatives"] = .array(
                reference.alternatives.map { other in
                    var entry: JSONObject = [
                        "provider": .string(other.endpoint.credentialID), "model": .string(other.model),
                    ]
                    entry["price"] = other.price?.entry
                    return .object(entry)
                })
        }
        return entry
    }

    /// As the file has it where a program reads the answers: these roles take no cache, and have a way of thinking.
    fileprivate var roleEntry: JSONObject {
        var entry = entry
        entry["cache"] = nil
        if thinking != .reason { entry["thinking"] = .string(thinking.rawValue) }
        return entry
    }
}

extension RunJudge {
    fileprivate var entry: JSONObject {
        var entry = model.roleEntry
        if judge.mode != .pointwise { entry["mode"] = .string(judge.mode.rawValue) }
        entry["system_prompt"] = judge.systemPrompt.map { .string($0) }
        return entry
    }
}

extension ModelParameters {
    /// Settings of the provider's own stand under `extra` in a file, and beside the others in a request.
    fileprivate var entry: JSONObject {
        var known = self
        known.extra = [:]
        var entry = known.json.object ?? [:]
        if !extra.isEmpty { entry["extra"] = .object(extra) }
        return entry
    }
}

extension Price {
    fileprivate var entry: JSONValue {
        func dollars(_ rate: Money.PerMillionTokens) -> JSONValue { Money(nanodollars: rate.nanodollars).json }
        var entry: JSONObject = ["input": dollars(input), "output": dollars(output)]
        entry["cached_input"] = cachedInput.map(dollars)
        entry["cache_write"] = cacheWrite.map(dollars)
        entry["reasoning"] = reasoning.map(dollars)
        return .object(entry)
    }
}
