import EdisonCore
import Testing

@testable import EdisonExperiments

@Suite("The HTML report")
struct HTMLReportTests {
    /// Two versions, two judges, a hold-out: by the contract of the result file.
    private func result(_ change: (inout JSONObject) -> Void = { _ in }) -> RunResult {
        var json: JSONObject = [
            "experiment": [
                "name": "Support", "goal": "Answer customers.",
                "rubric": [
                    ["name": "Warmth", "weight": 0.4], ["name": "Short", "weight": 0.6, "check": ["max_words": 9]],
                ],
                "models": [["name": "m", "provider": "openai", "model": "m"]],
                "judges": [
                    ["name": "strict", "provider": "openai", "model": "j", "mode": "pointwise"],
                    ["name": "mild", "provider": "openai", "model": "j", "mode": "pointwise"],
                ],
                "refiner": ["name": "r", "provider": "openai", "model": "r"],
                "stop": ["max_iterations": 4, "min_delta": 0.02, "max_budget_usd": 2.0],
            ],
            "seed": 7, "status": "completed", "stop_reason": "max_iterations", "verdict": "better",
            "versions": [
                ["id": "a", "number": 1, "status": "seed", "iteration": 0, "text": "Be kind.\n{{message}}"],
                [
                    "id": "b", "number": 2, "parent_id": "a", "status": "promoted", "iteration": 1,
                    "text": "Be kind.\n{{message}}\nSay sorry.", "note": "Warmth: too cold.",
                    "claims": ["Warmth: says sorry", "Warmth: says sorry"],
                    "decision": [
                        "by": "gate", "reason": "gained +0.100", "delta": 0.1, "interval": [-0.05, 0.25], "cases": 6,
                    ],
                ],
                [
                    "id": "c", "number": 3, "parent_id": "b", "status": "rejected", "iteration": 2, "text": "Be kind.",
                    "claims": [],
                    "decision": ["by": "person", "reason": "too bare", "delta": -1.4, "interval": [-1.5, -1.3]],
                ],
            ],
            "first_version_id": "a", "best_version_id": "b",
            "iterations": [
                iteration(1, "a", 0.4, low: 0.3, high: 0.5, warmth: 0.35),
                iteration(2, "b", 0.6, low: 0.5, high: 0.7, warmth: 0.62),
            ],
            "holdout": [
                "version_id": "b", "baseline_version_id": "a", "first": 0.4, "best": 0.65, "difference": 0.25,
                "interval": [0.1, 0.4], "cases": 2, "level": 0.95, "method": "clustered standard error",
                "coverage": 1.0,
            ],
            "outputs": [
                output("o1", "a", "c1", "cold"), output("o2", "b", "c1", "warm"), output("o3", "a", "c2", "curt"),
                output("o4", "b", "c2", "kind"),
            ],
            "scores": [score("o1", 0.2), score("o2", 0.7), score("o3", 0.6), score("o4", 0.6)],
            "judgments": [
                ["judge": "strict", "valid": true, "output_id": "o1"],
                ["judge": "mild", "valid": false, "invalid_reason": "no JSON", "output_id": "o1"],
            ],
            "judge_weights": ["strict": 0.7, "mild": 0.3],
            "cases": [
                ["id": "c1", "split": "holdout", "kind": "synthetic", "input": ["message": "My lamp is broken"]],
                ["id": "c2", "split": "holdout", "kind": "synthetic", "input": ["message": "Where is it?"]],
            ],
            "calls": ["execute": 4, "judge": 2, "refine": 3], "cost_usd": 0.0123,
            "costs": ["execute": 0.01, "judge": 0.002, "refine": 0.0003],
            "tokens": ["input": 1_234_567, "output": 89], "duration_ms": 1_500,
        ]
        change(&json)
        return RunResult(json: json)
    }

    private func iteration(
        _ number: Int64, _ version: String, _ score: Double, low: Double, high: Double, warmth: Double
    ) -> JSONValue {
        [
            "number": .integer(number), "status": "completed", "version_id": .string(version), "refused": [],
            "metrics": [
                "composite": ["score": .number(score), "interval": [.number(low), .number(high)], "cases": 8],
                "per_criterion": [
                    "Warmth": ["score": .number(warmth), "interval": [.number(warmth - 0.1), .number(warmth + 0.1)]]
                ],
            ],
        ]
    }

