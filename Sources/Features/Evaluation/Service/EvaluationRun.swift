package import EdisonCore
package import EdisonLLM

/// What is common to all evaluations of one run: of an experiment today, of an A/B test or a trace later.
package struct EvaluationRun: Sendable {
    /// The run's id, which its calls are keyed and counted by.
    package let scope: String
    package let goal: String
    package let rubric: Rubric
    package let models: [RunModel]
    package let judges: [RunJudge]
    /// Who looks at inputs and outputs beside the judges; nil = nobody.
    package let scanner: SafetyScanner?
    package let budgets: [Budget.ID]
    package let seed: UInt64

    package init(
        scope: String, goal: String, rubric: Rubric, models: [RunModel], judges: [RunJudge],
        scanner: SafetyScanner? = nil, budgets: [Budget.ID], seed: UInt64
    ) {
        self.scope = scope
        self.goal = goal
        self.rubric = rubric
        self.models = models
        self.judges = judges
        self.scanner = scanner
        self.budgets = budgets
        self.seed = seed
    }

    /// A judge at temperature 0 gets a seed of its own name alone, so that equal text is an equal call.
    func judgeSeed(_ judge: Judge) -> DerivedSeed { DerivedSeed(seed, "judge", judge.name) }
}

/// A model with its parameters, as one of the configurations of a run.
package struct RunModel: Sendable {
    /// Unique within the run: the model's name, numbered when it stands twice.
    package var name: String
    package var reference: ModelReference
    package var parameters: ModelParameters
    package var seed: Int?
    /// Whether answers may come from the response cache.
    package var cache: Bool
    /// Of the roles whose answers the program reads.
    package var thinking = Thinking.reason

    package init(
        name: String, reference: ModelReference, parameters: ModelParameters = ModelParameters(), seed: Int? = nil,
        cache: Bool = false
    ) {
        self.name = name
        self.reference = reference
        self.parameters = parameters
        self.seed = seed
        self.cache = cache
    }

    /// What makes two configurations the same one for seeds and identity; no address and no secret.
    package var identity: JSONValue {
        var object: JSONObject = [
            "provider": .string(reference.endpoint.kind.name), "model": .string(reference.model),
            "parameters": parameters.json,
        ]
        object["seed"] = seed.map { .integer(Int64($0)) }
        return .object(object)
    }
}

/// A judge together with the model that speaks for it, ready to be asked.
package struct RunJudge: Sendable {
    package var judge: Judge
    package var model: RunModel

    package init(judge: Judge, model: RunModel) {
        self.judge = judge
        self.model = model
    }
}
