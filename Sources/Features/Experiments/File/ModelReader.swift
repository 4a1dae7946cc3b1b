import EdisonCore
import EdisonEvaluation
import EdisonLLM

/// Reads providers, models, judges, refiner and embedding: everything that will be called.
struct ModelReader {
    let file: FileMapping
    let surroundings: FileEnvironment
    private let endpoints: [String: Endpoint]
    /// Named under `providers:`, but not usable; said there, so not again where they are used.
    private let broken: Set<String>
    private var names: [String: Int] = [:]

    init(file: FileMapping, surroundings: FileEnvironment) {
        self.file = file
        self.surroundings = surroundings
        if let given = surroundings.endpoints {
            file["providers"]?.fault("providers are kept with their keys as credentials of the project here")
            (endpoints, broken) = (given, [])
            return
        }
        var endpoints: [String: Endpoint] = [:]
        var broken: Set<String> = []
        for (name, node) in file["providers"]?.members() ?? [] {
            if let endpoint = ProviderReader(surroundings: surroundings).endpoint(name, node) {
                endpoints[name] = endpoint
            } else {
                broken.insert(name)
            }
        }
        self.endpoints = endpoints
        self.broken = broken
    }

    private static let modelKeys = [
        "provider", "model", "name", "parameters", "price", "seed", "cache", "alternatives",
    ]
    private static let refinerKeys = modelKeys.filter { $0 != "cache" } + ["thinking", "temperature"]
    private static let judgeKeys = refinerKeys + ["mode", "system_prompt"]
    private static let scannerKeys = refinerKeys + ["system_prompt"]

    mutating func models(_ root: FileNode) -> [RunModel] {
        file.list("models").compactMap { model(FileMapping($0, known: Self.modelKeys), purpose: "models") }
    }

    mutating func refiner() -> RunModel? {
        guard let node = file["refiner"] else { return nil }
        return modelWithTemperature(FileMapping(node, known: Self.refinerKeys), purpose: "refiner")
    }

    mutating func judges() -> [RunJudge] {
        file.list("judges").compactMap { node in
            let map = FileMapping(node, known: Self.judgeKeys)
            guard let model = modelWithTemperature(map, purpose: "judges") else { return nil }
            return RunJudge(
                judge: Judge(
                    name: model.name, mode: map.choice("mode", Judge.Mode.self) ?? .pointwise, model: model.name,
                    thinking: model.thinking,
                    systemPrompt: map.string("system_prompt"),
                    temperature: model.parameters.temperature ?? 0),
                model: model)
        }
    }

    /// The model of the safety scan, at temperature 0 unless the file says so, with its own instructions if it has any.
    mutating func scanner(_ node: FileNode) -> (model: RunModel, systemPrompt: String?)? {
        let map = FileMapping(node, known: Self.scannerKeys)
        guard var model = modelWithTemperature(map, purpose: "scanner") else { return nil }
        model.parameters.temperature = model.parameters.temperature ?? 0
        model.cache = false
        return (model, map.string("system_prompt"))
    }

    /// The role's own `temperature` stands above that of its parameters.
    private mutating func modelWithTemperature(_ map: FileMapping, purpose: String) -> RunModel? {
        let temperature = map.double("temperature", in: 0...2)
        var model = model(map, purpose: purpose)
        if let temperature { model?.parameters.temperature = temperature }
        model?.thinking = map.choice("thinking", Thinking.self) ?? .reason
        return model
    }

    mutating func variantModel(_ map: FileMapping, default model: RunModel?, name: String) -> RunModel? {
        if map["model"] == nil, let model {
            var copy = model
            copy.name = name
            if let node = map["parameters"] { copy.parameters = SettingsReader.parameters(node) }
            return copy
        }
        guard var own = self.model(map, purpose: "variants", fallback: model?.reference.endpoint) else { return nil }
        own.name = name
        return own
    }

