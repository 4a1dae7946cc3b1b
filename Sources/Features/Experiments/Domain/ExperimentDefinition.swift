package import EdisonCore
package import EdisonDatasets
package import EdisonEvaluation
import EdisonLLM
package import EdisonPrompts

/// What a run does, complete and frozen: the same definition, seed and answers give the same result.
package struct ExperimentDefinition: Sendable {
    package var name: String
    package var goal: String
    package var rubric: Rubric
    package var prompt: PromptContent
    package var models: [RunModel]
    package var judges: [RunJudge]
    package var refiner: RunModel?
    package var cases: [TestCase]
    /// Share of clusters kept for the comparison at the end; nil = the standard of `SplitShares`.
    package var holdout: Double?
    package var reserve: Double?
    package var confirmOn: ConfirmationSplit = .holdout
    package var stop: StopRules
    package var review: ReviewMode
    package var loop: LoopSettings
    package var compare: OutputComparison?
    package var variants: [Variant]
    /// What a model is to write before the run, and until then stands empty.
    package var drafting: DraftingRequest?
    /// Further drafts of the prompt, which race against the first one.
    package var otherDrafts: [PromptContent] = []
    package var selector = Selector()
    /// A person's own words about the experiment; in the result, and nowhere else.
    package var description: String?
    package var seed: UInt64
    /// Recorded, not acted upon, except that flags are counted and block a race.
    package var safety: JSONValue?
    /// Who scans inputs and outputs beside the judges; nil = nobody.
    package var scanner: SafetyScanner?
    /// Makes a run of its own of a definition that others may have too; nil = the definition alone says which run it is.
    package var occasion: String?
    /// Where the definition was read from, so that `resume` finds it again; no part of what the run is.
    package var file: String?

    package init(
        name: String, goal: String, rubric: Rubric, prompt: PromptContent, models: [RunModel],
        judges: [RunJudge], refiner: RunModel?, cases: [TestCase], holdout: Double? = nil,
        reserve: Double? = nil, stop: StopRules = StopRules(), review: ReviewMode = .automatic,
        loop: LoopSettings = LoopSettings(), compare: OutputComparison? = nil, variants: [Variant] = [],
        seed: UInt64 = 1, safety: JSONValue? = nil
    ) {
        self.name = name
        self.goal = goal
        self.rubric = rubric
        self.prompt = prompt
        self.models = models
        self.judges = judges
        self.refiner = refiner
        self.cases = cases
        self.holdout = holdout
        self.reserve = reserve
        self.stop = stop
        self.review = review
        self.loop = loop
        self.compare = compare
        self.variants = variants
        self.seed = seed
        self.safety = safety
    }
}

extension ExperimentDefinition {
    /// Gives every model that names no price the one that is found for it.
    mutating func takePrices(_ price: (ModelReference) -> Price?) {
        func priced(_ model: inout RunModel) {
            model.reference.price = model.reference.price ?? price(model.reference)
            for index in model.reference.alternatives.indices {
                let other = model.reference.alternatives[index]
                model.reference.alternatives[index].price = other.price ?? price(other)
            }
        }
        for index in models.indices { priced(&models[index]) }
        for index in judges.indices { priced(&judges[index].model) }
        for index in variants.indices { priced(&variants[index].model) }
        if var model = refiner {
            priced(&model)
            refiner = model
        }
        if var model = compare?.embedding {
            priced(&model)
            compare?.embedding = model
        }
        if var model = scanner?.model {
            priced(&model)
            scanner?.model = model
        }
    }

    /// Every model that it may call.
    var references: [ModelReference] {
        (models + judges.map(\.model) + [refiner].compactMap(\.self) + variants.map(\.model)
            + [compare?.embedding, scanner?.model].compactMap(\.self))
            .flatMap { [$0.reference] + $0.reference.alternatives }
    }
}

/// One of two to eight things that `eval` compares on the same cases.
package struct Variant: Sendable {
    package var name: String
    package var prompt: PromptContent
    package var model: RunModel

    package init(name: String, prompt: PromptContent, model: RunModel) {
        self.name = name
        self.prompt = prompt
        self.model = model
    }
}

/// Who decides on a candidate.
package enum ReviewMode: String, Sendable, CaseIterable {
    case everyStep = "every-step"
    case suggestions, automatic
}

/// How outputs are compared with `expected`, beside the judges.
package struct OutputComparison: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case exact, json, semantic }

    package var kind: Kind
    /// The model of the vectors; only semantic comparison has one.
    package var embedding: RunModel?

    package init(kind: Kind, embedding: RunModel? = nil) {
        self.kind = kind
        self.embedding = embedding
    }
}
