extension ApprenticeTask {
    /// Sorts customers' messages into queues, with a polite answer.
    package static let triage: ApprenticeTask = {
        var task = ApprenticeTask(name: "triage")
        task.cues = [
            "queue", "sort", "triage", "route", "classif", "categor", "incoming", "assign", "department", "label",
            "team", "messag",
        ]
        task.openings = ["The message is about {topic}.", "Subject: {topic}.", "This concerns {topic}."]
        task.requirements = routing + manners
        task.traps = triageTraps
        task.topics = triageTopics
        task.fallback = Topic(
            "other", cues: "", label: "other",
            values: [
                "topic": "a general matter", "problem": "the sender has a question that fits no single team",
                "detail": "a few more details",
            ])
        task.samples = triageSamples
        task.pools = supportPools
        task.rubric = [
            Criterion("Correct queue", "Names the right queue, one queue only, with the reason.", 0.6),
            Criterion("Tone", "The answer is polite and calm and says what happens next.", 0.4),
        ]
        task.objectives = [
            "Sort an incoming customer message into one queue and answer politely.",
            "Send each message to the team that can solve it, and tell the customer what happens next.",
            "Name the right queue for every message, with its urgency, and confirm receipt in a calm tone.",
        ]
        task.prompts = [
            "Sort the message into a queue.\n\nMessage: {{message}}",
            "You sort customer messages into queues: billing, technical, delivery, account, sales, "
                + "other.\n\nMessage: {{message}}",
            "Choose exactly one queue for the message and thank the customer.\n\nMessage: {{message}}",
        ]
        return task
    }()

    private static let routing = [
        Requirement(
            "queue", criteria: "queue|correct|accura|rout|classif|right|label|categor",
            stated:
                "queue|categor|team|department & billing|list|following|one of|exactly|main|only|named|choose from|"
                + "by the;main & problem|subject|topic",
            base: 0.4, shows: ["Queue: {label}.", "Queue: {label}.", "Queue: {label}."],
            good: "names the right queue", bad: "names the wrong queue",
            advice: "List the queues in the prompt and ask to choose by the main problem.",
            instructions: [
                "Choose the queue by the main problem of the message.",
                "Use exactly one of these queues: billing, technical, delivery, account, sales, other.",
                "Decide on the queue by the main subject, not by the mood of the message.",
            ],
            namesLabel: true),
        Requirement(
            "single", criteria: "queue|correct|single|rout|format",
            stated: "one|single|exactly|only & queue|category|team", base: 0.3,
            shows: ["No other team is needed for this.", "One team is enough for this message."],
            flaw: "Several other teams could take this as well.", good: "decides on a single queue",
            bad: "does not decide on a single queue", advice: "Ask for a single queue.",
            instructions: ["Name a single queue.", "Never name more than one queue, decide on one category only."]),
        Requirement(
            "reason", criteria: "queue|reason|explain|transparen|correct",
            stated: "reason|why|explain|justif & queue|choice|decision|chose|category;reason for", base: 0.15,
            shows: [
                "I chose this queue because the message is about {topic}.",
                "The reason for this choice is that {problem}.",
            ],
            good: "gives the reason for the queue", bad: "gives no reason for the queue",
            advice: "Ask for the reason for the queue.",
            instructions: [
                "Give the reason for the choice of the queue.", "Explain the decision for the queue in a few words.",
            ]),
        Requirement(
            "urgency", criteria: "urgen|priorit|queue|complet|useful", stated: "urgen|priorit|severity", base: 0.1,
            shows: [
                "Judged by what is at stake, the urgency is {urgency}.",
                "By what the customer stands to lose, the urgency is {urgency}.",
            ],
            good: "rates the urgency", bad: "does not rate the urgency", advice: "Ask for the urgency of each message.",
            instructions: ["Rate the urgency as low, medium or high.", "State the priority of the message."]),
        Requirement(
            "summary", criteria: "summar|understand|accura|queue|clar",
            stated: "summar|gist|in short|one line & message|problem|issue|customer|request;summar", base: 0.2,
            shows: ["In short: {problem}.", "Summary for the team: {problem}."].map {
                $0 + " That is all the team needs to begin."
            },
            good: "sums up the message for the team", bad: "does not sum up the message",
            advice: "Ask for a short summary for the team.",
            instructions: [
                "Add a short summary of the problem for the team.",
                "Summarise the message in a few "
                    + "words.",
            ]),
    ]

    private static let manners = [
        Requirement(
            "thanks", criteria: "tone|polite|friendl|courte|warm", stated: "thank|grateful|appreciate", base: 0.3,
            shows: [
                "\n\nHello{name}, thank you for your message.", "\n\nGood day{name}, thank you for writing to us.",
            ],
            flaw: "\n\nYour message was received.", good: "thanks the customer", bad: "does not thank the customer",
            advice: "Ask the model to thank the customer.",
            instructions: ["Thank the customer for the message.", "Begin the answer with thanks."]),
        Requirement(
            "calm", criteria: "tone|calm|polite|empath", stated: "calm|patient|reassur|understanding|blame|empath|feel",
            base: 0.2,
            shows: [
                "We take this seriously, and you are in good hands.",
                "Please rest assured that we take this seriously.",
            ],
            flaw: "There is no need to get excited.", good: "stays calm and reassuring", bad: "is not reassuring",
            advice: "Ask for a calm and reassuring answer.",
            instructions: ["Answer calmly and reassure the customer.", "Stay calm and show understanding."]),
        Requirement(
            "apology", criteria: "tone|polite|empath|courte", stated: "apolog|sorry|regret", base: 0.15,
            shows: [
                "I am sorry for the trouble with {topic}.", "Please accept my apology for the trouble with {topic}.",
            ],
            good: "apologises for the trouble caused", bad: "offers no word of apology",
            advice: "Ask for a word of apology.",
            instructions: ["Apologise for the trouble.", "Say sorry for the inconvenience."]),
        Requirement(
            "next", criteria: "next|tone|complet|clear|help",
            stated: "next step|what happens|happens next|next;follow-up|follow up", base: 0.2,
            shows: [
                "Next, a specialist of that team will read your message.",
                "What happens next: a specialist of that team reads your message.",
            ],
            good: "says what happens next", bad: "does not say what happens next",
            advice: "Ask the model to say what happens next.",
            instructions: ["Tell the customer what happens next.", "Name the next step for the customer."]),
        Requirement(
            "time", criteria: "time|tone|complet|next",
            stated: "time frame|timeframe|deadline|how long|how soon|by when;when & hear|expect|answer|reply",
            base: 0.1,
            shows: ["You will have an answer within one working day.", "Expect an answer within one working day."],
            flaw: "Somebody will write to you eventually.", good: "says by when the answer comes",
            bad: "does not say when the answer comes",
            advice: "Ask for the time within which the customer hears from us.",
            instructions: [
                "Say within which time frame the answer comes.", "Tell the customer how soon they hear from us.",
            ]),
        Requirement(
            "detail", criteria: "complet|help|tone|question", stated: "ask|request & missing|detail|information|number",
            base: 0.15,
            shows: ["It would help us to have {detail}.", "To be quick, the team would like to have {detail}."],
            good: "asks for what the team needs", bad: "does not ask for missing details",
            advice: "Ask the model to request missing details.",
            instructions: ["Ask for details that are missing.", "Request the information that the team will need."]),
    ]
}
