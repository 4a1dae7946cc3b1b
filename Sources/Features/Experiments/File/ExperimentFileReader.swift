import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts

/// Reads the parts of an experiment file in the order in which they depend on each other.
struct ExperimentFileReader {
    let surroundings: FileEnvironment
    let faults: FaultList
    let purpose: Experiment.Kind
    var warnings: [String] = []
    var rejectedRows: [String] = []
    var drafting = DraftingRequest()

    static let keys = [
        "name", "goal", "rubric", "prompt", "providers", "models", "judges", "refiner", "datasets", "holdout",
        "reserve", "confirm_on", "stop", "review", "seed", "mode", "loop", "race", "variants", "compare", "embedding",
        "concurrency",
        "replicates", "cache", "safety", "description", "selector",
    ]

    init(surroundings: FileEnvironment, faults: FaultList, purpose: Experiment.Kind) {
        self.surroundings = surroundings
        self.faults = faults
        self.purpose = purpose
    }

    mutating func read(_ root: FileNode, overrides: ExperimentFile.Overrides) -> ExperimentFile? {
        guard root.isMapping else {
            root.fault("the file must be a mapping that starts with name:, goal:, …")
            return nil
        }
        let file = FileMapping(root, known: Self.keys)
        let goal = file.string("goal") ?? ""
        if goal.count < 10 {
            (file["goal"] ?? root).fault("\"goal\" needs at least 10 characters that say what the prompt is for")
        }
        let rubric = readRubric(file)
        let prompt = readPrompt(file)
        let cases = readDatasets(file)
        var models = ModelReader(file: file, surroundings: surroundings)
        let configured = models.models(root)
        let judges = models.judges()
        let refiner = models.refiner()
        let variants = readVariants(file, prompt: prompt, models: configured, reader: &models)
        var definition = ExperimentDefinition(
            name: file.string("name") ?? "experiment", goal: goal, rubric: rubric, prompt: prompt, models: configured,
            judges: judges, refiner: refiner, cases: cases)
        definition.variants = variants
        definition.holdout = file.double("holdout", in: 0...0.9)
        definition.reserve = file.double("reserve", in: 0...0.9)
        definition.confirmOn = file.choice("confirm_on", ConfirmationSplit.self) ?? .holdout
        definition.review = file.choice("review", ReviewMode.self) ?? .automatic
        definition.seed = overrides.seed ?? file.int("seed", in: 0...Int.max).map(UInt64.init) ?? 1
        definition.description = file.string("description")
        definition.safety = SafetyReader(file: file).recorded
        definition.scanner = SafetyReader(file: file).scanner(&models)
        definition.compare = models.comparison()
        definition.stop = SettingsReader.stop(file)
        definition.selector = SettingsReader.selector(file)
        definition.loop = SettingsReader.loop(file)
        if let budget = overrides.maxBudget { definition.stop.maxBudget = budget }
        if let concurrency = overrides.concurrency { definition.loop.concurrency = concurrency }
        definition.drafting = drafting.isEmpty ? nil : drafting
        if goal.hasPrefix(Importer.goalPlaceholder) || definition.cases.contains(where: Importer.isPlaceholder) {
            warnings.append("The goal or a case is still what import wrote in its place: write your own first.")
        }
        check(definition, file, root)
        return ExperimentFile(
            definition: definition, rejectedRows: rejectedRows, warnings: warnings)
    }

    /// What only the whole file can say.
    private mutating func check(_ definition: ExperimentDefinition, _ file: FileMapping, _ root: FileNode) {
        // What stands in the file and could not be read has been said already.
        let judgesAreRead = definition.judges.count == file.list("judges").count
        let hasJudge = definition.judges.contains { $0.judge.mode == .pointwise }
        if !definition.rubric.judged.isEmpty || drafting.rubric, !hasJudge, judgesAreRead {
            (file["judges"] ?? root).fault(
                "the rubric has criteria without a check, so the file needs at least one pointwise judge under judges:")
        }
        if file.list("models").isEmpty, file.list("variants").isEmpty {
            (file["models"] ?? root).fault("needs at least one model under models:")
        }
        if purpose == .refine, file["refiner"] == nil {
            root.fault("refine needs a model as refiner; to score without refining use: edison eval")
        }
        checkVariables(definition, file, root)
    }

    private mutating func checkVariables(_ definition: ExperimentDefinition, _ file: FileMapping, _ root: FileNode) {
        if drafting.prompts > 0 { return }
        let place = file["prompt"] ?? root
        let prompts = definition.variants.isEmpty ? [definition.prompt] : definition.variants.map(\.prompt)
        for prompt in prompts {
            let variables: [String]
            do { variables = try PromptRenderer.variables(prompt) } catch {
                place.fault("\(error)")
                continue
            }
            checkCases(definition.cases, know: variables, of: prompt, place)
            if variables.isEmpty, !definition.cases.isEmpty,
                !definition.cases.allSatisfy({ $0.input["messages"] != nil })
            {
                let names = Self.names(definition.cases.first)
                place.fault(
                    "the prompt has no variable, so every case would get the same request; put one in, such as {{\(names.first ?? "input")}}"
                )
            }
        }
    }

