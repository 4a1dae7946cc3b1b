/// A kind of work that the apprentice knows: what good answers to it do, and the words to do it with.
package struct ApprenticeTask: Sendable {
    /// Something that inputs are about, with the values that it gives to the slots of sentences.
    package struct Topic: Sendable {
        let name: String
        /// Words of an input that is about it.
        let cues: KeywordPattern
        /// The right label of such an input, for tasks that sort.
        let label: String
        let values: [String: String]

        package init(_ name: String, cues: String, label: String = "", values: [String: String] = [:]) {
            self.name = name
            self.cues = KeywordPattern(cues)
            self.label = label
            self.values = values
        }
    }

    /// An input that a generator of test cases may write, with the topic's name as a tag.
    package struct Sample: Sendable {
        let topic: String
        let text: String
        let difficulty: Int

        package init(_ topic: String, _ difficulty: Int, _ text: String) {
            self.topic = topic
            self.text = text
            self.difficulty = difficulty
        }
    }

    /// A criterion that a draft of a rubric proposes.
    package struct Criterion: Sendable {
        let name: String
        let description: String
        let weight: Double

        package init(_ name: String, _ description: String, _ weight: Double) {
            self.name = name
            self.description = description
            self.weight = weight
        }
    }

    package let name: String
    /// Words by which a prompt, a goal or a rubric is recognised as this task; each hit counts.
    var cues: [String] = []
    /// Neutral sentences with which every answer begins its substance.
    var openings: [String] = []
    /// Before which requirement the opening stands, once unmet ones are left out.
    var openingPlace = 1
    var requirements: [Requirement] = []
    var traps: [Trap] = []
    /// Sentences that change nothing, which a poor refiner adds.
    var fillers: [String] = Fillers.sentences
    var topics: [Topic] = []
    /// What applies when no topic is recognised.
    var fallback = Topic("other", cues: "")
    var samples: [Sample] = []
    /// Values for the slots of samples.
    var pools: [String: [String]] = [:]
    var rubric: [Criterion] = []
    var objectives: [String] = []
    var prompts: [String] = []

    package init(name: String) { self.name = name }

    func topic(of input: [String]) -> Topic { topics.first { $0.cues.matches(input) } ?? fallback }

    /// How much a text speaks of this task.
    func affinity(_ words: [String]) -> Int {
        cues.reduce(0) { sum, cue in sum + min(3, words.count { $0.hasPrefix(cue) }) }
    }
}

extension ApprenticeTask {
    /// The tasks that come with the simulator, in the order in which ties are decided.
    package static let shipped: [ApprenticeTask] = [.support, .triage, .extract]
}

enum Fillers {
    static let sentences = [
        "Remember that quality matters.", "Think about the big picture.", "Take your time.",
        "Work as a part of a larger workflow.", "Work with care and attention.",
        "You have done tasks like this before.", "Keep the overall purpose of the work in view.",
        "Remember that good work is noticed by everybody.", "Remember that every detail has its place.",
        "Approach the work with an open mind.",
        "Consistency is valued here.", "Remember that there is always room to do better.",
        "Put your best effort into it.",
        "Keep the context of the work in view.", "Be the professional that you are.",
        "Treat each case on its own merits.", "Let experience guide you.", "Focus is the key to good results.",
        "Let the work speak for itself.", "Stay on the subject throughout.",
    ]
}
