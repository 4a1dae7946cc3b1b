import EdisonCore

/// Where a model of Google's is called: the path says project, location and model.
enum GoogleModelPath {
    /// `models/x`, as the Developer API names it; what has a folder already (`tunedModels/x`) keeps it.
    static func name(_ model: String) -> String { model.contains("/") ? model : "models/\(model)" }

    /// With its slash; empty where the address that was given ends with one.
    static func version(_ endpoint: Endpoint) -> String {
        let last = endpoint.baseURL.split(separator: "/").last ?? ""
        if last.wholeMatch(of: /v\d+((alpha|beta)\d*)?/) != nil { return "" }
        let usual = endpoint.kind == .googleVertex ? "v1beta1" : "v1"
        return "/\(PathSegment.encoded(endpoint.settings["api_version"]?.string ?? usual))"
    }

    /// - Parameter project: that of the service account, where the settings name none.
    static func path(of model: String, _ endpoint: Endpoint, project: String?) throws -> String {
        let version = version(endpoint)
        guard endpoint.kind == .googleVertex else { return "\(version)/\(encoded(name(model)))" }
        let publisher = "publishers/google/models/"
        let tail = model.contains("/") ? model : publisher + model
        guard let project = endpoint.settings["project"]?.string ?? project else {
            // An API key of the express mode has its project with it.
            if endpoint.settings["auth"] == "x-goog-api-key" { return "\(version)/\(encoded(tail))" }
            throw ProviderFailure(.badRequest, "google-vertex needs a project", code: "refused")
        }
        guard let location = endpoint.settings["location"]?.string else {
            throw ProviderFailure(.badRequest, "google-vertex needs a location", code: "refused")
        }
        let place = "projects/\(PathSegment.encoded(project, keeping: ":"))/locations/\(PathSegment.encoded(location))"
        return "\(version)/\(place)/\(encoded(tail))"
    }

    /// Slashes stay, and every part between them stays one.
    private static func encoded(_ path: String) -> String {
        path.split(separator: "/").map { PathSegment.encoded(String($0), keeping: "@") }.joined(separator: "/")
    }

    /// The host of a location; nil = no location can be that.
    static func address(_ settings: JSONObject) -> String? {
        let isExpress = settings["auth"] == "x-goog-api-key" && settings["project"] == nil
        guard let location = settings["location"]?.string ?? (isExpress ? "global" : nil),
            location.wholeMatch(of: /[a-z0-9-]{1,50}/) != nil
        else { return nil }
        return location == "global"
            ? "https://aiplatform.googleapis.com" : "https://\(location)-aiplatform.googleapis.com"
    }
}