    /// A case that lacks a variable would be an empty place in the prompt, so it is an error before any call.
    private mutating func checkCases(
        _ cases: [TestCase], know variables: [String], of prompt: PromptContent, _ place: FileNode
    ) {
        var missing: [String: Int] = [:]
        var unused: Set<String> = []
        for testCase in cases {
            do {
                for name in try PromptRenderer.missing(prompt, input: testCase.input) { missing[name, default: 0] += 1 }
            } catch {
                place.fault("\(error)")
                return
            }
            let tops = Set(variables.map { $0.split(separator: ".").first.map(String.init) ?? $0 })
            unused.formUnion(testCase.input.keys.filter { !tops.contains($0) && $0 != "messages" })
        }
        for (name, count) in missing.sorted(by: { $0.key < $1.key }) {
            let known = Self.names(cases.first).joined(separator: ", ")
            place.fault(
                "unknown variable {{\(name)}}: \(count) of \(cases.count) cases have no such field (they have: \(known))"
            )
        }
        if !unused.isEmpty, missing.isEmpty {
            warnings.append(
                "The prompt does not use these fields of the cases: \(unused.sorted().joined(separator: ", ")).")
        }
    }

    private static func names(_ testCase: TestCase?) -> [String] { testCase?.input.keys ?? [] }

    private mutating func readRubric(_ file: FileMapping) -> Rubric {
        guard let node = file["rubric"] else {
            file.node.fault("needs \"rubric\": a list of criteria with weights that sum to 1")
            return Rubric([])
        }
        if node.isMapping, FileMapping(node, known: ["draft"]).bool("draft") == true {
            drafting.rubric = true
            return Rubric([])
        }
        let elements = node.elements()
        let rubric = Rubric(elements.compactMap(criterion))
        // Rules over all criteria say nothing while one of them could not be read.
        for issue in rubric.issues where rubric.criteria.count == elements.count {
            let element = elements.first { issue.path == $0.path || issue.path.hasPrefix("\($0.path).") }
            let place =
                element.flatMap { element in
                    element.isMapping ? element.members().first { $0.value.path == issue.path }?.value : nil
                } ?? element ?? node
            faults.add(FieldIssue(path: issue.path, message: issue.message, line: place.line, column: place.column))
        }
        return rubric
    }

    private func criterion(_ node: FileNode) -> Criterion? {
        let map = FileMapping(node, known: ["name", "description", "weight", "scale", "check", "gate"])
        guard let name = map.require("name", "what the criterion is called")?.string(),
            let weight = map.require("weight", "its share of the score, 0 to 1")?.double()
        else { return nil }
        var check: Check?
        if let checkNode = map["check"] {
            do { check = try Check(json: checkNode.json()) } catch { checkNode.fault("\(error)") }
        }
        var scale = Scale.standard
        if let scaleNode = map["scale"] {
            let scaleMap = FileMapping(scaleNode, known: ["min", "max", "labels"])
            scale = Scale(
                min: scaleMap.double("min") ?? 0, max: scaleMap.double("max") ?? 5,
                labels: scaleMap.list("labels").compactMap { $0.string() })
        }
        return Criterion(
            name: name, description: map.string("description") ?? "", weight: weight, scale: scale, check: check,
            gate: map.bool("gate") ?? false)
    }

    mutating func readPrompt(_ file: FileMapping) -> PromptContent {
        guard let node = file["prompt"] else {
            if file["variants"] == nil {
                file.node.fault("needs \"prompt\": with text: \"… {{variable}} …\" or file: PATH")
            }
            return PromptContent(text: "")
        }
        return readPromptContent(node)
    }

    mutating func readPromptContent(_ node: FileNode) -> PromptContent {
        if !node.isMapping, let text = node.string() { return PromptContent(text: text) }
        let map = FileMapping(
            node, known: ["text", "file", "system", "system_file", "few_shots", "messages", "tools", "draft"])
        if let count = map.int("draft", in: 1...5) {
            drafting.prompts = count
            return PromptContent(text: "")
        }
        let text = map.string("text") ?? map["file"].flatMap(text(of:)) ?? ""
        let system = map.string("system") ?? map["system_file"].flatMap(text(of:))
        let messages = map.list("messages").compactMap { item -> TemplateMessage? in
            let turn = FileMapping(item, known: ["role", "content"])
            guard let role = turn.string("role"), let content = turn.string("content") else { return nil }
            return TemplateMessage(role: role, text: content)
        }
        if text.isEmpty, messages.isEmpty { node.fault("needs text:, file: or messages:") }
        return PromptContent(
            text: text, systemText: system,
            fewShots: map.list("few_shots").compactMap { item in
                let shot = FileMapping(item, known: ["user", "assistant"])
                guard let user = shot.string("user"), let assistant = shot.string("assistant") else { return nil }
                return FewShot(user: user, assistant: assistant)
            }, messages: messages, toolsSchema: map["tools"]?.json())
    }

    private func text(of node: FileNode) -> String? {
        guard let path = node.string() else { return nil }
        do { return try surroundings.text(of: path) } catch let error as EdisonError {
            node.fault([error.message, error.detail].compactMap(\.self).joined(separator: " "))
        } catch { node.fault("\(error)") }
        return nil
    }
}
