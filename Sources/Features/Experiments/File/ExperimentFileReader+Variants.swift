import EdisonEvaluation
import EdisonLLM
import EdisonPrompts

extension ExperimentFileReader {
    mutating func readVariants(
        _ file: FileMapping, prompt: PromptContent, models: [RunModel], reader: inout ModelReader
    ) -> [Variant] {
        let nodes = file.list("variants")
        if !nodes.isEmpty, !(2...8).contains(nodes.count) { file["variants"]?.fault("needs two to eight variants") }
        var names: Set<String> = []
        return nodes.enumerated().compactMap { index, node in
            let map = FileMapping(node, known: ["name", "prompt", "model", "provider", "parameters", "price"])
            let content = map["prompt"].map { readPromptContent($0) } ?? prompt
            let name = map.string("name") ?? "variant \(index + 1)"
            if !names.insert(name).inserted {
                (map["name"] ?? node).fault("another variant is called \"\(name)\" already; give each its own name")
            }
            guard let model = reader.variantModel(map, default: models.first, name: name) else {
                node.fault("needs \"model\", or a model under models: that it can take")
                return nil
            }
            return Variant(name: name, prompt: content, model: model)
        }
    }
}
