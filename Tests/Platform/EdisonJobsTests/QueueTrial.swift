import EdisonCore
import EdisonSQL

@testable import EdisonJobs

/// Does the same to the queue and to its model, and tells where they differ.
struct QueueTrial {
    private let database: Database
    private let time: ManualTime
    private let queue: JobQueue
    private var model: QueueModel
    private var claims: [Job] = []
    private var jobs: [Job.ID] = []

    /// The first difference; nil when there is none.
    static func difference(_ steps: [QueueStep], on database: Database) async throws -> String? {
        try await database.write { db in
            try db.execute("DELETE FROM job")
            try db.execute("DELETE FROM job_owner")
        }
        var trial = QueueTrial(database)
        for (number, step) in steps.enumerated() {
            var said: (queue: String, model: String)
            do { said = try await trial.take(step) } catch { said = ("threw \(error)", "nothing is thrown") }
            if said.queue != said.model {
                return "Step \(number + 1), \(step):\n  the queue: \(said.queue)\n  the model: \(said.model)"
            }
            if let difference = try await trial.stateDifference() {
                return "After step \(number + 1), \(step):\n\(difference)"
            }
        }
        return nil
    }

    /// Leaves out what the difference does not need, and counts jobs and claims less far back, as long as that helps.
    static func shortened(_ steps: [QueueStep], on database: Database) async throws -> [QueueStep] {
        var steps = steps
        while true {
            let before = steps.count
            steps = try await withFewerSteps(steps, on: database)
            for place in steps.indices {
                for simpler in steps[place].simpler {
                    var other = steps
                    other[place] = simpler
                    guard try await difference(other, on: database) != nil else { continue }
                    steps = other
                    break
                }
            }
            // The last step speaks of a claim that is some way back: it is less far when one between is left out.
            for place in steps.indices.dropLast().reversed() {
                guard let last = steps.last?.simpler.last else { break }
                var other = steps
                other[other.count - 1] = last
                other.remove(at: place)
                if try await difference(other, on: database) != nil { steps = other }
            }
            if steps.count == before { return steps }
        }
    }

    /// Halves first, then ever smaller pieces.
    private static func withFewerSteps(_ steps: [QueueStep], on database: Database) async throws -> [QueueStep] {
        var steps = steps
        var size = steps.count / 2
        while size > 0 {
            var start = 0
            while start < steps.count {
                var fewer = steps
                fewer.removeSubrange(start..<min(start + size, steps.count))
                if try await difference(fewer, on: database) != nil { steps = fewer } else { start += size }
            }
            size /= 2
        }
        return steps
    }

    private init(_ database: Database) {
        self.database = database
        time = ManualTime()
        queue = JobQueue(database: database, time: time.jobTime, lease: QueueModel.lease)
        model = QueueModel(now: time.now)
    }

    private func claim(_ back: Int) -> Job? { claims.isEmpty ? nil : claims[claims.count - 1 - back % claims.count] }
    private func job(_ back: Int) -> Job.ID? { jobs.isEmpty ? nil : jobs[jobs.count - 1 - back % jobs.count] }

    /// What both say to a step.
    private mutating func take(_ step: QueueStep) async throws -> (queue: String, model: String) {
        switch step {
        case .enqueue(let enqueuing, let undone): return try await enqueue(enqueuing, undone)
        case .claim(let worker, let errandsToo, let owner):
            let kinds = errandsToo ? [Chore.kind, Errand.kind] : [Chore.kind]
            let job = try await queue.claim(kinds, of: owner, by: worker)
            if let job { claims.append(job) }
            return ("\(job, default: "none")", "\(model.claim(kinds, of: owner, by: worker), default: "none")")
        case .pass(let seconds):
            time.advance(.seconds(seconds))
            model.now = time.now
            return ("", "")
        case .heartbeat(let worker):
            let claims = claims.filter { $0.worker == worker }
            let (real, expected) = (try await queue.heartbeat(claims), model.heartbeat(claims))
            return (
                claims.map { "\(real[$0], default: "")" }.joined(),
                claims.map { "\(expected[$0], default: "")" }.joined()
            )
        case .complete, .fail, .release, .stopCancelled, .report: return try await settle(step)
        default: return try await look(step)
        }
    }

    private mutating func enqueue(
        _ enqueuing: QueueStep.Enqueuing, _ undone: Bool
    ) async throws -> (queue: String, model: String) {
        let runAt = enqueuing.delay == 0 ? nil : time.now.advanced(by: .seconds(enqueuing.delay))
        let options = JobOptions(
            owner: enqueuing.owner, priority: enqueuing.priority, runAt: runAt, maxAttempts: enqueuing.attempts,
            idempotencyKey: enqueuing.key)
        let chore = Chore("\(jobs.count)")
        let id = try await transaction(undone) { [queue] db in
            enqueuing.isErrand ? try queue.enqueue(Errand(), options, db) : try queue.enqueue(chore, options, db)
        }
        guard let id else { return ("", "") }
        jobs.append(id)
        let entry = QueueModel.Entry(
            id: id, kind: enqueuing.isErrand ? Errand.kind : Chore.kind, owner: enqueuing.owner,
            payload: enqueuing.isErrand ? .null : chore.json, priority: enqueuing.priority,
            maxAttempts: enqueuing.attempts, key: enqueuing.key, createdAt: time.now, scheduledAt: runAt ?? time.now)
        return (id.text, model.enqueue(entry).text)
    }

