import EdisonCore
import EdisonSQL

/// Sums what calls cost; they are written by the path of all calls, with the project and the person who pay.
struct CostStore: Sendable {
    /// Sums of the calls of these projects, by the values of the dimensions.
    func rows(
        _ query: CostQuery, of projects: [ProjectID], limit: Int, in db: any DatabaseConnection
    ) throws -> [CostRow] {
        if projects.isEmpty { return [] }
        let keys = query.by.enumerated().map { index, dimension in
            let (value, name): (SQL, SQL) = (Self.value(dimension), Self.column(index))
            return "\(value) AS \(name), " as SQL
        }
        let grouping: SQL = query.by.isEmpty ? "" : "GROUP BY \(Self.list(query.by.indices.map(Self.column)))"
        let order: SQL =
            query.by.firstIndex(of: .day).map { "ORDER BY \(Self.column($0)), cost DESC" } ?? "ORDER BY cost DESC"
        let rows = try db.fetch(
            """
            SELECT \(Self.joined(keys)) COUNT(*) AS calls, COALESCE(SUM(c.cached), 0) AS cached,
                COALESCE(SUM(c.attempts), 0) AS requests, COALESCE(SUM(c.cost_nano), 0) AS cost,
                COALESCE(SUM(c.input_tokens), 0) AS input, COALESCE(SUM(c.output_tokens), 0) AS output,
                COALESCE(SUM(CASE WHEN c.price_known = 0 THEN 1 ELSE 0 END), 0) AS unpriced,
                COALESCE(SUM((SELECT COALESCE(SUM(a.reserved_nano), 0) FROM model_attempt a
                    WHERE a.call_id = c.id AND a.status = 'lost')), 0) AS unconfirmed
            FROM model_call c LEFT JOIN experiment e ON e.id = c.scope
            LEFT JOIN experiment_source s ON s.experiment_id = e.id
            WHERE c.project_id IN (\(list: projects)) \(Self.condition(query))
            \(grouping) \(order) LIMIT \(limit)
            """)
        return try rows.map { row in
            var values: [CostDimension: String] = [:]
            for (index, dimension) in query.by.enumerated() {
                let column = "key_\(index)"
                values[dimension] =
                    dimension == .day ? try row.int(column).description : try row.optionalString(column) ?? ""
            }
            return CostRow(values: values, names: [:], figures: try CostFigures(row: row))
        }
    }

    /// What the ids among the values are called; what is gone has no name.
    func names(
        _ dimension: CostDimension, _ ids: [String], in db: any DatabaseConnection
    ) throws -> [String: String] {
        let source: SQL
        switch dimension {
        case .project: source = "SELECT id, name FROM project"
        case .credential: source = "SELECT id, label AS name FROM provider_credential"
        case .prompt: source = "SELECT id, name FROM prompt"
        case .experiment: source = "SELECT id, name FROM experiment"
        case .user: source = "SELECT id, name FROM user_account"
        case .provider, .model, .purpose, .day: return [:]
        }
        var names: [String: String] = [:]
        for start in stride(from: 0, to: ids.count, by: 500) {
            let part = Array(ids[start..<min(start + 500, ids.count)])
            for row in try db.fetch("\(source) WHERE id IN (\(list: part))") {
                names[try row.string("id")] = try row.optionalString("name")
            }
        }
        return names
    }

    private static func condition(_ query: CostQuery) -> SQL {
        var conditions: [SQL] = []
        if let from = query.from { conditions.append("AND c.created_at >= \(from)") }
        if let to = query.to { conditions.append("AND c.created_at < \(to)") }
        for (dimension, value) in query.only.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            conditions.append("AND \(Self.value(dimension)) = \(value)")
        }
        return conditions.reduce("" as SQL) { "\($0) \($1)" }
    }

    private static func value(_ dimension: CostDimension) -> SQL {
        switch dimension {
        case .project: "c.project_id"
        case .provider: "c.provider"
        case .credential: "c.credential"
        case .model: "c.model"
        // That of the library where the experiment began with one, else the experiment's own.
        case .prompt: "COALESCE(s.prompt_id, e.prompt_id)"
        case .experiment: "e.id"
        case .user: "c.user_id"
        case .purpose: "c.purpose"
        case .day: "c.created_at / 86400000000"
        }
    }

    private static func column(_ index: Int) -> SQL {
        let names: [SQL] = ["key_0", "key_1", "key_2", "key_3", "key_4", "key_5", "key_6", "key_7", "key_8"]
        return names[index]
    }

    private static func joined(_ parts: [SQL]) -> SQL { parts.reduce("" as SQL) { "\($0)\($1)" } }

    private static func list(_ parts: [SQL]) -> SQL {
        parts.dropFirst().reduce(parts.first ?? "") { "\($0), \($1)" }
    }
}

extension CostFigures {
    init(row: Row) throws {
        cost = try row.money("cost")
        unconfirmed = try row.money("unconfirmed")
        calls = try row.int("calls")
        cached = try row.int("cached")
        requests = try row.int("requests")
        inputTokens = try row.int("input")
        outputTokens = try row.int("output")
        unpriced = try row.int("unpriced")
    }
}
