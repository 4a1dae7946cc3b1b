import EdisonCore
package import EdisonDatasets

/// The known cases that lie nearest to cells of the map: what a generator is shown of the kind that is wanted.
package enum CaseNeighbours {
    /// In turn the nearest to each cell, without one twice; of equally near ones the seed decides.
    package static func nearest(
        to cells: [CoverageCell], among cases: [TestCase], count: Int, seed: UInt64
    ) -> [TestCase] {
        var pool = cases
        var found: [TestCase] = []
        var turn = 0
        while found.count < count, !pool.isEmpty, !cells.isEmpty {
            let cell = cells[turn % cells.count]
            let ranked = pool.indices.map { index in
                (
                    index: index, distance: distance(pool[index], cell.place),
                    draw: DerivedSeed(seed, "neighbour", cell.place.text, pool[index].key).value
                )
            }
            guard let best = ranked.min(by: { ($0.distance, $0.draw) < ($1.distance, $1.draw) }) else { break }
            found.append(pool.remove(at: best.index))
            turn += 1
        }
        return found
    }

    /// Another tag is as far as from the easiest to the hardest.
    private static func distance(_ testCase: TestCase, _ place: CoverageCell.Place) -> Int {
        let lengths = InputLength.allCases
        let steps = abs((lengths.firstIndex(of: testCase.length) ?? 0) - (lengths.firstIndex(of: place.length) ?? 0))
        let isOther = !place.tag.isEmpty && !testCase.tags.contains(place.tag)
        return (isOther ? 4 : 0) + abs(testCase.difficulty - place.difficulty) + steps
    }
}
