/// The observations of one cluster (a conversation, a user, the repeats of one case), reduced to what a pooled mean
/// needs. Clusters are independent of each other; what lies within one is not.
package struct ClusterTotals: Sendable, Hashable {
    package let sum: Double
    package let count: Int

    package init(sum: Double, count: Int) {
        self.sum = sum
        self.count = count
    }

    package init(_ values: some Collection<Double>) {
        self.init(sum: values.reduce(0, +), count: values.count)
    }
}
