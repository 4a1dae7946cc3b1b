import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import Foundation

extension ExperimentFileReader {
    mutating func readDatasets(_ file: FileMapping) -> [TestCase] {
        guard let node = file["datasets"] else {
            file.node.fault("needs \"datasets\": a list with file: PATH or cases: [...]")
            return []
        }
        var cases: [TestCase] = []
        for item in node.elements() { cases += readDataset(item) }
        if cases.isEmpty, drafting.cases == 0, faults.issues.isEmpty {
            node.fault("holds no case; add cases, or let a model draft some with generate: 40")
        }
        return cases.preparedForSplit()
    }

    private mutating func readDataset(_ node: FileNode) -> [TestCase] {
        let map = FileMapping(node, known: ["file", "cases", "kind", "generate", "mapping", "name"])
        let kind = map.choice("kind", DatasetKind.self) ?? .golden
        if let count = map.int("generate", in: 1...2000) { drafting.cases += count }
        if map["generate"] == nil, map["cases"] == nil, map["file"] == nil {
            node.fault("needs file:, cases: or generate:")
        }
        let listed = listedCases(map["cases"], kind)
        return listed + importedCases(map, kind)
    }

    private func listedCases(_ list: FileNode?, _ kind: DatasetKind) -> [TestCase] {
        (list?.elements() ?? []).compactMap { item in
            reportMisspelling(item)
            do {
                let testCase = try CaseImport.testCase(item.json(), kind: kind)
                try Self.requireChecks(testCase)
                return testCase
            } catch {
                item.fault("\(error)")
                return nil
            }
        }
    }

    /// A case may carry keys of its author's, but one that is nearly a known one is meant to be it.
    private func reportMisspelling(_ item: FileNode) {
        guard item.isMapping else { return }
        for (key, value) in item.members() where !CaseImport.known.contains(key) {
            // "kind" is short enough for "id" to be near it.
            if let near = CaseImport.known.first(where: { $0 != "kind" && editDistance($0, key) <= 2 }) {
                value.keyFault("unknown key \"\(key)\"; did you mean \"\(near)\"?")
            }
        }
    }

    private mutating func importedCases(_ map: FileMapping, _ kind: DatasetKind) -> [TestCase] {
        guard let fileNode = map["file"], let path = fileNode.string() else { return [] }
        do {
            let text = try surroundings.text(of: path)
            let imported = try CaseImport.read(
                text, format: CaseImport.Format(path: path), kind: kind, mapping: mapping(map))
            rejectedRows += imported.rejected.map { "\(path), row \($0.row): \($0.message)" }
            if imported.cases.isEmpty, !imported.rejected.isEmpty {
                fileNode.fault(
                    "no row of \(path) could be read; row \(imported.rejected[0].row): \(imported.rejected[0].message)")
            }
            return imported.cases.enumerated().compactMap { index, testCase in
                do { try Self.requireChecks(testCase) } catch {
                    fileNode.fault("case \(index + 1) of \(path): \(error)")
                    return nil
                }
                return testCase
            }
        } catch let error as EdisonError {
            fileNode.fault([error.message, error.detail].compactMap(\.self).joined(separator: " "))
        } catch { fileNode.fault("\(error)") }
        return []
    }

    /// A check that is none would fail every output without a word.
    private static func requireChecks(_ testCase: TestCase) throws {
        for check in testCase.checks { _ = try Check(json: check) }
    }

    private func mapping(_ map: FileMapping) -> [String: String] {
        Dictionary(
            (map["mapping"]?.members() ?? []).compactMap { key, value in value.string().map { (key, $0) } },
            uniquingKeysWith: { first, _ in first })
    }
}
