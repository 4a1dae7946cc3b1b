import EdisonCore
import EdisonEvaluation
import EdisonPrompts

/// What a model wrote for a run, as it is kept with the run.
struct Drafts: Sendable {
    let rubric: Rubric
    let prompt: PromptContent
    let others: [PromptContent]

    /// nil where nothing was drafted yet.
    init?(_ stored: JSONValue) {
        guard stored["drafted"]?.bool == true else { return nil }
        rubric = Rubric((stored["rubric"]?.array ?? []).compactMap(Criterion.init(json:)))
        prompt = PromptContent(json: stored["prompt"] ?? [:])
        others = (stored["other_drafts"]?.array ?? []).map(PromptContent.init(json:))
    }
}

extension ExperimentDefinition {
    mutating func take(_ drafts: Drafts) {
        if drafting?.rubric == true { rubric = drafts.rubric }
        guard (drafting?.prompts ?? 0) > 0 else { return }
        prompt = drafts.prompt
        otherDrafts = drafts.others
    }
}
