import EdisonCore

/// What the run found, as one sentence that its interval carries, and why it ended.
struct ReportVerdict: Sendable {
    let lead: String
    var figure: String?
    /// `pos` or `neg` only for a difference whose interval leaves out zero.
    var tone = ""
    var range: String?
    var tail = "."
    var remarks: [String] = []
    var strip: ReportStrip?

    init(_ source: ReportSource) {
        if !source.variants.isEmpty {
            self = ReportVerdict(variants: source)
        } else if let holdout = source.holdout {
            self = ReportVerdict(holdout: holdout, source)
        } else if let best = source.improved {
            let number = best["number"]?.int.map { "Version\u{A0}\($0)" } ?? "The best version"
            self.init(
                lead: source.isFinished
                    ? "\(number) was accepted last, but was not compared with the first version on held-out cases"
                    : "The run is not finished. So far \(number.lowered) leads, not yet compared with the first version "
                        + "on held-out cases")
        } else if let composite = source.measured.last?.composite ?? source["composite"],
            composite["score"]?.double != nil
        {
            self = ReportVerdict(composite: composite, source)
        } else {
            self.init(
                lead: source.isFinished
                    ? "Nothing could be scored"
                    : source["status"]?.string == "failed"
                        ? "The run failed before anything was scored"
                        : "The run is not finished, and nothing is scored yet")
        }
        remarks = Self.remarks(source)
    }

    private init(lead: String) { self.lead = lead }

    /// The test at the end.
    private init(holdout: JSONValue, _ source: ReportSource) {
        let number = source.number(holdout["version_id"]).map { "version\u{A0}\($0)" } ?? "the best version"
        let difference = holdout["difference"]?.double
        let interval = ReportSource.range(holdout["interval"])
        let cases = ReportFigures.count(holdout["cases"]?.int ?? 0, "held-out case")
        switch source["verdict"]?.string.flatMap(Verdict.init(rawValue:)) {
        case .better:
            lead = "\(number.raised) beats the first version by"
            figure = difference.map { ReportFigures.score($0) }
        case .worse:
            lead = "\(number.raised) does worse than the first version:"
            figure = difference.map { ReportFigures.signed($0) }
        case .equivalent:
            lead = "\(number.raised) does as well as the first version:"
            figure = difference.map { ReportFigures.signed($0) }
        case .noDifference:
            lead = "No difference between \(number) and the first version is shown:"
            figure = difference.map { ReportFigures.signed($0) }
        case .insufficientData, nil:
            lead = "The data are not enough for a verdict on \(number)" + (difference == nil ? "" : ":")
            figure = difference.map { ReportFigures.signed($0) }
        }
        if let interval, interval.lowerBound > 0 || interval.upperBound < 0 {
            tone = interval.lowerBound > 0 ? "pos" : "neg"
        }
        range = ReportFigures.interval(interval)
        tail = " on \(cases)."
        strip = ReportStrip(holdout, source)
    }

    /// A score without a comparison.
    private init(composite: JSONValue, _ source: ReportSource) {
        let subject = source.raced.isEmpty ? "The prompt" : "No version beat the first one, which"
        lead = "\(source.isFinished ? subject : "The run is not finished. The prompt") scores"
        figure = ReportFigures.score(composite["score"]?.double)
        range = ReportFigures.interval(ReportSource.range(composite["interval"]))
        tail = composite["cases"]?.int.map { " on \(ReportFigures.count($0, "case"))." } ?? "."
    }

    private init(variants source: ReportSource) {
        let name = source.variants.first?["name"]?.string ?? "the first variant"
        let cases = source.variants.compactMap { $0["cases"]?.int }.max() ?? 0
        let better = source.variants.filter { $0["comparison"]?["verdict"] == "better" }
        tail = " on \(ReportFigures.count(cases, "case"))."
        guard let best = better.max(by: { Self.difference($0) < Self.difference($1) }) else {
            lead = "No variant is shown to be better than “\(name)”"
            return
        }
        lead = "“\(best["name"]?.string ?? "")” beats “\(name)” by"
        figure = ReportFigures.score(Self.difference(best))
        range = ReportFigures.interval(ReportSource.range(best["comparison"]?["interval"]))
        tone = (ReportSource.range(best["comparison"]?["interval"])?.lowerBound ?? 0) > 0 ? "pos" : ""
    }

    private static func difference(_ row: JSONValue) -> Double { row["comparison"]?["difference"]?.double ?? 0 }

    private static func remarks(_ source: ReportSource) -> [String] {
        var remarks: [String] = []
        if let words = correction(source.holdout?["corrected"]?.asObject) { remarks.append(words) }
        if let reason = source["verdict_reason"]?.string { remarks.append(ReportWords.sentence(reason)) }
        let better = source.variants.filter { $0["comparison"]?["verdict"] == "better" }
        if better.count > 1 {
            remarks.append("\(better.count) of \(source.variants.count) variants are better than the first.")
        }
        if let finalists = source.holdout?["finalists"]?.array, !finalists.isEmpty {
            remarks.append(
                "It was chosen among \(finalists.count) finalists on the first held-out cases, and the test asks for more "
                    + "because of that.")
        }
        if let reason = ReportWords.stop(source) { remarks.append("The run stopped because \(reason).") }
        if let error = source["error"]?.string { remarks.append("It ended with an error: \(error)") }
        return remarks
    }

    private static func correction(_ corrected: JSONValue?) -> String? {
        guard let corrected, let difference = corrected["difference"]?.double else { return nil }
        let interval = ReportFigures.signedInterval(ReportSource.range(corrected["interval"])) ?? "no interval"
        return
            "Corrected by the labels of people on \(ReportFigures.count(corrected["labels"]?.int ?? 0, "case")), the "
            + "difference is \(ReportFigures.signed(difference)) (\(interval))."
            + ((corrected["clusters"]?.int ?? 0) < SmallSample.labelsForRareLosses
                ? " \(SmallSample.missesRareLosses)" : "")
    }
}

extension String {
    fileprivate var raised: String { "\(prefix(1).uppercased())\(dropFirst())" }
    fileprivate var lowered: String { "\(prefix(1).lowercased())\(dropFirst())" }
}
