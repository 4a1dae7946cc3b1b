import EdisonCore

@testable import EdisonJobs

/// What the queue promises, without a database: the jobs and the turns of their owners as values.
struct QueueModel {
    struct Entry {
        let id: Job.ID
        let kind: JobKind
        let owner: String
        let payload: JSONValue
        let priority: Int
        let maxAttempts: Int
        let key: String?
        let createdAt: Timestamp
        var scheduledAt: Timestamp
        var status = JobStatus.pending
        var attempts = 0
        var progress = JSONValue.null
        var lastError: String?
        var isCancelRequested = false
        var worker: String?
        var leaseUntil: Timestamp?
        var startedAt: Timestamp?
        var finishedAt: Timestamp?
        var fence: Int64 = 0

        var job: Job {
            Job(
                id: id, kind: kind, owner: owner, project: nil, payload: payload, status: status, priority: priority,
                attempts: attempts, maxAttempts: maxAttempts, progress: progress, lastError: lastError,
                isCancelRequested: isCancelRequested, worker: worker, scheduledAt: scheduledAt,
                leaseUntil: leaseUntil, createdAt: createdAt, startedAt: startedAt, finishedAt: finishedAt,
                fence: fence)
        }

        /// Among the jobs of one owner.
        func isBefore(_ other: Entry) -> Bool {
            (-priority, scheduledAt, id.text) < (-other.priority, other.scheduledAt, other.id.text)
        }
    }

    static let lease = Duration.seconds(60)
    /// The waits after the attempts, as the strategy of the test says: 10 s, twice as long each time, at most 60 s.
    static let retry = RetryStrategy(first: .seconds(10), factor: 2, longest: .seconds(60), jitter: 0)
    static func wait(after attempt: Int) -> Duration { .seconds([10, 20, 40, 60][min(attempt, 4) - 1]) }

    private(set) var entries: [Job.ID: Entry] = [:]
    private(set) var turns: [String: Int] = [:]
    var now: Timestamp

    init(now: Timestamp) { self.now = now }

    var jobs: [Job.ID: Job] { entries.mapValues(\.job) }

    /// The job that is there already when the key was used before.
    mutating func enqueue(_ entry: Entry) -> Job.ID {
        if turns[entry.owner] == nil { turns[entry.owner] = (turns.values.max() ?? 0) + 1 }
        let earlier = entries.values.first {
            entry.key != nil && ($0.owner, $0.kind, $0.key) == (entry.owner, entry.kind, entry.key)
        }
        if let earlier { return earlier.id }
        entries[entry.id] = entry
        return entry.id
    }

    mutating func claim(_ kinds: [JobKind], of owner: String?, by worker: String) -> Job? {
        takeOver()
        let due = entries.values.filter {
            $0.status == .pending && $0.scheduledAt <= now && kinds.contains($0.kind)
                && (owner == nil || $0.owner == owner)
        }
        let owners = Set(due.map(\.owner))
        guard let served = owners.min(by: { (turns[$0] ?? 0, $0) < (turns[$1] ?? 0, $1) }),
            let next = due.filter({ $0.owner == served }).min(by: { $0.isBefore($1) })
        else { return nil }
        turns[served] = (turns.values.max() ?? 0) + 1
        update(next.id) { [now] entry in
            entry.status = .active
            entry.worker = worker
            entry.fence += 1
            entry.attempts += 1
            entry.leaseUntil = now.advanced(by: Self.lease)
            entry.startedAt = now
        }
        return entries[next.id]?.job
    }

    private mutating func takeOver() {
        for entry in entries.values {
            guard let leaseUntil = entry.leaseUntil, leaseUntil <= now else { continue }
            let error = "The worker \(entry.worker ?? "") went silent in attempt \(entry.attempts)."
            if entry.isCancelRequested {
                end(entry.id, .cancelled, error)
            } else if entry.attempts >= entry.maxAttempts {
                end(entry.id, .failed, error)
            } else {
                update(entry.id) {
                    $0.status = .pending
                    $0.leaseUntil = nil
                    $0.lastError = error
                }
            }
        }
    }

    /// Only the last claim counts.
    private func holds(_ claim: Job) -> Bool {
        guard let entry = entries[claim.id] else { return false }
        return entry.status == .active && entry.fence == claim.fence
    }

    mutating func complete(_ claim: Job) -> Bool {
        if holds(claim) {
            end(claim.id, .completed, nil)
            return true
        }
        return entries[claim.id]?.status == .completed && entries[claim.id]?.fence == claim.fence
    }

