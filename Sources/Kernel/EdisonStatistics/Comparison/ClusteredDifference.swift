internal import Foundation

/// The difference of two arms' means when observations share clusters, within an arm or across both.
///
/// This is least squares of the value on a treatment indicator with the clustered sandwich; CR1 multiplies the
/// variance by G/(G−1) · (n−1)/(n−2) and is used with G−1 degrees of freedom.
package struct ClusteredDifference: Sendable {
    package private(set) var status: StatisticStatus
    package private(set) var count: Int?
    package private(set) var clusterCount: Int?
    package private(set) var difference: Double?
    package private(set) var iidError: Double?
    package private(set) var cr0Error: Double?
    package private(set) var cr1Error: Double?
    package private(set) var interval: ConfidenceInterval?

    package init(_ values: [Double], isTreated: [Bool], clusters: [some Hashable], alpha: Double = 0.05) {
        status = .invalidInput
        guard alpha.isLevel, values.count == clusters.count, values.count == isTreated.count,
            values.allSatisfy(\.isFinite)
        else { return }
        status = .insufficientData
        count = values.count
        clusterCount = Set(clusters).count
        let treated = Moments(zip(values, isTreated).filter(\.1).map(\.0))
        let control = Moments(zip(values, isTreated).filter { !$0.1 }.map(\.0))
        guard let meanA = control.mean, let meanB = treated.mean else { return }
        difference = meanB - meanA
        let groups = Set(clusters).count
        guard values.count > 2, groups > 1 else { return }
        var influence: [AnyHashable: Double] = [:]
        var squares = 0.0
        let arms = [control, treated]
        for (index, value) in values.enumerated() {
            let arm = arms[isTreated[index] ? 1 : 0]
            let residual = arm.minimum == arm.maximum ? 0 : value - (arm.mean ?? value)
            squares += residual * residual
            influence[clusters[index], default: 0] += (isTreated[index] ? 1 : -1) * residual / Double(arm.count)
        }
        let (n, g) = (Double(values.count), Double(groups))
        let harmonic = 1 / Double(control.count) + 1 / Double(treated.count)
        let cr0 = influence.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let cr1 = cr0 * (g / (g - 1) * (n - 1) / (n - 2)).squareRoot()
        iidError = (squares / (n - 2) * harmonic).squareRoot()
        cr0Error = cr0
        cr1Error = cr1
        status = .degenerate
        guard cr1 > 0 else { return }
        status = .ok
        interval = ConfidenceInterval(center: meanB - meanA, margin: StudentT(df: g - 1).isf(alpha / 2) * cr1)
    }
}
