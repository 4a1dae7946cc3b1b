/// What whoever runs the server decides of its jobs.
package struct WorkerSettings: Sendable {
    /// Jobs at once in this process; 0: it takes none.
    package var concurrency = 4
    /// How long running jobs may go on once the process is told to end; then they go back to the queue.
    package var grace: Duration = .seconds(4)
    /// For how many days events can be followed again.
    package var eventDays = 30
    /// For how many days jobs that have ended are shown; failed ones stay until somebody decides.
    package var jobDays = 30

    package init() {}
}
