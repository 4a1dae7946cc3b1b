import EdisonCore
import EdisonEvents
import EdisonSQL

/// Tells followers of the course of a run, as events of its experiment, while it goes on: the run does not wait for it.
/// A run that goes on begins by repeating what it did before; that is told once.
struct RunNews: Sendable {
    let database: Database
    let events: EventLog
    let experiment: Experiment.ID

    /// Runs the work, and returns when all that it reported is told.
    func telling<Value: Sendable>(
        _ work: (@escaping @Sendable (RunEvent) -> Void) async throws -> Value
    ) async throws -> Value {
        let (news, reported) = AsyncStream<RunEvent>.makeStream()
        async let telling: Void = tell(news)
        do {
            let value = try await work { reported.yield($0) }
            reported.finish()
            await telling
            return value
        } catch {
            reported.finish()
            await telling
            throw error
        }
    }

    private func tell(_ news: AsyncStream<RunEvent>) async {
        let stream = ExperimentStore.stream(of: experiment)
        var known = await told(in: stream)
        for await event in news {
            guard let (kind, payload) = event.told, known.insert(Self.mark(kind, payload)).inserted else { continue }
            // A run does not fail because nobody could be told of it.
            _ = try? await database.write { db in try events.record(kind, payload, in: stream, db) }
        }
    }

    private func told(in stream: EventStream) async -> Set<ContentHash> {
        var known: Set<ContentHash> = []
        var position: Int64 = 0
        while let more = try? await events.events(in: stream, after: position), let last = more.last {
            for event in more where event.kind.name.hasPrefix("run:") {
                known.insert(Self.mark(event.kind, event.payload))
            }
            position = last.position
        }
        return known
    }

    private static func mark(_ kind: EventKind, _ payload: JSONValue) -> ContentHash {
        ContentHash(of: [.string(kind.name), payload])
    }
}
