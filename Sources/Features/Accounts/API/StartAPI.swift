import EdisonCore
import EdisonWeb
import HTTPTypes

/// The link that signs a browser in once; it stands outside the API, where people click it.
struct StartAPI: Sendable {
    let accounts: AccountService
    let isSecure: Bool

    var endpoints: [Endpoint] {
        [
            .get(
                "/start/{token}", "Signs a browser in by a link, once, and leads to the first page.", in: "Accounts",
                .open, .raw(.seeOther, "text/plain")
            ) { request in
                // Programs that only look at a link do not use it up.
                if request.method == .head { return Answer(.noContent) }
                let page = try await accounts.start(
                    try request.parameter("token"), client: request.headers[.userAgent],
                    request: request.id)
                return Answer(
                    .seeOther,
                    headers: [.location: "/account", .setCookie: PageCookie.value(page.cookie, isSecure: isSecure)])
            }.failing(with: .gone)
        ]
    }
}
