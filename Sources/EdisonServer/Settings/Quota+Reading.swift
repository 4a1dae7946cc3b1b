import EdisonCore
import EdisonQuotas

extension Quota {
    /// `members=5`, `monthly_usd=20`, each name once.
    init(reading parts: [String]) throws {
        self.init()
        var seen: Set<String> = []
        for part in parts {
            let sides = part.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
            guard sides.count == 2 else {
                throw SettingText.Fault(words: "\"\(part)\" is no limit such as members=5")
            }
            guard seen.insert(sides[0]).inserted else {
                throw SettingText.Fault(words: "names \(sides[0]) twice")
            }
            try set(sides[0], sides[1])
        }
    }

    private mutating func set(_ name: String, _ text: String) throws {
        func number(_ least: Int) throws -> Int {
            guard let number = Int(text), number >= least else {
                throw SettingText.Fault(words: "\(name) must be a whole number of at least \(least)")
            }
            return number
        }
        if let resource = StoredResource(rawValue: name) {
            // An organization has an owner and a project from its beginning.
            stored[resource] = try number(resource == .datasetBytes ? 0 : 1)
        } else if name == "requests_per_minute" {
            requestsPerMinute = try number(1)
        } else if name == "monthly_usd" {
            guard let value = Double(text), value >= 0, let money = Money(dollars: value) else {
                throw SettingText.Fault(words: "monthly_usd must be an amount such as 20 or 12.50")
            }
            monthlySpending = money
        } else {
            let known = StoredResource.allCases.map(\.rawValue) + ["requests_per_minute", "monthly_usd"]
            throw SettingText.Fault(words: "\"\(name)\" is none of \(known.joined(separator: ", "))")
        }
    }
}
