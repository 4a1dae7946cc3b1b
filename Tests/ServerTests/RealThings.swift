import EdisonCore
import EdisonWeb
import Foundation
import HTTPTypes
import Testing

/// What a tenant can have: a thing of each kind that a route names by its id, made as people make them, and with a word
/// in everything that the tenant wrote.
struct RealThings: Sendable {
    let person: Tenants.Person
    /// Stands in names, texts, cases, answers and addresses of this tenant, and nowhere else.
    let mark: String
    /// By the kind that an entity's rule of access names.
    let ids: [String: String]
    /// Things that are named beside the place they are in.
    let key: String
    let invitation: String

    /// The kinds that belong to the organisation; all others to its project.
    static let ofOrganization: Set<String> = ["price"]

    /// Whatever must not reach anybody else.
    var secrets: [String] { [mark, person.id.text, key, invitation] + ids.values }

    /// - Parameter provider: the address of a simulated provider.
    static func make(
        of person: Tenants.Person, mark: String, on server: RunningServer, provider: String
    ) async throws -> RealThings {
        let maker = Maker(person: person, mark: mark, server: server)
        return try await maker.everything(provider)
    }

    /// The same experiment for each tenant, but for the mark and the ids.
    static func experiment(mark: String, dataset: String, prompt: String, credential: String) -> JSONValue {
        let price: JSONValue = ["input": 1, "output": 2]
        func model(_ name: JSONValue) -> JSONValue {
            ["credential_id": .string(credential), "model": name, "price": price]
        }
        return [
            "name": .string("Support of \(mark)"),
            "goal": .string("Answer customers' messages to \(mark) politely and solve their problem."),
            "rubric": [
                ["name": "Empathy", "description": "Polite, warm and personal", "weight": 0.5],
                ["name": "Resolution", "description": "Concrete next steps and a time frame", "weight": 0.5],
            ],
            "prompt_id": .string(prompt), "dataset_ids": [.string(dataset)], "models": [model("apprentice")],
            "judges": [model("judge-a")], "refiner": model("refiner"), "review": "suggestions",
            "stop_rules": ["max_iterations": 1, "max_budget_usd": 5], "seed": 1,
        ]
    }
}

private struct Maker {
    let person: Tenants.Person
    let mark: String
    let server: RunningServer

    private var project: String { "/api/v1/projects/\(person.project)" }
    private var organization: String { "/api/v1/organizations/\(person.organization)" }

    private func post(_ path: String, _ body: JSONValue, _ status: Int = 201) async throws -> JSONValue {
        let answer = try await server.ask(.post, path, token: person.token, body: body.text())
        try #require(answer.status == status, "\(path): \(answer.json)")
        return answer.json
    }

    private func get(_ path: String) async throws -> JSONValue {
        let answer = try await server.ask(.get, path, token: person.token)
        try #require(answer.status == 200, "\(path): \(answer.json)")
        return answer.json
    }

    private func id(_ json: JSONValue?) throws -> String { try #require(json?["id"]?.string) }

    func everything(_ provider: String) async throws -> RealThings {
        let name: JSONValue = ["name": .string("Firm \(mark)")]
        let changed = try await server.ask(.patch, organization, token: person.token, body: name.text())
        try #require(changed.status == 200, "\(changed.json)")
        var ids: [String: String] = [:]
        ids["credential"] = try id(
            try await post(
                "\(project)/credentials",
                [
                    "provider": "openai-compatible", "label": .string("Key of \(mark)"),
                    "api_key": .string("sk-\(mark)-0123456789"), "config": ["base_url": .string("\(provider)/v1")],
                ]))
        ids["model configuration"] = try id(
            try await post(
                "\(project)/model-configurations",
                ["name": .string("Model of \(mark)"), "provider": "openai-compatible", "model": "apprentice"]))
        ids["price"] = try id(
            try await post(
                "\(organization)/model-prices",
                [
                    "provider": "openai-compatible", "model": .string("model-\(mark)"), "input": 1, "output": 2,
                    "source": .string("contract of \(mark)"),
                ]))
        let prompt = try await post(
            "\(project)/prompts",
            [
                "name": .string("prompt-\(mark)"),
                "text": .string("You answer messages to the support of \(mark).\n\nMessage: {{message}}"),
            ])
        ids["prompt"] = try id(prompt)
        ids["version"] = try id(prompt["versions"]?[0])
        let cases = (1...14).map { number -> JSONValue in
            ["input": ["message": .string("My card was charged twice for order \(number) at \(mark). Please help.")]]
        }
        ids["dataset"] = try id(
            try await post(
                "\(project)/datasets", ["name": .string("Messages to \(mark)"), "cases": .array(cases)]))
        ids["case"] = try id(try await get("/api/v1/datasets/\(ids["dataset"] ?? "")/cases?limit=1")["items"]?[0])
        try await run(&ids)
        // After the run, whose models have no price: a budget would refuse it.
        ids["budget"] = try id(
            try await post("\(project)/budgets", ["name": .string("Budget of \(mark)"), "limit_usd": 100]))
        let webhook = try id(
            try await post(
                "\(project)/webhooks",
                [
                    "kind": "webhook", "name": .string("Hook of \(mark)"), "url": .string("\(provider)/\(mark)"),
                    "is_active": false,
                ]))
        ids["webhook"] = webhook
        ids["message to a webhook"] = try id(try await post("/api/v1/webhooks/\(webhook)/test", [:], 200))
        let key = try await post("\(organization)/api-keys", ["name": .string("Key of \(mark)"), "scopes": ["*"]])
        let invitation = try await post(
            "\(organization)/invitations", ["email": .string("guest@\(mark.lowercased()).example"), "role": "viewer"])
        return RealThings(
            person: person, mark: mark, ids: ids, key: try id(key), invitation: try id(invitation))
    }

    /// A run that waits for a person has iterations, outputs, and a suggestion.
    private func run(_ ids: inout [String: String]) async throws {
        let body = RealThings.experiment(
            mark: mark, dataset: ids["dataset"] ?? "", prompt: ids["prompt"] ?? "", credential: ids["credential"] ?? "")
        let experiment = try id(try await post("\(project)/experiments", body))
        ids["experiment"] = experiment
        let path = "/api/v1/experiments/\(experiment)"
        _ = try await post("\(path)/run", [:], 202)
        _ = try await server.read(.get, "\(path)/events?until=rest", token: person.token)
        let shown = try await get(path)
        try #require(shown["status"] == "paused", "\(shown)")
        let iteration = try id(shown["iterations"]?[0])
        ids["iteration"] = iteration
        ids["suggestion"] = try id(try await get("\(path)/suggestions?kind=suggestion")["items"]?[0])
        ids["output"] = try id(try await get("/api/v1/iterations/\(iteration)/outputs")["items"]?[0])
    }
}
