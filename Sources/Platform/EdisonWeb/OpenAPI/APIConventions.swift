/// What holds for the whole API, in words: the beginning of the reference and of the document.
enum APIConventions {
    struct Rule: Sendable {
        let name: String
        let text: String
    }

    static let all = [
        Rule(
            name: "Who asks",
            text:
                "Send Authorization: Bearer with an access token or an API key (edk_…). What does not exist and what is not yours are both answered with 404; what you may see but not do, with 403."
        ),
        Rule(
            name: "Lists",
            text:
                "A list is {items, next_cursor}. Send next_cursor as cursor to get the next page; null means that there is none."
        ),
        Rule(
            name: "Errors",
            text:
                "An error is application/problem+json: error says what is wrong, detail what to do, issues name the fields, and request_id finds it in the log."
        ),
        Rule(
            name: "Repeating",
            text:
                "Send Idempotency-Key with a POST, and the same request sent again within a day is done once and answered alike. Another request with the same key is refused with 409."
        ),
        Rule(
            name: "Changing together",
            text:
                "Where an answer has an ETag, If-None-Match saves loading it again, and If-Match refuses a change of what somebody else has changed, with 409 and the current state."
        ),
        Rule(
            name: "Limits",
            text:
                "RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset tell how many requests are left in this minute. 429 and 503 say by Retry-After when to come again."
        ),
        Rule(
            name: "Values",
            text:
                "Times are RFC 3339 in UTC, amounts of money are USD, and null means unknown. Of a key that stands twice in a JSON object the last value counts."
        ),
    ]
}
