internal import ServiceLifecycle

/// Waiting that neither a stopped task nor a server that shuts down has to sit out.
enum Pause {
    static func sleep(for duration: Duration) async throws {
        guard duration > .zero else { return }
        try await cancelWhenGracefulShutdown { try await Task.sleep(for: duration) }
    }
}