    mutating func comparison() -> OutputComparison? {
        guard let kind = file.choice("compare", OutputComparison.Kind.self) else { return nil }
        guard kind == .semantic else { return OutputComparison(kind: kind) }
        guard let node = file["embedding"] else {
            file["compare"]?.fault("semantic comparison needs embedding: { provider: …, model: … }")
            return nil
        }
        return model(FileMapping(node, known: Self.modelKeys), purpose: "embedding")
            .map { OutputComparison(kind: kind, embedding: $0) }
    }

    private mutating func model(_ map: FileMapping, purpose: String, fallback: Endpoint? = nil) -> RunModel? {
        guard let endpoint = endpoint(map, fallback) else { return nil }
        guard
            let model = map["model"].flatMap(surroundings.expanded)
                ?? (endpoint.kind.needsModelName ? nil : map.string("provider"))
        else {
            map.node.fault("needs \"model\": the model's name as the provider knows it")
            return nil
        }
        let reference = ModelReference(
            endpoint: endpoint, model: model, price: price(map),
            alternatives: map.list("alternatives").compactMap { node in
                let other = FileMapping(node, known: ["provider", "model", "price"])
                guard let place = self.endpoint(other, endpoint), let name = other.string("model") else { return nil }
                return ModelReference(endpoint: place, model: name, price: price(other), alternatives: [])
            })
        return RunModel(
            name: unique(map.string("name") ?? model, purpose), reference: reference,
            parameters: map["parameters"].map(SettingsReader.parameters) ?? ModelParameters(), seed: map.int("seed"),
            cache: map.bool("cache") ?? file.bool("cache") ?? false)
    }

    private func endpoint(_ map: FileMapping, _ fallback: Endpoint?) -> Endpoint? {
        guard let node = map["provider"] else {
            if let fallback { return fallback }
            if endpoints.count == 1, broken.isEmpty, let only = endpoints.values.first { return only }
            if endpoints.isEmpty, !broken.isEmpty { return nil }
            let known = endpoints.isEmpty ? ProviderCatalog.names : endpoints.keys.sorted().joined(separator: ", ")
            map.node.fault("needs \"provider\": one of \(known)")
            return nil
        }
        guard let name = node.string() else { return nil }
        if let endpoint = endpoints[name] { return endpoint }
        if broken.contains(name) { return nil }
        // A provider's kind may stand without an entry under providers: its usual variables are read.
        if surroundings.endpoints == nil, ProviderCatalog.kinds.contains(ProviderKind(name)) {
            return ProviderReader(surroundings: surroundings).endpoint(ofKind: ProviderKind(name), node)
        }
        if surroundings.endpoints != nil {
            node.fault("names no active credential of the project")
            return nil
        }
        let known = endpoints.keys.sorted().joined(separator: ", ")
        node.fault("unknown provider \"\(name)\"\(known.isEmpty ? "; add it under providers:" : "; known: \(known)")")
        return nil
    }

    private mutating func unique(_ name: String, _ purpose: String) -> String {
        names["\(purpose)/\(name)", default: 0] += 1
        let count = names["\(purpose)/\(name)"] ?? 1
        return count == 1 ? name : "\(name)#\(count)"
    }

    private func price(_ map: FileMapping) -> Price? {
        guard let node = map["price"] else { return nil }
        let price = FileMapping(node, known: ["input", "output", "cached_input", "cache_write", "reasoning"])
        func rate(_ key: String) -> Money.PerMillionTokens? {
            guard let dollars = price.double(key) else { return nil }
            guard let rate = Money.PerMillionTokens(dollars: dollars) else {
                price[key]?.fault("must be USD per million tokens, 0 or more")
                return nil
            }
            return rate
        }
        guard let input = rate("input"), let output = rate("output") else {
            node.fault("needs input and output, in USD per million tokens")
            return nil
        }
        return Price(
            input: input, output: output, cachedInput: rate("cached_input"), cacheWrite: rate("cache_write"),
            reasoning: rate("reasoning"))
    }
}
