import EdisonCore
import EdisonDatasets
import Testing

@Suite("Cases that nobody has confirmed")
struct UnconfirmedCaseTests {
    private func testCase(_ text: String, cluster: String? = nil, isConfirmed: Bool = true) -> TestCase {
        TestCase(
            id: IDSource.random.next(), input: ["message": .string(text)], tags: ["t\(text.count % 3)"],
            cluster: cluster, kind: isConfirmed ? .golden : .adversarial, isConfirmed: isConfirmed)
    }

    private func split(_ cases: [TestCase], seed: UInt64 = 1) -> [TestCase.ID: Split] {
        let shares = SplitShares.standard(clusters: cases.splitClusters, holdout: nil, reserve: nil)
        return CaseSplitter.split(cases, shares: shares, seed: seed)
    }

    @Test("they are searched with, and the others are split as if they were not there")
    func apart() {
        let known = (0..<60).map { testCase("question \($0)") }
        for seed in UInt64(1)...20 {
            let alone = split(known, seed: seed)
            let fresh = (0..<25).map { testCase("new \($0)", isConfirmed: false) }
            let together = split(known + fresh, seed: seed)
            #expect(fresh.allSatisfy { together[$0.id] == .search })
            #expect(known.allSatisfy { together[$0.id] == alone[$0.id] })
        }
    }

    @Test("they do not lift a small set over the bound from which on less is held out")
    func bound() {
        let known = (0..<30).map { testCase("question \($0)") }
        let fresh = (0..<30).map { testCase("new \($0)", isConfirmed: false) }
        let splits = split(known + fresh)
        #expect((known + fresh).splitClusters == 30)
        #expect(known.count { splits[$0.id] == .holdout } == 15)
    }

    @Test("once confirmed they follow the rule of all others")
    func confirmed() {
        let cases = (0..<80).map { number in
            var one = testCase("question \(number)", isConfirmed: number % 4 != 0)
            one.kind = .adversarial
            one.isConfirmed = true
            return one
        }
        let splits = split(cases)
        #expect(Split.allCases.map { part in cases.count { splits[$0.id] == part } } == [48, 20, 12])
    }

    @Test("one of them keeps its whole cluster out of the hold-out, and out of the reserve")
    func clusters() {
        let cases = (0..<200).map { testCase("question \($0)", cluster: "c\($0 / 4)", isConfirmed: $0 % 20 != 0) }
        let splits = split(cases)
        let touched = cases.unconfirmedClusters
        #expect(touched.count == 10)
        #expect(cases.filter { touched.contains($0.clusterKey) }.allSatisfy { splits[$0.id] == .search })
        #expect(cases.contains { splits[$0.id] == .holdout } && cases.contains { splits[$0.id] == .reserve })
    }

    @Test("one with the input of a known case keeps that case out of the hold-out too")
    func sameInput() {
        for seed in UInt64(1)...10 {
            let known = (0..<20).map { testCase("question \($0)") }
            let copies = known.map { one in testCase(one.inputText + " ", isConfirmed: false) }
            let all = (known + copies).preparedForSplit()
            let splits = split(all, seed: seed)
            #expect(all.allSatisfy { splits[$0.id] == .search })
        }
    }

    @Test("confirming a case changes what it says, and so the run that it is in; nothing changes for all others")
    func content() {
        let open = testCase("a", isConfirmed: false)
        var confirmed = open
        confirmed.isConfirmed = true
        #expect(open.key != confirmed.key)
        #expect(confirmed.content["confirmed"] == nil)
    }

    @Test("a row says whether it is confirmed, and its kind")
    func rows() throws {
        let lines = [
            #"{"input": "a", "kind": "adversarial", "confirmed": false}"#, #"{"input": "b", "confirmed": true}"#,
            #"{"input": "c", "kind": "adversarial", "confirmed": null}"#, #"{"input": "d", "kind": "of my own"}"#,
            #"{"input": "e", "confirmed": "no"}"#,
        ].joined(separator: "\n")
        let imported = try CaseImport.read(lines, format: .jsonl, kind: .golden)
        #expect(imported.cases.map(\.isConfirmed) == [false, true, true, true])
        #expect(imported.cases.map(\.kind) == [.adversarial, .golden, .adversarial, .golden])
        #expect(imported.rejected.map(\.row) == [5])
        #expect(imported.rejected.first?.message == "confirmed must be true or false")
    }

    @Test("in a table, columns of these names are fields of the input, unless a mapping says otherwise")
    func tables() throws {
        let table = "message,kind,confirmed\na,late,false\n"
        let plain = try #require(try CaseImport.read(table, format: .csv, kind: .golden).cases.first)
        #expect(plain.input == ["message": "a", "kind": "late", "confirmed": "false"])
        #expect(plain.isConfirmed)
        let mapped = try CaseImport.read(
            table, format: .csv, kind: .golden, mapping: ["confirmed": "confirmed", "kind": "input.kind"])
        #expect(mapped.cases.first?.isConfirmed == false)
        #expect(mapped.cases.first?.input == ["message": "a", "kind": "late"])
    }
}
