import EdisonTestKit

/// Something that is done to a queue, without the names that only come about on the way: so that a sequence from which
/// steps are left out still means something. Jobs and claims are counted back from the latest.
enum QueueStep: Sendable {
    struct Enqueuing: Sendable, CustomStringConvertible {
        var owner: String
        var isErrand: Bool
        var priority: Int
        var delay: Int
        var attempts: Int
        var key: String?

        var description: String {
            "\(isErrand ? "errand" : "chore") of \(owner), priority \(priority), in \(delay) s, \(attempts) attempts"
                + (key.map { ", key \($0)" } ?? "")
        }
    }

    /// Undone: the transaction around it fails.
    case enqueue(Enqueuing, undone: Bool)
    case claim(by: String, errandsToo: Bool, of: String?)
    case complete(claim: Int, undone: Bool)
    case fail(claim: Int, hopeless: Bool)
    case release(claim: Int)
    case stopCancelled(claim: Int)
    case report(claim: Int, Int)
    case heartbeat(by: String)
    case cancel(job: Int)
    case retry(job: Int)
    case pass(seconds: Int)
    case expireLeases(of: String)
    case expireLeasesOfTheDead
    case cancelWaiting(of: String)
    case remove(of: String)
    case forget(olderThan: Int)

    static let owners = ["a", "b", "c"]
    /// All but the last hold the lock that says that they live.
    static let workers = ["w1", "w2", "dead"]

    /// The same of a job or claim that is less far back, the simplest first.
    var simpler: [QueueStep] {
        switch self {
        case .complete(let back, let undone): (0..<back).map { .complete(claim: $0, undone: undone) }
        case .fail(let back, let hopeless): (0..<back).map { .fail(claim: $0, hopeless: hopeless) }
        case .release(let back): (0..<back).map { .release(claim: $0) }
        case .stopCancelled(let back): (0..<back).map { .stopCancelled(claim: $0) }
        case .report(let back, let done): (0..<back).map { .report(claim: $0, done) }
        case .cancel(let back): (0..<back).map { .cancel(job: $0) }
        case .retry(let back): (0..<back).map { .retry(job: $0) }
        default: []
        }
    }

    static func sequence(_ length: Int, seed: Int) -> [QueueStep] {
        var random = SeededGenerator(seed)
        return (0..<length).map { _ in any(&random) }
    }

    private static func any(_ random: inout SeededGenerator) -> QueueStep {
        let owner = owners.randomElement(using: &random) ?? ""
        let worker = workers.randomElement(using: &random) ?? ""
        // Mostly the latest ones.
        let back = Bool.random(using: &random) ? 0 : Int.random(in: 0..<8, using: &random)
        let isRare = Int.random(in: 0..<6, using: &random) == 0
        switch Int.random(in: 0..<100, using: &random) {
        case ..<24:
            let key = isRare ? ["k", "l"].randomElement(using: &random) : nil
            let enqueuing = Enqueuing(
                owner: owner, isErrand: Int.random(in: 0..<4, using: &random) == 0,
                priority: Int.random(in: -1...1, using: &random),
                delay: [0, 0, 0, -5, 10, 60].randomElement(using: &random) ?? 0,
                attempts: Int.random(in: 1...4, using: &random), key: key)
            return .enqueue(enqueuing, undone: Int.random(in: 0..<8, using: &random) == 0)
        case ..<50: return .claim(by: worker, errandsToo: !isRare, of: isRare ? owner : nil)
        case ..<57: return .complete(claim: back, undone: isRare)
        case ..<63: return .fail(claim: back, hopeless: isRare)
        case ..<66: return .release(claim: back)
        case ..<68: return .stopCancelled(claim: back)
        case ..<69: return .report(claim: back, Int.random(in: 1...9, using: &random))
        case ..<72: return .heartbeat(by: worker)
        case ..<78: return .cancel(job: back)
        case ..<83: return .retry(job: back)
        case ..<93: return .pass(seconds: [1, 5, 10, 20, 59, 60].randomElement(using: &random) ?? 1)
        case ..<94: return .expireLeases(of: worker)
        case ..<96: return .expireLeasesOfTheDead
        case ..<97: return .cancelWaiting(of: owner)
        case ..<98: return .remove(of: owner)
        default: return .forget(olderThan: [0, 30].randomElement(using: &random) ?? 0)
        }
    }
}