    private func output(_ id: String, _ version: String, _ testCase: String, _ text: String) -> JSONValue {
        [
            "id": .string(id), "version_id": .string(version), "case_id": .string(testCase), "model": "m",
            "text": .string(text),
        ]
    }

    private func score(_ output: String, _ score: Double) -> JSONValue {
        ["output_id": .string(output), "score": .number(score)]
    }

    private func html(_ change: (inout JSONObject) -> Void = { _ in }) throws -> String {
        try HTMLReport(result(change)).text()
    }

    @Test("it begins with the verdict as a sentence, and every figure of the test at the end is there")
    func verdict() throws {
        let words = try html().words
        #expect(words.contains("Version 2 beats the first version by 0.250 (0.100 to 0.400) on 2 held-out cases."))
        #expect(words.contains("The run stopped because it had made the 4 iterations that the file allows."))
        #expect(words.contains("0.650 from 0.400"))
        #expect(words.contains("clustered standard error"))
        #expect(words.contains("1 ▲ 0 ▼ 1 ="))
    }

    @Test(
        "the sentence says no more than the verdict does",
        arguments: [
            ("worse", -0.3, [-0.4, -0.2], "Version 2 does worse than the first version: −0.300 (−0.400 to −0.200) on"),
            (
                "equivalent", 0.001, [-0.01, 0.01],
                "Version 2 does as well as the first version: +0.001 (−0.010 to 0.010) on"
            ),
            (
                "no_difference", 0.1, [-0.1, 0.3],
                "No difference between version 2 and the first version is shown: +0.100 (−0.100"
            ),
            (
                "insufficient_data", 0.1, [-0.1, 0.3],
                "The data are not enough for a verdict on version 2: +0.100 (−0.100 to"
            ),
        ])
    func otherVerdicts(verdict: String, difference: Double, interval: [Double], sentence: String) throws {
        let text = try html { json in
            json["verdict"] = .string(verdict)
            json["holdout"] = [
                "version_id": "b", "baseline_version_id": "a", "difference": .number(difference),
                "interval": .array(interval.map { .number($0) }), "cases": 9,
            ]
        }
        #expect(text.words.contains(sentence))
        #expect(!text.contains("beats"))
    }

    @Test("costs by purpose, calls, tokens, time and seed are there, and unknown is said")
    func costs() throws {
        let words = try html().words
        for part in [
            "Answers 4 $0.01000", "Proposals 3 $0.00030", "Together 9 $0.01230", "1,234,567 in, 89 out", "1.5 s",
            "seed 7",
        ] {
            #expect(words.contains(part), "\(part)")
        }
        let unknown = try html { json in
            json["cost_usd"] = .null
            json["costs"] = .null
            json["unknown_prices"] = ["m"]
        }.words
        #expect(unknown.contains("Together 9 unknown"))
        #expect(unknown.contains("No price is known for m."))
        #expect(!unknown.contains("$0 "))
    }

    @Test("the loop's versions show their reason, their merged claims, their decision and what changed")
    func versions() throws {
        let text = try html()
        #expect(text.components(of: "<li>Warmth: says sorry</li>") == 1)
        #expect(text.contains("<ins>Say sorry.</ins>"))
        #expect(text.words.contains("A person decided: too bare."))
        #expect(text.words.contains("1 of 2 raced versions was kept"))
        #expect(text.words.contains("+0.100 −0.050 to +0.250"), "an interval that holds zero is no gain to colour")
        #expect(text.words.contains("−1.400 −1.500 to −1.300"))
    }

    @Test("invalid judgments, synthetic cases and failures are said in the providers' words")
    func doubts() throws {
        let words = try html { json in
            json["outputs"] = [
                ["id": "o1", "version_id": "a", "case_id": "c1", "model": "m", "error": "HTTP 429: slow down"]
            ]
        }.words
        for part in [
            "HTTP 429: slow down", "1 answer failed", "no JSON", "1 judgment could not be used",
            "All cases are synthetic",
        ] {
            #expect(words.contains(part), "\(part)")
        }
    }

