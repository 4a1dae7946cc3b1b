import Testing

@testable import EdisonServer

@Suite("Metrics as text")
struct MetricTests {
    @Test("a metric is written as Prometheus reads it, whatever its labels hold")
    func text() {
        let metric = Metric(
            "edison_jobs", .gauge, "Jobs.",
            [
                .init(labels: [("kind", "a\"b\\c\nd"), ("status", "pending")], value: 3),
                .init(labels: [], value: 0.25),
            ])
        #expect(
            metric.text == """
                # HELP edison_jobs Jobs.
                # TYPE edison_jobs gauge
                edison_jobs{kind="a\\"b\\\\c\\nd",status="pending"} 3
                edison_jobs 0.25

                """)
    }
}
