package import EdisonCore
package import HTTPTypes
import Synchronization

/// Counts requests and how long they took, by route: for Prometheus.
package final class RequestMeter: Sendable {
    /// Upper bounds in seconds.
    static let buckets: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private struct Key: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private struct Series {
        var count = 0
        var sum = 0.0
        var buckets = [Int](repeating: 0, count: RequestMeter.buckets.count)
    }

    private let series = Mutex<[Key: Series]>([:])

    package init() {}

    func count(method: HTTPRequest.Method, route: String, status: Int, took: Duration) {
        let seconds = took / .seconds(1)
        // Methods are the caller's words: only known ones become a name of a series.
        let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"].contains(method.rawValue)
        let key = Key(method: known ? method.rawValue : "other", route: route, status: status)
        series.withLock { series in
            var entry = series[key] ?? Series()
            entry.count += 1
            entry.sum += seconds
            for (index, bound) in Self.buckets.enumerated() where seconds <= bound { entry.buckets[index] += 1 }
            series[key] = entry
        }
    }

    /// The text format of Prometheus, version 0.0.4.
    package var text: String {
        let all = series.withLock { $0 }.sorted {
            ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
        }
        var lines = [
            "# HELP edison_http_request_seconds Time from a request to its answer, or to its first byte for streams.",
            "# TYPE edison_http_request_seconds histogram",
        ]
        for (key, entry) in all {
            let labels = "method=\"\(key.method)\",route=\"\(key.route)\",status=\"\(key.status)\""
            for (bound, count) in zip(Self.buckets, entry.buckets) {
                lines.append("edison_http_request_seconds_bucket{\(labels),le=\"\(bound)\"} \(count)")
            }
            lines.append("edison_http_request_seconds_bucket{\(labels),le=\"+Inf\"} \(entry.count)")
            lines.append("edison_http_request_seconds_sum{\(labels)} \(entry.sum)")
            lines.append("edison_http_request_seconds_count{\(labels)} \(entry.count)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
