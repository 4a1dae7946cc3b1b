import ArgumentParser
import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import EdisonPrompts
import EdisonResources
import EdisonServer
import Foundation

/// From one sentence to a complete experiment file.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a complete experiment file for a goal: rubric, first prompt and 48 cases.",
        discussion: """
            A configured model drafts them; what it will cost is shown first. With --template no model is needed.
            The model is found by OPENAI_API_KEY, ANTHROPIC_API_KEY, EDISON_LLM_URL or OLLAMA_HOST, or by the options.
            """)

    @Argument(help: "What the prompt is for, in a sentence.") var goal: String?
    @Option(help: "Where to write the experiment file; the cases go beside it.") var output = "experiment.yaml"
    @Option(help: "A built-in template instead of a model: customer-support.") var template: String?
    @Option(help: "openai, anthropic, openai-compatible or ollama.") var provider: String?
    @Option(help: "The address of the provider.") var baseUrl: String?
    @Option(help: "The model that drafts, answers, judges and refines.") var model: String?
    // Twelve of them are held out: ten is the least that can prove anything, and an answer may fail.
    @Option(help: "How many cases to draft.") var cases = 48
    @Flag(help: "Overwrites files that exist.") var force = false
    @Flag(help: "Does not ask before spending.") var yes = false

    func validate() throws {
        if template == nil, (goal ?? "").count < 10 {
            throw ValidationError(
                "Give the goal in a sentence of at least 10 characters, for example:\n  edison init \"Answer customers' questions about their orders\""
            )
        }
        if !(1...500).contains(cases) { throw ValidationError("--cases lies between 1 and 500") }
    }

    func run() async throws {
        let file = URL(fileURLWithPath: output)
        let casesFile = file.deletingPathExtension().appendingPathExtension("cases.jsonl")
        for url in [file, casesFile] where !force && FileManager.default.fileExists(atPath: url.path) {
            throw EdisonError(
                .conflict, "\(url.lastPathComponent) exists.",
                detail: "Choose another --output, or overwrite it with --force.")
        }
        try OutputFile(file.path).requireWritable()
        let chosen = try ChosenModel.find(provider: provider, baseURL: baseUrl, model: model, needed: template == nil)
        var writer: ExperimentFileWriter
        let drafted: String
        if let template {
            (writer, drafted) = try builtIn(template, chosen, casesFile.lastPathComponent)
        } else {
            (writer, drafted) = try await draft(chosen, casesFile.lastPathComponent)
        }
        if let goal, template != nil { writer.goal = goal }
        if PriceTable.builtIn.price(of: chosen.model.reference, at: .now) == nil { writer.limit = "max_calls: 2000" }
        try OutputFile(casesFile.path).write(drafted)
        try OutputFile(file.path).write(writer.text)
        StandardOutput.line(
            "Wrote \(file.relativePath) and \(casesFile.lastPathComponent) (\(drafted.split(separator: "\n").count) cases, marked synthetic)."
        )
        let isUnnamed = chosen.model.name == ChosenModel.unnamed
        StandardOutput.line(
            isUnnamed
                ? "Name your model in \(file.relativePath), where \(ChosenModel.unnamed) stands; edison doctor lists those that answer."
                : "Read them, change what you like, then: edison refine \(file.relativePath)")
    }

    private func builtIn(
        _ name: String, _ chosen: ChosenModel, _ casesFile: String
    ) throws -> (ExperimentFileWriter, String) {
        guard name == "customer-support" else {
            throw EdisonError(.notFound, "There is no template \"\(name)\".", detail: "Known: customer-support")
        }
        let rubric = Rubric([
            Criterion(
                name: "Helpfulness", description: "Solves the customer's problem with concrete next steps", weight: 0.35
            ),
            Criterion(
                name: "Empathy", description: "Is polite and warm, and takes the customer's feelings seriously",
                weight: 0.25),
            Criterion(name: "Accuracy", description: "Understands the problem and keeps to the policy", weight: 0.25),
            Criterion(name: "Conciseness", description: "Says what is needed and no more", weight: 0.15),
        ])
        let prompt = PromptContent(
            text: "You answer messages to our customer support.\n\nCustomer message: {{message}}")
        let cases = try Asset.text("Experiments/Templates/demo-cases.jsonl").split(separator: "\n").prefix(self.cases)
        var writer = writer(
            "Customer support", "Answer customers' messages politely and solve their problem.", rubric, prompt, chosen,
            casesFile)
        writer.notes = ["From the template customer-support. The cases are synthetic: replace them with your own."]
        return (writer, cases.joined(separator: "\n") + "\n")
    }

    private func draft(_ chosen: ChosenModel, _ casesFile: String) async throws -> (ExperimentFileWriter, String) {
        let goal = goal ?? ""
        let workbench = try await Workbench.open(
            database: URL.temporaryDirectory.appendingPathComponent("edison-init-\(UUID().uuidString).db").path)
        let batches = (cases + 19) / 20
        let price = workbench.calls.price(of: chosen.model.reference)
        let cost = price.map {
            $0.cost(of: TokenUsage(input: (2 + batches) * 900, output: 1_200 + batches * 2_400)).shortText
        }
        StandardError.line(
            "\(chosen.model.reference.model) drafts rubric, prompt and \(cases) cases: about \(2 + batches) calls, \(cost.map { "about \($0)" } ?? "cost unknown")."
        )
        if let price, !yes,
            price.cost(of: TokenUsage(input: (2 + batches) * 900, output: 1_200 + batches * 2_400))
                > Money(nanodollars: 500_000_000)
        {
            StandardError.write("Go on? [y/N] ")
            guard try TerminalInput.line()?.lowercased().hasPrefix("y") == true else { throw ExitStatus.usage }
        }
        let drafting = Drafting(calls: workbench.calls, model: chosen.model)
        let rubric = try await drafting.rubric(goal: goal)
        let prompt = PromptContent(text: try await drafting.prompts(goal: goal, rubric: rubric, count: 3)[0])
        let cases = try await drafting.cases(goal: goal, prompt: prompt, count: cases, avoiding: [])
        await workbench.close()
        if cases.count < self.cases { StandardError.line("Only \(cases.count) different cases came; add your own.") }
        var writer = writer(String(goal.prefix(60)), goal, rubric, prompt, chosen, casesFile)
        writer.notes = [
            "Rubric, prompt and cases were drafted by \(chosen.model.reference.model). Read them before you trust them."
        ]
        return (writer, ExperimentFileWriter.lines(of: cases))
    }

    private func writer(
        _ name: String, _ goal: String, _ rubric: Rubric, _ prompt: PromptContent, _ chosen: ChosenModel,
        _ casesFile: String
    ) -> ExperimentFileWriter {
        let model = "{ provider: main, model: \(JSONValue.string(chosen.model.reference.model).text()) }"
        return ExperimentFileWriter(
            name: name, goal: goal, rubric: rubric, prompt: prompt, provider: chosen.providerLine, model: model,
            judge: model, refiner: model, casesFile: casesFile, kind: .synthetic)
    }
}

