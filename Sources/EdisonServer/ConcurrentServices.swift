import ServiceLifecycle

/// Services that are told to end at the same time: a `ServiceGroup` would end them one after the other, and what one
/// takes would be missing for the next.
struct ConcurrentServices: Service {
    let services: [any Service]

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { try await service.run() } }
            // One that fails, such as a port that is taken, ends the others.
            while try await group.next() != nil {}
        }
    }
}
