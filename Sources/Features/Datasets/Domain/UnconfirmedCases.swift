/// What a person has not read decides nothing: clusters with such a case are searched with, never held out or kept in
/// reserve, and the others are split as if they were not there.
extension [TestCase] {
    package var unconfirmedClusters: Set<String> { Set(filter { !$0.isConfirmed }.map(\.clusterKey)) }

    /// How many clusters the shares of a split count.
    package var splitClusters: Int { Set(map(\.clusterKey)).subtracting(unconfirmedClusters).count }
}
