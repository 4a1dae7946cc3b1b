import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts

/// What the test at the end asks for, without what has been answered: the choice of who is tested, the round of the
/// finalists, the versions on all held-out cases. Where it depends on answers who goes on, it is the one with most to do.
struct TestCalls: Sendable {
    let context: RunContext
    let state: LoopState
    /// Whether the incumbent is the one who is tested; else the file's `selector` may pick another.
    let isChosen: Bool
    /// Whether an iteration comes before it, which may accept one more version.
    var mayGrow = false

    var parts: [ConfirmationCost.Part] {
        get async {
            var open = OpenWork(context: context)
            let contenders = contenders
            if contenders.count > 1 {
                await open.add([state.first] + contenders, on: state.evidenceCases, judges: context.allJudges)
                if mayGrow { open.addNewcomer(on: state.evidenceCases, judges: context.allJudges) }
            }
            let finalists = Self.distinct(
                contenders.flatMap { HoldoutArms.finalists(state, best: $0, count: context.settings.finalists) })
            let holdout = context.cases.holdout
            let judges = context.promotionJudges
            let isJoined = mayGrow && finalists.count < context.settings.finalists
            if context.settings.finalists > 1, finalists.count > 1 || isJoined {
                let cases = HoldoutArms.cases(
                    holdout, seed: context.definition.seed, count: context.settings.finalistCases)
                await open.add([state.first] + finalists, on: cases, judges: judges)
                if isJoined { open.addNewcomer(on: cases, judges: judges) }
            }
            var dearest = open
            for finalist in finalists {
                var whole = open
                await whole.add([state.first, finalist], on: holdout, judges: judges)
                await whole.compare(finalist, with: state.first, on: holdout)
                if whole.size > dearest.size { dearest = whole }
            }
            return await dearest.parts
        }
    }

    /// Who may be tested.
    private var contenders: [LoopVersion] {
        let incumbent = state[state.incumbent]
        let accepted = state.versions.filter { $0.status == .accepted }
        let isOpen = !isChosen && context.definition.selector.rule != .incumbent && accepted.count > 1
        return isOpen ? accepted : [incumbent]
    }

    private static func distinct(_ versions: [LoopVersion]) -> [LoopVersion] {
        var seen: Set<String> = []
        return versions.filter { seen.insert($0.version.id.text).inserted }
    }
}

/// Answers, judgments and scans that are still to be made.
private struct OpenWork {
    let context: RunContext
    private var cells: Set<OutputKey> = []
    private var answers: [String: Int] = [:]
    private var judgments: [String: Int] = [:]
    private var judged: Set<String> = []
    private var texts: Set<ContentHash> = []
    private var unseenTexts = 0

    init(context: RunContext) { self.context = context }

    var size: Int { answers.values.reduce(0, +) + judgments.values.reduce(0, +) + texts.count + unseenTexts }

    mutating func add(_ versions: [LoopVersion], on cases: [TestCase], judges: Set<String>) async {
        let memo = context.evaluator.memo
        let scanned = context.run.scanner?.subjects ?? []
        for cell in context.cells(of: versions, on: cases) {
            let isFirst = cells.insert(cell.key).inserted
            if isFirst, scanned.contains(.inputs) {
                await scan(SafetyScan.text(ofInput: cell.testCase.input))
            }
            guard let output = await memo.output(cell.key) else {
                if isFirst {
                    answers[cell.model, default: 0] += 1
                    if scanned.contains(.outputs) { unseenTexts += 1 }
                }
                for judge in judges where judged.insert("\(cell.key) \(judge)").inserted {
                    judgments[judge, default: 0] += 1
                }
                continue
            }
            guard let text = output.text else { continue }
            if isFirst, scanned.contains(.outputs) { await scan(text) }
            for judge in judges where await memo.judgment(of: output.id, by: judge) == nil {
                if judged.insert("\(cell.key) \(judge)").inserted { judgments[judge, default: 0] += 1 }
            }
        }
    }

    /// A version that there is not yet.
    mutating func addNewcomer(on cases: [TestCase], judges: Set<String>) {
        let count = cases.count * context.replicates.count
        for model in context.modelNames {
            answers[model, default: 0] += count
            for judge in judges { judgments[judge, default: 0] += count }
            if context.run.scanner?.subjects.contains(.outputs) == true { unseenTexts += count }
        }
    }

    /// By the pairwise judges, in both orders.
    mutating func compare(_ version: LoopVersion, with other: LoopVersion, on cases: [TestCase]) async {
        let memo = context.evaluator.memo
        let judges = context.definition.judges.map(\.judge).filter { $0.mode == .pairwise }.map(\.name)
        if judges.isEmpty { return }
        for testCase in cases {
            for model in context.modelNames {
                var outputs: [Output] = []
                for side in [version, other] {
                    let key = Cell(version: side.version, testCase: testCase, model: model).key
                    if let output = await memo.output(key) { outputs.append(output) }
                }
                for judge in judges {
                    guard outputs.count == 2 else {
                        judgments[judge, default: 0] += 2
                        continue
                    }
                    if outputs.contains(where: { $0.text == nil }) { continue }
                    for (one, two) in [(outputs[0].id, outputs[1].id), (outputs[1].id, outputs[0].id)]
                    where await memo.comparison(.init(judge: judge, first: one, second: two)) == nil {
                        judgments[judge, default: 0] += 1
                    }
                }
            }
        }
    }

    private mutating func scan(_ text: String) async {
        let hash = ContentHash(of: text)
        if await context.evaluator.memo.scan(of: hash) == nil { texts.insert(hash) }
    }

    var parts: [ConfirmationCost.Part] {
        get async {
            let everything = await context.evaluator.memo.everything
            var made: [String: Int] = [:]
            for output in everything.outputs { made["execute \(output.key.model)", default: 0] += 1 }
            for judgment in everything.judgments { made["judge \(judgment.judge)", default: 0] += 1 }
            func part(_ purpose: CallPurpose, _ model: RunModel, _ missing: Int, callsEach: Int)
                -> ConfirmationCost.Part
            {
                ConfirmationCost.Part(
                    purpose, model: model.name, missing: missing, made: made["\(purpose.name) \(model.name)"] ?? 0,
                    callsEach: callsEach, price: context.calls.models.price(of: model.reference))
            }
            var parts = context.definition.models.map { part(.execute, $0, answers[$0.name] ?? 0, callsEach: 1) }
            parts += context.definition.judges.map {
                part(.judge, $0.model, judgments[$0.judge.name] ?? 0, callsEach: $0.model.thinking.calls)
            }
            if let scanner = context.run.scanner {
                made["scan \(scanner.model.name)"] = await context.evaluator.memo.allScans.count
                parts.append(
                    part(.scan, scanner.model, texts.count + unseenTexts, callsEach: scanner.model.thinking.calls))
            }
            return parts
        }
    }
}
