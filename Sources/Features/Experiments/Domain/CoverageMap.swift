import EdisonCore
package import EdisonDatasets

/// Which kinds of cases are known, and how the prompt fares on them: where a generator is to look next.
///
/// Made of the cases that are searched with; what is held out is not on it.
package struct CoverageMap: Sendable {
    /// The tags of the known cases; one empty tag where they have none.
    package let tags: [String]
    /// The criteria that a case may fail, the weightiest first.
    private let criteria: [String]
    private var counts: [CoverageCell: Int] = [:]
    /// Cases of a place whose answers were scored.
    private var measured: [CoverageCell.Place: Int] = [:]
    private var asked: [CoverageCell.Place: Int] = [:]
    private let seed: UInt64

    package init(tags: [String], criteria: [String], seed: UInt64) {
        let known = Set(tags).sorted(by: bytewise)
        self.tags = known.isEmpty ? [""] : known
        self.criteria = criteria
        self.seed = seed
    }

    /// How the answer to a case came out.
    package enum Outcome: Hashable, Sendable {
        /// Nobody has answered it: it counts as one that fails at nothing, since nothing is known against it.
        case unmeasured
        case measured(failure: String?)

        var failure: String? {
            if case .measured(let failure) = self { failure } else { nil }
        }
    }

    /// Where a case lies: once for each of its tags that the map knows; nowhere when it has none of them.
    package func places(of testCase: TestCase) -> [CoverageCell.Place] {
        let own = tags == [""] ? [""] : tags.filter { testCase.tags.contains($0) }
        return own.map { .init(tag: $0, difficulty: testCase.difficulty, length: testCase.length) }
    }

    package mutating func add(_ testCase: TestCase, _ outcome: Outcome) {
        for place in places(of: testCase) {
            counts[CoverageCell(place, failure: outcome.failure), default: 0] += 1
            if outcome != .unmeasured { measured[place, default: 0] += 1 }
        }
    }

    /// The cells of a case that no case is in yet.
    package func gaps(filledBy testCase: TestCase, failure: String?) -> [CoverageCell] {
        places(of: testCase).map { CoverageCell($0, failure: failure) }.filter { counts[$0, default: 0] == 0 }
    }

    package func count(of cell: CoverageCell) -> Int { counts[cell, default: 0] }

    /// The next cells to ask cases for, in turn a gap and a place where the prompt fails often, and counts them as
    /// asked for. Depends on the map and the seed alone.
    package mutating func next(_ count: Int) -> [CoverageCell] {
        (0..<count).map { index in
            let place = (index.isMultiple(of: 2) ? gap ?? weakest : weakest ?? gap) ?? leastAsked
            let failures = failures(at: place)
            let turn = asked[place, default: 0]
            asked[place] = turn + 1
            return CoverageCell(place, failure: failures.isEmpty ? nil : failures[turn % failures.count])
        }
    }

    /// The place without a case that was asked for least; of these the hardest, since the prompt is to be tried.
    private var gap: CoverageCell.Place? {
        best(allPlaces.filter { known(at: $0) == 0 }) { place in
            (Double(asked[place, default: 0]), -Double(place.difficulty))
        }
    }

    /// The place with the highest rate of failures, by the rule of succession; less so each time that it was asked for.
    private var weakest: CoverageCell.Place? {
        best(Array(measured.keys).filter { failed(at: $0) > 0 }) { place in
            let rate = Double(failed(at: place) + 1) / Double(measured[place, default: 0] + 2)
            return (-rate / Double(1 + asked[place, default: 0]), 0)
        }
    }

    private var leastAsked: CoverageCell.Place {
        best(allPlaces) { (Double(asked[$0, default: 0]), -Double($0.difficulty)) } ?? allPlaces[0]
    }

    private var allPlaces: [CoverageCell.Place] {
        tags.flatMap { tag in
            (1...5).flatMap { difficulty in
                InputLength.allCases.map { .init(tag: tag, difficulty: difficulty, length: $0) }
            }
        }
    }

    /// The criteria that answers at a place fail, most frequent first; where none does, those that fail anywhere.
    private func failures(at place: CoverageCell.Place) -> [String] {
        let here = criteria.filter { counts[CoverageCell(place, failure: $0), default: 0] > 0 }
        if !here.isEmpty {
            return here.stablySorted { counts[CoverageCell(place, failure: $0), default: 0] }
        }
        var everywhere: [String: Int] = [:]
        for (cell, count) in counts { if let failure = cell.failure { everywhere[failure, default: 0] += count } }
        return criteria.stablySorted { everywhere[$0, default: 0] }
    }

    private func known(at place: CoverageCell.Place) -> Int {
        counts[CoverageCell(place, failure: nil), default: 0] + failed(at: place)
    }

    private func failed(at place: CoverageCell.Place) -> Int {
        criteria.reduce(0) { $0 + counts[CoverageCell(place, failure: $1), default: 0] }
    }

    /// The place of the lowest rank; of equal ones the seed decides.
    private func best(
        _ places: [CoverageCell.Place], rank: (CoverageCell.Place) -> (Double, Double)
    ) -> CoverageCell.Place? {
        places.map { (place: $0, rank: rank($0), draw: DerivedSeed(seed, "coverage", $0.text).value) }
            .min { ($0.rank.0, $0.rank.1, $0.draw) < ($1.rank.0, $1.rank.1, $1.draw) }?.place
    }
}

extension [String] {
    /// The largest first; equal ones keep their order.
    fileprivate func stablySorted(by size: (String) -> Int) -> [String] {
        enumerated().map { (offset: $0.offset, element: $0.element, size: size($0.element)) }
            .sorted { $0.size != $1.size ? $0.size > $1.size : $0.offset < $1.offset }.map(\.element)
    }
}
