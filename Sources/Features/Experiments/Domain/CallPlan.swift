import EdisonDatasets
import EdisonEvaluation

/// How many calls of each kind a run makes at most, as far as that can be told before it begins (`docs/concepts/loop.md`).
struct CallPlan {
    private(set) var search = 0
    /// Cases of which a model sees the input.
    private var seen = 0
    private(set) var executions = 0
    /// Of these, answers in races, which the search judge judges, and all judges a share of them.
    private(set) var raced = 0
    private(set) var auditShare = 0.0
    /// Pairs of outputs that each pairwise judge compares, in two orders each.
    private(set) var comparisons = 0
    private(set) var refines = 0
    private(set) var summaries = 0
    private(set) var drafts = 0
    /// Texts that a safety scan looks at.
    private(set) var scans: [SafetyScanner.Subject: Int] = [:]

    init(_ definition: ExperimentDefinition, kind: Experiment.Kind) {
        let count = definition.cases.count + (definition.drafting?.cases ?? 0)
        let replicates = max(1, definition.loop.replicates)
        drafts = definition.drafting?.calls ?? 0
        switch kind {
        case .eval:
            search = count
            seen = count
            let configurations = definition.variants.isEmpty ? definition.models.count : definition.variants.count
            executions = count * configurations * replicates
            comparisons = max(0, definition.variants.count - 1) * count
        case .refine: refine(definition, count, replicates)
        }
        for subject in definition.scanner?.subjects ?? [] { scans[subject] = subject == .outputs ? executions : seen }
    }

    /// Judgments by so many pointwise judges.
    func judgments(_ judges: Int) -> Int {
        guard judges > 0 else { return 0 }
        let audited = Double(raced) * (1 + auditShare * Double(judges - 1))
        return (executions - raced) * judges + Int(audited.rounded(.up))
    }

    private mutating func refine(_ definition: ExperimentDefinition, _ count: Int, _ replicates: Int) {
        let clusters = max(
            definition.cases.splitClusters + (definition.drafting?.cases ?? 0), 1)
        let shares = SplitShares.standard(
            clusters: clusters, holdout: definition.holdout, reserve: definition.reserve)
        let unconfirmed = definition.cases.unconfirmedClusters
        let splittable = count - definition.cases.count { unconfirmed.contains($0.clusterKey) }
        let reserve = Int(Double(splittable) * shares.reserve)
        let isConfirmingOnReserve = definition.confirmOn == .reserve
        let holdout = isConfirmingOnReserve ? reserve : Int(Double(splittable) * shares.holdout)
        seen = count - (isConfirmingOnReserve ? 0 : reserve)
        search = seen - holdout
        let settings = definition.loop
        let models = max(1, definition.models.count)
        let iterations = definition.stop.maxIterations
        let isFull = definition.mode == .full
        // What was measured (`docs/loop-quality.md`): for each proposal of an iteration, about five answers of candidates,
        // of the incumbent beside them, and of winners joined.
        let raced = isFull ? search * models * settings.proposals : 5 * settings.proposals
        // Every iteration may have a new incumbent.
        let evidence = isFull ? search : iterations * min(search, settings.evidenceCases)
        let heat = (settings.finalists - 1) * min(settings.finalistCases, holdout)
        executions = (evidence * models + iterations * raced + (2 * holdout + heat) * models) * replicates
        self.raced = isFull ? 0 : iterations * raced * replicates
        auditShare = settings.auditShare
        comparisons = holdout * models + iterations * (isFull ? search : 4)
        refines = iterations * settings.proposals
        summaries = iterations
    }
}
