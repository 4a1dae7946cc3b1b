import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonLLM
import EdisonWeb
import Foundation
import Testing

@testable import EdisonExperiments

/// A file that is sent to a server, and read there.
@Suite("An experiment file for a server")
struct ExperimentUploadTests {
    private static let credentials = ["main": "credential-1", "second": "credential-2"]

    private struct Sent {
        let here: ExperimentDefinition
        let there: ExperimentDefinition
        let request: JSONObject
        let reference: String
    }

    private func sent(_ text: String, _ kind: Experiment.Kind = .refine) throws -> Sent {
        let file = try SampleFile.read(text, environment: RunFileTests.surroundings, purpose: kind)
        let upload = try ExperimentUpload(file, kind: kind, credentials: Self.credentials)
        let request = try ExperimentRequest.read(.object(upload.request))
        #expect(request.kind == kind)
        let document = ExperimentDocument.document(request.json, prompt: nil, datasets: [])
        let endpoints = [
            "credential-1": Endpoint(kind: .openAICompatible, credentialID: "credential-1", baseURL: "http://x/v1"),
            "credential-2": Endpoint(kind: .anthropic, credentialID: "credential-2", baseURL: "http://y"),
        ]
        let read = try ExperimentFile.read(
            text: JSONValue.object(document).text(), name: "The request", in: FileEnvironment(endpoints: endpoints),
            purpose: kind)
        return Sent(
            here: file.definition, there: read.definition, request: upload.request, reference: upload.reference)
    }

    @Test("the server reads the run that it would be here")
    func same() throws {
        let sent = try sent(RunFileTests.full)
        #expect(sent.there.json == sent.here.json)
        #expect(sent.there.identity(kind: .refine) == sent.here.identity(kind: .refine))
        #expect(sent.there.cases.map(\.key) == sent.here.cases.map(\.key))
        #expect(sent.there.stop.maxCalls == 77 && sent.there.loop.concurrency == sent.here.loop.concurrency)
        #expect(sent.there.models[0].reference.price == sent.here.models[0].reference.price)
        #expect(sent.there.models[0].reference.alternatives[0].endpoint.credentialID == "credential-2")
        #expect(sent.there.scanner?.model.reference.endpoint.credentialID == "credential-1")
    }

    @Test("no key and no address leaves the machine")
    func secrets() throws {
        let text = JSONValue.object(try sent(RunFileTests.full).request).text()
        for secret in ["127.0.0.1", "sk-1", "sk-2", "sk-3", "providers"] { #expect(!text.contains(secret)) }
    }

    @Test("variants, drafts and small files are read alike too")
    func others() throws {
        let variants =
            SampleFile.text.replacing("models:\n  - { provider: main, model: small }\n", with: "")
                + """
                variants:
                  - { name: short, prompt: { text: "{{message}}", system: Briefly }, provider: main, model: small }
                  - { name: "long: one", prompt: "At length: {{message}}", provider: main, model: large }

                """
        let drafts = SampleFile.text
            .replacing("\n  - { name: Queue, weight: 0.6 }\n  - { name: Tone, weight: 0.4 }", with: " { draft: true }")
            .replacing("\n  text: \"Message: {{message}}\"", with: " { draft: 2 }")
            .replacing("  - cases:", with: "  - generate: 30\n  - cases:")
        for (text, kind) in [(variants, Experiment.Kind.eval), (drafts, .refine), (SampleFile.text, .refine)] {
            let sent = try sent(text, kind)
            #expect(sent.there.identity(kind: kind) == sent.here.identity(kind: kind))
        }
    }

    @Test("the same file is found again, whatever its limits, and another seed is another run")
    func reference() throws {
        let first = try sent(SampleFile.text)
        let limited = try sent(SampleFile.adding("stop: { max_calls: 10 }"))
        #expect(first.reference == limited.reference)
        #expect(first.reference != (try sent(SampleFile.adding("seed: 9"))).reference)
        #expect(first.reference != (try sent(SampleFile.text, .eval)).reference)
    }
}