    /// What the holder of a claim, or one who held it once, says of it.
    private mutating func settle(_ step: QueueStep) async throws -> (queue: String, model: String) {
        let queue = queue
        switch step {
        case .complete(let back, let undone):
            guard let claim = claim(back) else { break }
            let done = try await transaction(undone) { db in try queue.complete(claim, db) }
            return done.map { ("\($0)", "\(model.complete(claim))") } ?? ("", "")
        case .fail(let back, let hopeless):
            guard let claim = claim(back) else { break }
            let error: any Error = hopeless ? UnrecoverableJobError("mishap") : Mishap(description: "mishap")
            let status = try await database.write { db in
                try queue.fail(claim, error, retry: QueueModel.retry, random: 1, db)
            }
            let expected = model.fail(claim, "mishap", isHopeless: hopeless)
            return ("\(status, default: "lost")", "\(expected, default: "lost")")
        case .release(let back):
            guard let claim = claim(back) else { break }
            let status = try await database.write { db in try queue.release(claim, db) }
            return ("\(status, default: "lost")", "\(model.release(claim), default: "lost")")
        case .stopCancelled(let back):
            guard let claim = claim(back) else { break }
            let isStopped = try await database.write { db in try queue.stopCancelled(claim, db) }
            return ("\(isStopped)", "\(model.stopCancelled(claim))")
        case .report(let back, let done):
            guard let claim = claim(back) else { break }
            let progress: JSONValue = ["done": .integer(Int64(done))]
            let isHeld = try await database.write { db in try queue.report(progress, of: claim, db) }
            return ("\(isHeld)", "\(model.report(progress, of: claim))")
        default: break
        }
        return ("", "")
    }

    /// What others than the holder do.
    private mutating func look(_ step: QueueStep) async throws -> (queue: String, model: String) {
        let queue = queue
        let dead = QueueStep.workers.suffix(1)
        switch step {
        case .cancel(let back):
            guard let id = job(back) else { break }
            return ("\(try await database.write { db in try queue.cancel(id, db) })", "\(model.cancel(id))")
        case .retry(let back):
            guard let id = job(back) else { break }
            return ("\(try await database.write { db in try queue.retry(id, db) })", "\(model.retry(id))")
        case .expireLeases(let worker):
            try await queue.expireLeases(of: [worker])
            model.expireLeases(of: [worker])
        case .expireLeasesOfTheDead:
            try await queue.expireLeasesOfTheDead()
            model.expireLeases(of: Array(dead))
        case .cancelWaiting(let owner):
            let held = try await queue.cancelWaiting(of: owner)
            return ("\(held)", "\(model.cancelWaiting(of: owner, dead: Array(dead)))")
        case .remove(let owner):
            try await queue.remove(of: owner)
            model.remove(of: owner)
        case .forget(let seconds):
            let moment = time.now.advanced(by: .seconds(-seconds))
            return ("\(try await queue.forget(before: moment))", "\(model.forget(before: moment))")
        default: break
        }
        return ("", "")
    }

    /// nil when it is undone.
    private func transaction<Value: Sendable>(
        _ undone: Bool, _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value? {
        do {
            return try await database.write { db in
                let value = try work(db)
                if undone { throw CancellationError() }
                return value
            }
        } catch is CancellationError { return nil }
    }

    private func stateDifference() async throws -> String? {
        let (jobs, turns) = try await database.read { db in
            let jobs = try db.fetch("SELECT * FROM job").map { try Job($0) }
            let owners = try db.fetch("SELECT name, turn FROM job_owner")
            return (
                Dictionary(uniqueKeysWithValues: jobs.map { ($0.id, $0) }),
                Dictionary(uniqueKeysWithValues: try owners.map { (try $0.string("name"), try $0.int("turn")) })
            )
        }
        let expected = model.jobs
        var lines: [String] = []
        if turns != model.turns { lines.append("  turns \(turns), of the model \(model.turns)") }
        for id in Set(jobs.keys).union(expected.keys).sorted() where jobs[id] != expected[id] {
            lines.append("  job \(id): \(Self.fields(jobs[id], unlike: expected[id]))")
            lines.append("    of the model: \(Self.fields(expected[id], unlike: jobs[id]))")
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    private static func fields(_ job: Job?, unlike other: Job?) -> String {
        guard let job else { return "is not there" }
        guard let other else { return "\(job)" }
        let pairs = zip(Mirror(reflecting: job).children, Mirror(reflecting: other).children)
        return pairs.filter { "\($0.value)" != "\($1.value)" }.map { "\($0.0.label ?? "") \($0.0.value)" }
            .joined(separator: ", ")
    }
}
