import Testing

/// What runs with real servers, sockets and processes: one after the other, so that they do not take each other's time.
@Suite("Live", .serialized, .timeLimit(.minutes(10)))
enum Live {}