/// The model that a person has configured, by options or by the usual variables.
struct ChosenModel {
    let model: RunModel
    /// What stands behind `main:` in a file; keys are named, never written.
    let providerLine: String

    static func find(provider: String?, baseURL: String?, model: String?, needed: Bool) throws -> ChosenModel {
        let environment = FileEnvironmentVariables.here()
        let kinds: [ProviderKind] =
            provider.map { [ProviderKind($0)] } ?? [.openAI, .anthropic, .openAICompatible, .ollama]
        for kind in kinds {
            if provider == nil, kind == .ollama, environment["OLLAMA_HOST"] == nil { continue }
            guard
                let endpoint = try? ProviderCatalog.endpoint(
                    kind: kind, credentialID: "main", baseURL: baseURL, apiKey: nil, settings: [:],
                    environment: environment)
            else { continue }
            guard let name = model ?? defaultModel(kind, environment) ?? (needed ? nil : unnamed) else {
                throw EdisonError(
                    .invalid, "\(kind.name) is configured, but no model is named.",
                    detail: "Add --model NAME; edison doctor lists the models that answer.")
            }
            return make(endpoint, name, baseURL)
        }
        if !needed {
            let endpoint = Endpoint(kind: .openAI, credentialID: "main", baseURL: "https://api.openai.com/v1")
            return make(endpoint, model ?? "gpt-4o-mini", nil)
        }
        throw EdisonError(
            .invalid, "No model is configured to draft with.",
            detail: """
                Set OPENAI_API_KEY, or ANTHROPIC_API_KEY, EDISON_LLM_URL or OLLAMA_HOST together with --model NAME.
                Without any model: edison init --template customer-support
                """)
    }

    /// Stands where a person has to name a model, in a file that is written without one.
    static let unnamed = "MODEL"

    private static func defaultModel(_ kind: ProviderKind, _ environment: [String: String]) -> String? {
        if let named = environment["EDISON_LLM_MODEL"], !named.isEmpty { return named }
        return kind == .openAI ? "gpt-4o-mini" : nil
    }

    private static func make(_ endpoint: Endpoint, _ name: String, _ baseURL: String?) -> ChosenModel {
        var line = "{ provider: \(endpoint.kind.name)"
        switch endpoint.kind {
        case .openAICompatible:
            line += ", base_url: \(baseURL.map { "\"\($0)\"" } ?? "\"${EDISON_LLM_URL}\"")"
            if endpoint.apiKey != nil { line += ", api_key: \"${EDISON_LLM_KEY}\"" }
        default: if let baseURL { line += ", base_url: \"\(baseURL)\"" }
        }
        return ChosenModel(
            model: RunModel(name: name, reference: ModelReference(endpoint: endpoint, model: name)),
            providerLine: line + " }")
    }
}
