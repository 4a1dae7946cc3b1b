import EdisonCore

/// Who judged, how much each one counts, and how far they agree.
struct ReportJudges: Sendable {
    struct Row: Sendable {
        let name: String
        let about: String
        let weight: String
        let reliability: String
    }

    /// A judge of pairs.
    struct Pairwise: Sendable {
        let name: String
        let about: String
        let rate: String
        let interval: String
        let consistency: String
        let pairs: String
    }

    let agreement: String
    let rows: [Row]
    let pairwise: [Pairwise]
    let hasRows: Bool
    let hasPairwise: Bool
    /// Versions by the verdicts of pairs, raw and at equal length.
    let ranking: ReportModel.List<Rank>?

    struct Rank: Sendable {
        let name: String
        let strength: String
        let equalLength: String
    }

    init?(_ source: ReportSource) {
        guard !source.judges.isEmpty || source["agreement"]?["judges"]?.object?.isEmpty == false else { return nil }
        agreement = Self.agreement(source)
        rows = source.judges.filter { $0["mode"]?.string != "pairwise" }.map { Self.row($0, source) }
        pairwise = (source["pairwise"]?["judges"]?.object?.members ?? []).map(Self.pairwise)
        hasRows = !rows.isEmpty
        hasPairwise = !pairwise.isEmpty
        ranking = ReportModel.List(Self.ranking(source))
    }

    private static func agreement(_ source: ReportSource) -> String {
        guard let found = source["agreement"], let alpha = found["composite"]?.double else {
            return source.judges.count { $0["mode"]?.string != "pairwise" } > 1
                ? "How far the judges agree is unknown: no outputs that two of them scored."
                : "How far judges agree is unknown: one judge scores alone."
        }
        let flags = found["flags"]?.double.map { " On flags α is \(ReportFigures.decimal($0, 2))." } ?? ""
        return "Krippendorff's α of the scores is \(ReportFigures.decimal(alpha, 2)) on "
            + "\(ReportFigures.count(found["outputs"]?.int ?? 0, "output")), "
            + (found["alarm"]?.bool == true ? "below the alarm" : "above the alarm")
            + (source.experiment?["loop"]?["agreement_alarm"]?.double.map { " at \(ReportFigures.plain($0))" } ?? "")
            + ".\(flags)"
    }

    private static func ranking(_ source: ReportSource) -> [Rank] {
        let controlled = source["pairwise"]?["length_controlled"]?["ranking"]?.array ?? []
        func words(_ row: JSONValue?, in ranking: [JSONValue]) -> String {
            guard let row, let strength = row["strength"]?.double else { return ReportFigures.unknown }
            let isTied = row["tied_with_first"]?.bool == true && row["version_id"] != ranking.first?["version_id"]
            return ReportFigures.signed(strength) + (isTied ? " *" : "")
        }
        let raw = source["pairwise"]?["ranking"]?.array ?? []
        return raw.map { row in
            Rank(
                name: source.name(row["version_id"]), strength: words(row, in: raw),
                equalLength: words(controlled.first { $0["version_id"] == row["version_id"] }, in: controlled))
        }
    }

    private static func row(_ judge: JSONValue, _ source: ReportSource) -> Row {
        let name = judge["name"]?.string ?? "–"
        let found = source["agreement"]?["judges"]?[name]
        let own = source.judgments.filter { $0["judge"]?.string == name }
        let invalid = own.count { $0["valid"]?.bool == false }
        let offset = (found?["offset"] ?? source["judge_offsets"]?[name])?.double
        return Row(
            name: name,
            about: [
                "\(ReportFigures.count(own.count, "judgment"))", "\(ReportFigures.count(invalid)) invalid",
                judge["model"]?.string.flatMap { $0 == name ? nil : $0 },
                offset.map { "offset \(ReportFigures.signed($0))" },
                found?["alpha_without"]?.double.map { "α without it \(ReportFigures.decimal($0, 2))" },
                people(source["agreement"]?["people"]?["judges"]?[name]),
            ].compactMap(\.self).joined(separator: ", "),
            weight: (found?["weight"] ?? source["judge_weights"]?[name])?.double.map { ReportFigures.decimal($0, 2) }
                ?? ReportFigures.unknown,
            reliability: found?["reliability"]?.double.map { ReportFigures.decimal($0, 2) } ?? ReportFigures.unknown)
    }

    /// How a judge agrees with people, where they labelled what it scored.
    private static func people(_ found: JSONValue?) -> String? {
        guard let found, let count = found["outputs"]?.int, count > 0 else { return nil }
        let alpha = found["alpha"]?.double.map { ReportFigures.decimal($0, 2) } ?? "unknown"
        let offset = found["offset"]?.double.map { ", \(ReportFigures.signed($0)) against them" } ?? ""
        let weight = found["weight_by_people"]?.double.map { ", weight \(ReportFigures.decimal($0, 2)) by them" } ?? ""
        return "with people α \(alpha) on \(ReportFigures.count(count, "answer"))\(offset)\(weight)"
    }

    private static func pairwise(_ member: (key: String, value: JSONValue)) -> Pairwise {
        let tally = member.value
        func share(_ key: String) -> String {
            tally[key]?.double.map { ReportFigures.decimal($0, 2) } ?? ReportFigures.unknown
        }
        return Pairwise(
            name: member.key,
            about: "chose what stood first in \(share("first_slot_rate"))"
                + (tally["excluded"]?.bool == true ? "; left out as unreliable" : ""),
            rate: share("win_rate"),
            interval: ReportFigures.interval(ReportSource.range(tally["interval"])) ?? "no interval",
            consistency: share("consistency"), pairs: ReportFigures.count(tally["pairs"]?.int ?? 0))
    }
}
