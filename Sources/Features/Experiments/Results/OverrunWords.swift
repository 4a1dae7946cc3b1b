package import EdisonCore

/// Says by how much a limit was overrun.
package struct OverrunWords: Sendable {
    /// "$0.002 more than the limit", or the same of tokens.
    package let claim: String

    package static let reason =
        "It was lowered after that was spent, or a provider counted more tokens than max_tokens allows."

    /// - Parameter json: the result of a run, or of a search for harder cases.
    /// - Returns: nil when no limit was.
    package init?(_ json: JSONObject) {
        let money = ReportFigures.money(json["over_budget_usd"])
        let tokens = json["over_budget_tokens"]?.int.map { ReportFigures.count($0, "token") }
        let amounts = [money, tokens].compactMap(\.self)
        guard !amounts.isEmpty else { return nil }
        claim = "\(amounts.joined(separator: " and ")) more than the limit"
    }
}
