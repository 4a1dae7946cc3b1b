/// The arrows between features, which ARCHITECTURE.md draws. What lies the other way is told by an event, or asked for
/// by a port that the platform owns.
enum FeatureArrows {
    static let allowed: [String: Set<String>] = [
        "Accounts": [],
        "Audit": ["Accounts"],
        "Projects": ["Accounts"],
        "Providers": ["Projects"],
        "Budgets": ["Projects"],
        "Prompts": ["Projects"],
        "Datasets": ["Prompts", "Providers"],
        // A prompt is rendered on a case before its output is judged.
        "Evaluation": ["Providers", "Prompts", "Datasets"],
        "Traces": ["Prompts", "Evaluation"],
        "Experiments": ["Prompts", "Datasets", "Evaluation"],
        "ABTests": ["Prompts", "Evaluation", "Traces"],
        "Workflows": ["Prompts", "Traces"],
        "Gateway": ["Prompts", "ABTests", "Traces"],
        "Analytics": ["Traces", "Experiments", "ABTests"],
        "Integrations": ["Projects", "Traces"],
    ]
}
