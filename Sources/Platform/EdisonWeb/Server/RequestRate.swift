import EdisonCore
import Synchronization

/// How often each caller may ask: a bucket that fills evenly, and holds a minute's worth.
final class RequestRate: Sendable {
    struct Standing: Sendable, Equatable {
        let limit: Int
        let remaining: Int
        /// Seconds until the bucket is full again.
        let reset: Int
        /// Seconds until one more fits; nil = this one did.
        let retryAfter: Int?
    }

    private struct Bucket {
        var level: Double
        var at: ContinuousClock.Instant
    }

    private let buckets = Mutex<[String: Bucket]>([:])
    private let now: @Sendable () -> ContinuousClock.Instant

    init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.now = now }

    func take(_ caller: String, limit: Int) -> Standing {
        let moment = now()
        let perSecond = Double(limit) / 60
        return buckets.withLock { buckets in
            if buckets.count > 100_000 { buckets = buckets.filter { moment - $0.value.at < .seconds(60) } }
            var bucket = buckets[caller] ?? Bucket(level: Double(limit), at: moment)
            let gained = (moment - bucket.at) / .seconds(1) * perSecond
            bucket.level = min(Double(limit), bucket.level + gained)
            bucket.at = moment
            let fits = bucket.level >= 1
            if fits { bucket.level -= 1 }
            buckets[caller] = bucket
            let missing = (Double(limit) - bucket.level) / perSecond
            return Standing(
                limit: limit, remaining: Int(bucket.level), reset: Int(missing.rounded(.up)),
                retryAfter: fits ? nil : max(1, Int(((1 - bucket.level) / perSecond).rounded(.up))))
        }
    }
}
