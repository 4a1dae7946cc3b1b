/// A sum whose error does not grow with the number of terms (Neumaier 1974): totals of a sketch must not drift.
package struct CompensatedSum: Sendable, Hashable {
    private var sum = 0.0
    private var lost = 0.0

    package init() {}

    package var value: Double { sum + lost }

    package mutating func add(_ term: Double) {
        let next = sum + term
        lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
        sum = next
    }

    mutating func add(_ other: CompensatedSum) {
        add(other.sum)
        lost += other.lost
    }
}
