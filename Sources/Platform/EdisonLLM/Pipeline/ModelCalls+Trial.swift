extension ModelCalls {
    /// The same path for a call that finds out whether a provider answers: what fails is the answer that was asked for,
    /// so nothing is repeated, and the breakers of runs neither stop it nor hear of it.
    ///
    /// - Parameter seconds: how long the one who asks may wait.
    package func trial(seconds: Double) -> ModelCalls {
        var copy = self
        (copy.retry.tries, copy.retry.total, copy.retry.outage) = (1, seconds, 0)
        copy.traffic = TrafficControl()
        return copy
    }
}