    @Test("nothing is loaded from anywhere, and nothing can run")
    func selfContained() throws {
        let text = try html { $0["experiment"] = ["name": "See https://example.org/a", "goal": "url(x) src=y"] }
        #expect(text.contains("https://example.org/a"), "an address in a text stays a text")
        #expect(text.matches(of: /<[^>]*https?:[^>]*>/).isEmpty)
        let style = text[(text.firstRange(of: "<style>")?.upperBound ?? text.endIndex)...].prefix { $0 != "<" }
        for word in ["url(", "@import", "http", "@font-face"] { #expect(!style.contains(word), "\(word)") }
        for tag in text.matches(of: /<[^>]*>/).map({ String($0.output) }) {
            for word in [
                "<script", "<link", "<img", "<iframe", "<object", "<base", " src=", " href=", "javascript:",
                " style=", " onload=", " onclick=",
            ] {
                #expect(!tag.contains(word), "\(tag)")
            }
        }
        #expect(text.contains("default-src 'none'"))
    }

    @Test(
        "what people and models wrote stays text, wherever it stands",
        arguments: [
            #"<script>alert(1)</script>"#, #"" onload="x"#, "' onload='x", "&lt;b>", "</pre></style><b>",
            "{{title}}{{{style}}}",
            // A prepended mark makes one Character with what follows it; an escape by Character would let it through.
            "\u{600}<script>", "\u{600}\" onload=\"", "\u{0}<b\u{1}>",
        ])
    func escapes(hostile: String) throws {
        let value = JSONValue.string(hostile)
        let text = try html { json in
            json["experiment"] = [
                "name": value, "goal": value, "rubric": [["name": value]],
                "judges": [["name": value, "mode": "pointwise", "model": value]],
                "models": [["name": value, "provider": value]],
            ]
            json["versions"] = [
                ["id": "a", "number": 1, "status": "seed", "text": value, "system_text": value],
                [
                    "id": "b", "number": 2, "status": "promoted", "iteration": 1, "parent_id": "a", "text": "x",
                    "system_text": "y",
                    "note": value, "claims": [value],
                    "decision": ["reason": value, "delta": 0.1, "interval": [0, 0.2]],
                ],
            ]
            json["iterations"] = [
                [
                    "number": 1, "status": "completed", "refused": [value], "summary": ["headline": value],
                    "metrics": [
                        "composite": ["score": 0.5], "per_criterion": [hostile: ["score": 0.5]],
                        "facets": [hostile: ["score": 0.5]],
                    ],
                ]
            ]
            json["cases"] = [
                ["id": "c1", "split": "holdout", "input": ["message": value], "tags": [value], "expected": value]
            ]
            json["outputs"] = [
                ["id": "o1", "version_id": "a", "case_id": "c1", "model": value, "text": value],
                ["id": "o2", "version_id": "b", "case_id": "c1", "model": value, "error": value],
            ]
            json["scores"] = [score("o1", 0.2), score("o2", 0.7)]
            json["judgments"] = [["judge": value, "valid": false, "invalid_reason": value]]
            json["agreement"] = ["composite": 0.4, "outputs": 3, "warnings": [value]]
            json["holdout"] = [
                "version_id": "b", "difference": 0.1, "interval": [0, 0.2], "cases": 1, "method": value,
            ]
            json["verdict_reason"] = value
            json["error"] = value
            json["unknown_prices"] = [value]
            json["variants"] = [
                ["name": value, "model": value, "score": 0.5], ["name": value, "comparison": ["verdict": value]],
            ]
        }
        // Of the elements only those of the templates are left, and none with a handler.
        let known: Set = [
            "html", "head", "meta", "title", "style", "body", "main", "header", "footer", "div", "section", "article",
            "figure",
            "figcaption", "h1", "h2", "h3", "h4", "p", "b", "span", "small", "code", "pre", "ins", "del", "ul", "li",
            "dl", "dt", "dd",
            "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "details", "summary", "abbr", "svg",
            "desc", "line", "text",
            "rect", "circle", "path",
        ]
        let body = text[(text.firstRange(of: "<body>")?.lowerBound ?? text.startIndex)...]
        let elements = Array(body.unicodeScalars).startTags
        #expect(!elements.isEmpty)
        for element in elements {
            #expect(known.contains(element.name), "\(element.name)")
            #expect(!element.attributes.contains("onload"), "\(element.attributes)")
        }
        #expect(elements.count { $0.name == "b" } <= 1, "the figure of the verdict alone")
        if hostile.hasPrefix("{{") { #expect(body.contains("{{title}}{{{style}}}")) }
    }

    @Test("a result with nothing in it is a report that says so")
    func nothing() throws {
        let text = try HTMLReport(RunResult(json: [:])).text()
        #expect(text.words.contains("The run is not finished, and nothing is scored yet."))
        #expect(text.words.contains("Status unknown"))
        for word in ["nan", "inf<", "Optional(", "nil", "$0"] { #expect(!text.contains(word), "\(word)") }
        let over = try HTMLReport(RunResult(json: ["status": "completed"])).text()
        #expect(over.words.contains("Nothing could be scored."))
    }

    @Test("an interrupted run shows what it has, and claims nothing")
    func interrupted() throws {
        let words = try html { json in
            json["status"] = "paused"
            json["stop_reason"] = "cancelled"
            json["verdict"] = .null
            json["holdout"] = .null
            json["iterations"] = [
                iteration(1, "a", 0.4, low: 0.3, high: 0.5, warmth: 0.4),
                ["number": 2, "status": "judging", "version_id": "b", "refused": []],
            ]
        }.words
        #expect(words.contains("Not finished, interrupted"))
        #expect(
            words.contains(
                "The run is not finished. So far version 2 leads, not yet compared with the first version on held-out"))
        #expect(words.contains("Ended while judging."))
        #expect(words.contains("No version was compared with the first one on held-out cases"))
        #expect(!words.contains("beats"))
    }

    @Test("an evaluation with variants compares each with the first, on one axis")
    func variants() throws {
        let text = try html { json in
            for key in ["holdout", "verdict", "stop_reason"] { json[key] = .null }
            json["versions"] = [
                ["id": "a", "number": 1, "status": "seed", "text": "Be kind."],
                ["id": "b", "number": 2, "status": "seed", "text": "Be warm."],
            ]
            json["best_version_id"] = "a"
            json["iterations"] = [["number": 1, "status": "completed", "metrics": [:]]]
            json["variants"] = [
                [
                    "name": "plain", "version_id": "a", "model": "m", "score": 0.5, "interval": [0.4, 0.6], "cases": 24,
                    "cost_usd": 0.01,
                ],
                [
                    "name": "warm", "version_id": "b", "model": "m", "score": 0.7, "interval": [0.6, 0.8], "cases": 24,
                    "cost_usd": nil, "latency_ms_median": 820.4,
                    "comparison": [
                        "against": "plain", "difference": 0.2, "interval": [0.1, 0.3], "p_adjusted": 0.00001,
                        "verdict": "better",
                    ],
                ],
            ]
        }
        #expect(text.words.contains("“warm” beats “plain” by 0.200 (0.100 to 0.300) on 24 cases."))
        for part in [
            "0.700 0.600 to 0.800", "+0.200 +0.100 to +0.300",
            "m, 24 cases, cost unknown, median 820 ms, p < 0.001 after Holm", "cost $0.010",
            "what the others are compared with",
        ] { #expect(text.words.contains(part), "\(part)") }
        #expect(!text.words.contains("What was tried"))
    }

    @Test("a line that only gains or loses the line break at its end is not a changed line")
    func lineBreaks() {
        func changed(_ old: String, _ new: String) -> [String] {
            ReportDiff(from: old, to: new, part: nil, context: nil).lines.filter(\.isChanged).map { line in
                line.pieces.map { "\($0.isAdded ? "+" : $0.isCut ? "-" : "")\($0.words)" }.joined()
            }
        }
        #expect(changed("Be kind.\nMessage: {{m}}", "Be kind.\nMessage: {{m}}\nSay sorry.") == ["+Say sorry."])
        #expect(changed("Be kind.\nMessage: {{m}}\nSay sorry.", "Be kind.\nMessage: {{m}}") == ["-Say sorry."])
        #expect(changed("Be kind.\n", "Be kind.") == [])
        #expect(changed("Be kind.\nStop.", "Be very kind.\nStop.") == ["Be +very kind."])
        #expect(ReportDiff(from: "a b", to: "a\nb", part: nil, context: nil).remark == "Only white space changed.")
        #expect(changed("Be kind.\nStop.", "Be kind.\nGo on.\nStop.") == ["+Go on."], "not the full stop before it")
        #expect(changed("One. Two.", "One. Two. Two.") == ["One. Two. +Two."])
        #expect(changed("One.\nTwo.\nThree.", "One.\nThree.") == ["-Two."])
        let long = (1...20).map { "line \($0)" }.joined(separator: "\n")
        let folded = ReportDiff(from: long, to: long + "\nnew", part: nil, context: 1).lines
        #expect(folded.map(\.gap) == ["19 unchanged lines", nil, nil])
    }

    @Test("an axis holds every value in full, with three to six round ticks", arguments: 0..<40)
    func axis(index: Int) {
        var generator = SeededDraw(state: UInt64(index) &* 0x9E37_79B9 &+ 1)
        let size = [0.01, 0.3, 1, 40][index % 4]
        let values = (0..<6).map { _ in (generator.next() - 0.4) * size }
        let scale = ReportScale(covering: values)
        for value in values { #expect((-1e-6...100.000001).contains(scale.share(value))) }
        let ticks = scale.ticks(isSigned: true)
        #expect((2...7).contains(ticks.count))
        #expect(Set(ticks.map(\.words)).count == ticks.count)
        #expect(ticks.first?.place == "0.0%" && ticks.last?.place == "100.0%")
    }

    @Test("figures have a real minus, no negative zero, and commas between thousands")
    func figures() {
        #expect(ReportFigures.signed(-0.05) == "−0.050" && ReportFigures.signed(0.05) == "+0.050")
        #expect(ReportFigures.signed(-0.0001) == "0.000" && ReportFigures.signed(nil) == "–")
        #expect(ReportFigures.count(1_234_567) == "1,234,567" && ReportFigures.count(999) == "999")
        #expect(
            ReportFigures.plain(0.35) == "0.35" && ReportFigures.plain(2) == "2" && ReportFigures.plain(100) == "100")
        #expect(ReportFigures.money(0.0031) == "$0.0031" && ReportFigures.money(.null) == nil)
        #expect(ReportFigures.duration(125_000) == "2 min 5 s")
        #expect(ReportFigures.list(["a", "b", "c"]) == "a, b and c")
    }

    @Test("headings come in order, and every picture has a name")
    func accessible() throws {
        let text = try html()
        let levels = text.matches(of: /<h([1-6])/).compactMap { Int($0.output.1) }
        #expect(levels.first == 1 && levels.count { $0 == 1 } == 1)
        for (before, after) in zip(levels, levels.dropFirst()) { #expect(after <= before + 1, "\(levels)") }
        for tag in text.matches(of: /<svg[^>]*>/).map({ String($0.output) }) {
            #expect(tag.contains("aria-hidden") || tag.contains("role=\"img\"") && tag.contains("aria-label"), "\(tag)")
        }
        let ids = text.matches(of: #/ id="([^"]+)"/#).map { String($0.output.1) }
        #expect(Set(ids).count == ids.count)
        #expect(text.contains("View as table"))
    }
}

/// Numbers from 0 to 1, the same ones for the same seed.
private struct SeededDraw {
    var state: UInt64

    mutating func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / Double(1 << 53)
    }
}

extension String {
    /// What a reader reads, with single spaces.
    fileprivate var words: String {
        replacing(/<style>[^<]*<\/style>/, with: "").replacing(/<[^>]*>/, with: " ")
            .replacing("&#39;", with: "'").replacing("&quot;", with: "\"").replacing("&lt;", with: "<").replacing(
                "&gt;", with: ">"
            )
            .replacing("&amp;", with: "&").split(whereSeparator: \.isWhitespace).joined(separator: " ")
            .replacing(" )", with: ")").replacing("( ", with: "(").replacing(#/ ([.,])/#, with: { $0.output.1 })
    }

    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}

private struct StartTag {
    let name: String
    let attributes: [String]
}

extension [Unicode.Scalar] {
    /// The start tags, read as the HTML standard reads them: quotes keep a `>` and a blank inside a value.
    fileprivate var startTags: [StartTag] {
        var tags: [StartTag] = []
        var index = 0
        while index + 1 < count {
            guard self[index] == "<", self[index + 1].properties.isAlphabetic, self[index + 1].isASCII else {
                index += 1
                continue
            }
            var words: [String] = []
            var word = ""
            var quote: Unicode.Scalar?
            var isValue = false
            index += 1
            scan: while index < count {
                let scalar = self[index]
                index += 1
                if let open = quote {
                    if scalar == open { quote = nil }
                    continue
                }
                switch scalar {
                case ">": break scan
                case "\"", "'": quote = scalar
                case "=": isValue = true
                case " ", "\n", "/":
                    if !word.isEmpty { words.append(word) }
                    word = ""
                    isValue = false
                default: if !isValue { word.unicodeScalars.append(scalar) }
                }
            }
            if !word.isEmpty { words.append(word) }
            tags.append(StartTag(name: words.first ?? "", attributes: Array<String>(words.dropFirst())))
        }
        return tags
    }
}
