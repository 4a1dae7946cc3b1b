package import EdisonCore

/// What kind of cases a dataset holds.
package enum DatasetKind: String, Sendable, CaseIterable {
    /// Written or confirmed by people.
    case golden
    /// Written by a model.
    case synthetic
    /// Written to fail the current prompt.
    case adversarial
}

/// One input, maybe with the output that is expected of it.
package struct TestCase: Hashable, Sendable {
    package typealias ID = EdisonCore.ID<TestCase>

    package var id: ID
    package var input: JSONObject
    package var expected: JSONValue?
    package var tags: [String]
    /// 1 (easy) to 5 (hard).
    package var difficulty: Int
    package var language: String?
    /// Cases that belong together (variants of one question, turns of one user); resampled and split as one.
    /// nil = a cluster of its own.
    package var cluster: String?
    /// Checks of this case alone, in the form of a criterion's `check`.
    package var checks: [JSONValue]
    package var kind: DatasetKind
    /// False: a model wrote it to fail the prompt, and no person has read it yet. Such a case may be searched with, and
    /// decides nothing.
    package var isConfirmed: Bool
    /// How many equal cases stand before this one: equal inputs stay apart in the order, without ids.
    package var occurrence: Int

    package init(
        id: ID, input: JSONObject, expected: JSONValue? = nil, tags: [String] = [], difficulty: Int = 3,
        language: String? = nil, cluster: String? = nil, checks: [JSONValue] = [], kind: DatasetKind = .golden,
        isConfirmed: Bool = true, occurrence: Int = 0
    ) {
        self.id = id
        self.input = input
        self.expected = expected
        self.tags = tags
        self.difficulty = difficulty
        self.language = language
        self.cluster = cluster
        self.checks = checks
        self.kind = kind
        self.isConfirmed = isConfirmed
        self.occurrence = occurrence
    }
}

extension TestCase {
    /// What the case says, without its id: equal cases in two files or two databases have equal content.
    package var content: JSONValue {
        var object: JSONObject = ["input": .object(input)]
        object["expected"] = expected
        object["tags"] = tags.isEmpty ? nil : .array(tags.map { .string($0) })
        object["difficulty"] = difficulty == 3 ? nil : .integer(Int64(difficulty))
        object["language"] = language.map { .string($0) }
        object["cluster"] = cluster.map { .string($0) }
        object["checks"] = checks.isEmpty ? nil : .array(checks)
        object["kind"] = .string(kind.rawValue)
        object["confirmed"] = isConfirmed ? nil : false
        return .object(object)
    }

    /// Of its input, what is expected and its checks, as JSON in UTF-8: what a quota counts.
    package var storedBytes: Int {
        JSONValue.object(input).text().utf8.count + (expected?.text().utf8.count ?? 0)
            + JSONValue.array(checks).text().utf8.count
    }

    /// The key of every random draw about this case: made of content, never of ids or arrival.
    package var key: String { "\(ContentHash(of: content).text)#\(occurrence)" }

    /// The cluster as the splits and the resampling see it.
    package var clusterKey: String { cluster.map { "named:\($0)" } ?? "own:\(key)" }

    /// The input as one text, for prompts about cases and for duplicates.
    package var inputText: String {
        if input.count == 1, let only = input.members.first?.value.string { return only }
        return JSONValue.object(input).text(.pretty)
    }
}

extension TestCase {
    /// The input, whatever the white space around its texts.
    package var inputHash: ContentHash {
        ContentHash(
            of: .object(
                JSONObject(
                    input.members.map { name, value in
                        (name, value.string.map { .string(Self.withSingleSpaces($0)) } ?? value)
                    })))
    }
}

extension TestCase {
    private static func withSingleSpaces(_ text: String) -> String {
        // Most texts are plain, and bytes are read many times faster than characters.
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        let words = text.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
        return String(decoding: Array(words.joined(separator: [0x20])), as: UTF8.self)
    }
}

extension [TestCase] {
    private func clusteredByInput() -> [TestCase] {
        let hashes = map(\.inputHash)
        var counts: [ContentHash: Int] = [:]
        var named: [ContentHash: String] = [:]
        for (testCase, hash) in zip(self, hashes) {
            counts[hash, default: 0] += 1
            named[hash] = named[hash] ?? testCase.cluster
        }
        return zip(self, hashes).map { testCase, hash in
            guard testCase.cluster == nil, counts[hash, default: 0] > 1 else { return testCase }
            var copy = testCase
            copy.cluster = named[hash] ?? "same input \(hash.text.prefix(12))"
            return copy
        }
    }

    /// Numbers the equal ones, in their order, and puts cases of one input into one cluster: on both sides of a split
    /// the loop would see what it must not.
    package func preparedForSplit() -> [TestCase] {
        var seen: [ContentHash: Int] = [:]
        return clusteredByInput().map { testCase in
            var testCase = testCase
            let hash = ContentHash(of: testCase.content)
            testCase.occurrence = seen[hash, default: 0]
            seen[hash, default: 0] += 1
            return testCase
        }
    }
}
