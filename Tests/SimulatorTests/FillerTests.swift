import Testing

@testable import ProviderSimulator

@Suite("Sentences that must not help")
struct FillerTests {
    @Test("a filler states no requirement and no trap of its task", arguments: ApprenticeTask.shipped.map(\.name))
    func inert(name: String) throws {
        let task = try #require(ApprenticeTask.shipped.first { $0.name == name })
        for filler in task.fillers {
            let words = Words.split(filler)
            let stated = task.requirements.filter { $0.stated.matches(words) }.map(\.id)
            let traps = task.traps.filter { $0.stated.matches(words) }.map(\.id)
            #expect(stated.isEmpty && traps.isEmpty, "\"\(filler)\" states \(stated + traps)")
        }
    }
}
