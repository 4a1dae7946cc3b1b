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

    /// Taken for a part of the input, a sentence that does nothing would change what the answer is about.
    @Test(
        "what a refiner may write behind the input is read as an instruction",
        arguments: ApprenticeTask.shipped.map(\.name))
    func behindTheInput(name: String) throws {
        let task = try #require(ApprenticeTask.shipped.first { $0.name == name })
        let sentences = task.fillers + task.requirements.flatMap(\.instructions) + task.traps.flatMap(\.instructions)
        #expect(sentences.count > 20)
        for sentence in sentences {
            let located = InputLocator.locate(
                in: "You help our customers.\n\nMessage: Where is my parcel?\n\(sentence)", hasSystem: false)
            #expect(located.input == "Where is my parcel?", "\"\(sentence)\"")
        }
    }
}