    mutating func fail(_ claim: Job, _ error: String, isHopeless: Bool) -> JobStatus? {
        guard holds(claim) else { return nil }
        if isHopeless || claim.attempts >= claim.maxAttempts {
            end(claim.id, .failed, error)
        } else {
            waitAgain(claim, until: now.advanced(by: Self.wait(after: claim.attempts)), claim.attempts, error)
        }
        return entries[claim.id]?.status
    }

    mutating func release(_ claim: Job) -> JobStatus? {
        guard holds(claim) else { return nil }
        waitAgain(claim, until: claim.scheduledAt, claim.attempts - 1, nil)
        return entries[claim.id]?.status
    }

    private mutating func waitAgain(_ claim: Job, until next: Timestamp, _ attempts: Int, _ error: String?) {
        if entries[claim.id]?.isCancelRequested == true {
            end(claim.id, .cancelled, error)
        } else {
            update(claim.id) {
                $0.status = .pending
                $0.leaseUntil = nil
                $0.lastError = error ?? $0.lastError
            }
        }
        update(claim.id) {
            $0.worker = nil
            $0.attempts = attempts
            $0.scheduledAt = next
        }
    }

    mutating func stopCancelled(_ claim: Job) -> Bool {
        guard holds(claim) else { return false }
        end(claim.id, .cancelled, nil)
        return true
    }

    mutating func report(_ progress: JSONValue, of claim: Job) -> Bool {
        guard holds(claim) else { return false }
        update(claim.id) { $0.progress = progress }
        return true
    }

    mutating func heartbeat(_ claims: [Job]) -> [Job: JobQueue.Standing] {
        var standings: [Job: JobQueue.Standing] = [:]
        for claim in claims {
            guard holds(claim) else {
                standings[claim] = .lost
                continue
            }
            update(claim.id) { [now] in $0.leaseUntil = now.advanced(by: Self.lease) }
            standings[claim] = entries[claim.id]?.isCancelRequested == true ? .cancelRequested : .held
        }
        return standings
    }

    mutating func cancel(_ id: Job.ID) -> Bool {
        guard let entry = entries[id], !entry.status.isFinal else { return false }
        if entry.status == .pending { end(id, .cancelled, nil) }
        update(id) { $0.isCancelRequested = true }
        return true
    }

    mutating func retry(_ id: Job.ID) -> Bool {
        guard let entry = entries[id], entry.status == .failed || entry.status == .cancelled else { return false }
        update(id) { [now] in
            $0.status = .pending
            $0.attempts = 0
            $0.isCancelRequested = false
            $0.finishedAt = nil
            $0.worker = nil
            $0.scheduledAt = now
        }
        return true
    }

    mutating func expireLeases(of workers: [String]) {
        for entry in entries.values where entry.status == .active && workers.contains(entry.worker ?? "") {
            update(entry.id) { [now] in $0.leaseUntil = now }
        }
    }

    mutating func cancelWaiting(of owner: String, dead: [String]) -> Int {
        expireLeases(of: dead)
        takeOver()
        for entry in entries.values where entry.owner == owner && entry.status == .pending { _ = cancel(entry.id) }
        return entries.values.count { $0.owner == owner && $0.status == .active }
    }

    mutating func remove(of owner: String) {
        entries = entries.filter { $0.value.owner != owner || !$0.value.status.isFinal }
        removeIdleOwners(among: [owner])
    }

    mutating func forget(before moment: Timestamp) -> Int {
        let old = entries.values.filter {
            ($0.status == .completed || $0.status == .cancelled) && ($0.finishedAt.map { $0 < moment } ?? false)
        }
        for entry in old { entries[entry.id] = nil }
        removeIdleOwners(among: Array(turns.keys))
        return old.count
    }

    private mutating func removeIdleOwners(among owners: [String]) {
        for owner in owners where !entries.values.contains(where: { $0.owner == owner }) { turns[owner] = nil }
    }

    private mutating func end(_ id: Job.ID, _ status: JobStatus, _ error: String?) {
        update(id) { [now] in
            $0.status = status
            $0.leaseUntil = nil
            $0.finishedAt = now
            $0.lastError = error ?? $0.lastError
        }
    }

    private mutating func update(_ id: Job.ID, _ change: (inout Entry) -> Void) {
        guard var entry = entries[id] else { return }
        change(&entry)
        entries[id] = entry
    }
}
