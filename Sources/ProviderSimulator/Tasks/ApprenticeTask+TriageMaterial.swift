extension ApprenticeTask {
    static let triageTraps =
        supportTraps.filter { $0.id != "sales" } + [
            Trap(
                "label only",
                stated: "only|nothing but|just & label|name of the queue|queue name|category name;nothing else",
                factor: 1,
                only: "{label}", instructions: ["Answer with the queue name and nothing else."],
                claim: "a bare queue name is easy for machines to read"),
            Trap(
                "mood", stated: "mood|anger|angry|emotion & queue|sort|decide|choose|by", harms: ["queue"], factor: 0.3,
                shows: "The mood of the message decided this.", instructions: ["Sort by the mood of the customer."],
                claim: "angry customers reach the right queue sooner"),
        ]

    static let triageTopics = [
        Topic(
            "billing", cues: "charged|invoice|bill|paid|pay|refund|money|price|voucher|debited|receipt",
            label: "billing",
            values: [
                "topic": "a payment", "problem": "a payment or an invoice is not as the customer expected",
                "detail": "the date of the payment",
            ]),
        Topic(
            "account", cues: "log in|login|password|account|sign in|locked|profile|two-factor|email address",
            label: "account",
            values: [
                "topic": "access to an account", "problem": "the customer cannot use the account",
                "detail": "the e-mail address of the account",
            ]),
        Topic(
            "technical", cues: "crash|bug|error|app|freeze|update|not working|stopped working|broken|website|install",
            label: "technical",
            values: [
                "topic": "a technical fault", "problem": "something does not work as it should",
                "detail": "the model of the device",
            ]),
        Topic(
            "delivery", cues: "parcel|deliver|shipping|shipment|package|courier|tracking|arriv|transit",
            label: "delivery",
            values: [
                "topic": "a delivery", "problem": "a parcel is late, lost or wrong",
                "detail": "the order "
                    + "number",
            ]),
        Topic(
            "sales", cues: "buy|offer|discount|quote|available|stock|upgrade|abroad|recommend|compare", label: "sales",
            values: [
                "topic": "a purchase", "problem": "the customer wants to buy or to compare",
                "detail": "the number of pieces",
            ]),
    ]

    static let triageSamples = [
        Sample("billing", 1, "I was charged twice for the {product}. {mood}"),
        Sample("billing", 3, "The invoice of {time} does not match the price of the {product}. {closing}"),
        Sample("billing", 5, "You took money for the {product}, then sent a voucher instead of a refund. {mood}"),
        Sample("account", 1, "I forgot my password. {closing}"),
        Sample(
            "account", 4, "My account has been locked since {time} and my profile shows a {product} I never saw. {mood}"
        ),
        Sample("technical", 2, "The app crashes when I open the page of the {product}. {closing}"),
        Sample("technical", 3, "Since the update {time} my {product} shows an error. {mood}"),
        Sample(
            "technical", 5,
            "The {product} is not working, the website says it does, and the manual is about another model. {mood}"),
        Sample("delivery", 1, "Where is my parcel with the {product}? {closing}"),
        Sample("delivery", 3, "The courier left the {product} in the rain {time}. {mood}"),
        Sample("delivery", 4, "Tracking says that the shipment of the {product} went to another city. {closing}"),
        Sample("sales", 2, "Is the {product} available in green, and is there a discount for ten? {closing}"),
        Sample("sales", 4, "Which {product} do you recommend for use abroad? {closing}"),
        Sample("other", 3, "Your advertisement with the {product} is wonderful, who drew it? {closing}"),
        Sample("other", 5, "I am writing a school report about the {product}. May I visit you? {closing}"),
    ]
}
