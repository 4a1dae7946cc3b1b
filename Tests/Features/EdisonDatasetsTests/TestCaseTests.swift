import EdisonCore
import EdisonDatasets
import Testing

@Suite("Cases by their content")
struct TestCaseTests {
    private func testCase(_ input: JSONObject = ["q": "a"]) -> TestCase {
        TestCase(id: IDSource.random.next(), input: input)
    }

    @Test("the key follows from content, not from ids or the order of members")
    func key() {
        #expect(testCase().key == testCase().key)
        #expect(testCase(["a": 1, "b": 2]).key == testCase(["b": 2, "a": 1]).key)
        #expect(testCase(["a": 1]).key == testCase(["a": 1.0]).key)
    }

    @Test("everything that a case says is part of its key")
    func parts() {
        let base = testCase().key
        let changes: [(inout TestCase) -> Void] = [
            { $0.input["q"] = "b" }, { $0.input["r"] = "a" }, { $0.expected = "x" }, { $0.tags = ["t"] },
            { $0.difficulty = 4 },
            { $0.language = "de" }, { $0.cluster = "c" }, { $0.checks = [["contains": "x"]] },
            { $0.kind = .adversarial },
            { $0.occurrence = 1 }, { $0.input["q"] = "\u{E1}" }, { $0.input["q"] = "a\u{301}" },
        ]
        var keys: Set<String> = [base]
        for change in changes {
            var changed = testCase()
            change(&changed)
            keys.insert(changed.key)
        }
        #expect(keys.count == changes.count + 1)
    }

    @Test("equal cases are numbered in their order, others not")
    func occurrence() {
        let cases = [testCase(), testCase(["q": "b"]), testCase(), testCase(["q": "b"]), testCase()]
            .preparedForSplit()
        #expect(cases.map(\.occurrence) == [0, 0, 1, 1, 2])
        #expect(Set(cases.map(\.key)).count == 5)
        #expect(cases.preparedForSplit().map(\.occurrence) == [0, 0, 1, 1, 2])
    }

    @Test("a named cluster joins cases, and a case without one is its own")
    func clusters() {
        var (one, two, three) = (testCase(), testCase(["q": "b"]), testCase(["q": "c"]))
        one.cluster = "c"
        two.cluster = "c"
        #expect(one.clusterKey == two.clusterKey)
        #expect(three.clusterKey != one.clusterKey)
        three.cluster = testCase(["q": "c"]).clusterKey
        #expect(three.clusterKey != testCase(["q": "c"]).clusterKey, "a name cannot be taken for a case's own cluster")
    }

    @Test("an input of one text is that text, anything else is JSON")
    func inputText() throws {
        #expect(testCase(["q": "Hello\n"]).inputText == "Hello\n")
        for input in [["q": 3], ["q": "a", "r": "b"], ["q": ["x"]]] as [JSONObject] {
            #expect(try JSONValue(parsing: testCase(input).inputText) == .object(input))
        }
    }
}
