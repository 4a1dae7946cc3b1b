import EdisonCore
import EdisonWeb

extension ModelConfiguration {
    static let shape = Shape<ModelConfiguration>(
        "ModelConfiguration",
        [
            .id("id", \.id), .id("project_id", \.project), .text("name", \.name), .text("provider", \.provider),
            .text("model", \.model), .any("parameters") { .object($0.parameters) }, .bool("is_default", \.isDefault),
            .texts("dropped_parameters", \.droppedParameters), .optionalID("created_by", \.creator),
            .time("created_at", \.createdAt), .time("updated_at", \.updatedAt),
        ])
}
