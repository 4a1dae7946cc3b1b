extension ApprenticeTask {
    /// Replies to customers who write to a shop's support.
    package static let support: ApprenticeTask = {
        var task = ApprenticeTask(name: "support")
        task.cues = [
            "customer", "support", "repl", "refund", "order", "service", "complain", "empath", "agent", "shop",
        ]
        task.openings = [
            "We have read your message about {topic}.", "This is about {topic}.",
            "Your message about {topic} has reached us.",
        ]
        task.requirements = courtesy + substance + safetyAndClosing
        task.traps = supportTraps
        task.topics = supportTopics
        task.fallback = Topic(
            "general", cues: "",
            values: [
                "topic": "your request", "problem": "something did not go as you expected",
                "cause": "a step was missed on our side", "first": "Reply with a short description of what you see.",
                "second": "Add a screenshot or photo if you have one.", "detail": "a few more details",
                "policy": "we answer every request and put right what went wrong",
            ])
        task.samples = supportSamples
        task.pools = supportPools
        task.rubric = [
            Criterion(
                "Empathy",
                "The reply is polite, warm and personal, and takes the customer's feelings "
                    + "seriously.", 0.35),
            Criterion("Resolution", "The reply solves the problem with concrete next steps and a time frame.", 0.4),
            Criterion(
                "Accuracy", "The reply understands the problem, explains the cause and keeps to the policy.", 0.25),
        ]
        task.objectives = [
            "Answer customers' messages so that they feel heard and know exactly what happens next.",
            "Write support replies that solve the customer's problem in one message, in a warm tone.",
            "Reply to customers politely, explain what went wrong, and give clear next steps within our policy.",
        ]
        task.prompts = [
            "You answer messages to our customer support.\n\nCustomer message: {{message}}",
            "Write a reply to this customer. Apologise for the trouble.\n\nCustomer message: {{message}}",
            "You are a support agent. Reply to the customer and give numbered steps to solve the problem.\n\n"
                + "Customer message: {{message}}",
        ]
        return task
    }()

    private static let courtesy = [
        Requirement(
            "greeting", criteria: "empath|tone|polite|warm|personal|courte|friendl",
            stated: "name & address|greet|use|call|begin|start|open;greet & customer|them|warm|personal", base: 0.3,
            shows: [
                "Hello{name}, and thank you for writing to us.",
                "Good day{name}, thank you very much for getting in touch.",
                "Hello{name}, many thanks for letting us know about this.",
            ],
            flaw: "Dear Sir or Madam.", good: "greets the customer by name", bad: "does not greet the customer by name",
            advice: "Tell the model to greet the customer by name.",
            instructions: [
                "Greet the customer by name.", "Begin by addressing the customer by their name.",
                "Use the customer's name in the greeting.",
            ]),
        Requirement(
            "apology", criteria: "empath|tone|polite|courte|apolog", stated: "apolog|sorry|regret", base: 0.2,
            shows: [
                "I am truly sorry for the trouble with {topic}.",
                "Please accept my apology for the trouble with {topic}.",
                "I apologise for the inconvenience that {topic} has caused you.",
            ],
            flaw: "Such things happen from time to time.", good: "apologises for the trouble",
            bad: "does not apologise for the trouble",
            advice: "Ask for a sincere apology before anything else.",
            instructions: [
                "Apologise sincerely for the trouble in the first lines.",
                "Start with a sincere apology for the inconvenience.",
                "Say sorry for the trouble before you explain anything.",
            ]),
        Requirement(
            "feelings", criteria: "empath|feel|tone|warm", stated: "feel|frustrat|emotion|empath|upset|disappoint",
            base: 0.15,
            shows: [
                "I understand how frustrating this must be for you.",
                "I can see why you are disappointed, and you are right to be.",
                "It is easy to understand that this upset you.",
            ],
            flaw: "Please stay calm.", good: "takes the customer's feelings seriously",
            bad: "ignores how the customer feels", advice: "Ask the model to acknowledge the customer's feelings.",
            instructions: [
                "Acknowledge how the customer feels.", "Show that you understand the customer's frustration.",
                "Name the customer's feelings and take them seriously.",
            ]),
    ]

    private static let substance = [
        Requirement(
            "restate", criteria: "accura|understand|relevan|correct|listen",
            stated: "restate|summari|repeat|paraphrase|own words & problem|issue|request|question|concern|message",
            base: 0.2,
            shows: [
                "As I understand it, {problem}.", "To be sure that I have understood you: {problem}.",
                "If I have read your message rightly, {problem}.",
            ],
            good: "restates the problem", bad: "does not show that it understood the problem",
            advice: "Ask the model to restate the problem in its own words.",
            instructions: [
                "Restate the customer's problem in your own words.",
                "Summarise the issue briefly before you answer it.",
                "Repeat the customer's concern briefly so that they see you understood it.",
            ]),
        Requirement(
            "cause", criteria: "accura|explain|clar|honest|correct",
            stated: "explain|give|tell|say & why|cause|reason|went wrong|happened", base: 0.15,
            shows: [
                "This happened because {cause}.", "The cause is simple: {cause}.",
                "What went wrong here is that {cause}.",
            ],
            flaw: "Nobody here can say why this happened.", good: "explains the cause",
            bad: "does not explain why it happened",
            advice: "Ask for a short explanation of the cause.",
            instructions: [
                "Explain briefly why the problem happened.", "Give the likely cause of the problem in plain words.",
                "Tell the customer what went wrong.",
            ]),
        Requirement(
            "steps", criteria: "resol|solv|solution|help|action|step|useful",
            stated:
                "numbered;step by step;steps & solve|fix|follow|resolve|clear|concrete|next|exact|give;concrete & "
                + "action|solution",
            base: 0.2,
            shows: [
                "\n\nHere is what to do:\n1. {first}\n2. {second}\n\n",
                "\n\nThese steps will put it right:\n1. {first}\n2. {second}\n\n",
                "\n\nPlease do the following:\n1. {first}\n2. {second}\n\n",
            ],
            flaw: "You may find something about this on our website.", good: "gives concrete steps",
            bad: "gives no concrete steps", advice: "Ask for numbered steps that solve the problem.",
            instructions: [
                "Give the solution as numbered steps.", "List the concrete steps that solve the problem.",
                "Tell the customer step by step what to do.",
            ]),
        Requirement(
            "time", criteria: "resol|complet|next|time|clar",
            stated:
                "time frame|timeframe|timeline|deadline|how long|how soon;when & expect|happen|hear|will|next;by "
                + "which date|by which day|by which time",
            base: 0.15,
            shows: [
                "You will hear from us within two working days.", "We will have this settled within two working days.",
                "Expect our answer within two working days at the latest.",
            ],
            flaw: "We will look at it at some point.", good: "says by when it will be settled",
            bad: "gives no time frame", advice: "Ask for a time frame: by when will it be settled?",
            instructions: [
                "State a time frame for the solution.", "Say how long it will take until the matter is settled.",
                "Tell the customer when they can expect the next message.",
            ]),
        Requirement(
            "detail", criteria: "complet|resol|thorough",
            stated: "ask|request & missing|order number|detail|information|needed", base: 0.2,
            shows: [
                "Could you send me {detail}, so that I can look into it at once?",
                "To look into it at once, I only need {detail} from you.",
            ],
            good: "asks for what it still needs", bad: "does not ask for the details that it needs",
            advice: "Tell the model to ask for missing details.",
            instructions: [
                "Ask for any missing detail such as the order number.",
                "Request the information that is needed to solve the case.",
            ]),
        Requirement(
            "person", criteria: "resol|help|complet|next",
            stated: "escalat|colleague|supervisor|human|specialist|phone|real person",
            base: 0.1,
            shows: [
                "If you would rather speak to a person, reply \"call me\" and a colleague will phone you.",
                "A colleague will gladly phone you if you prefer to talk it over.",
            ],
            good: "offers to speak to a person", bad: "offers no way to reach a person",
            advice: "Ask the model to offer a call from a colleague.",
            instructions: [
                "Offer that a colleague calls back.", "Mention that the customer can speak to a human colleague.",
                "Offer to escalate the matter to a specialist.",
            ]),
    ]

    private static let safetyAndClosing = [
        Requirement(
            "policy", criteria: "accura|polic|safe|honest|complian|correct",
            stated:
                "promise|guarantee|commit & not|never|avoid|don't|only;policy|policies & mention|refer|quote|"
                + "follow|state|keep|within|according|our|stay",
            base: 0.2,
            shows: [
                "Under our policy, {policy}.", "Our policy is clear on this point: {policy}.",
            ],
            flaw: "I promise you a full refund and a gift on top, whatever happened.", good: "keeps to the policy",
            bad: "does not keep to the policy",
            advice: "Tell the model to refer to our policy and to promise nothing beyond it.",
            instructions: [
                "Refer to our policy and promise nothing beyond it.",
                "Keep to our policy and state the rule that applies.",
                "Never promise anything that our policy does not allow.",
            ]),
        Requirement(
            "privacy", criteria: "safe|privacy|polic|secur|accura",
            stated: "password|card number|personal data|sensitive|privacy|private|confidential", base: 0.1,
            shows: [
                "For your safety, never send us your password or full card number.",
                "Please do not send a password or full card number by e-mail.",
            ],
            flaw: "Just send us your password and we will check.", good: "protects the customer's data",
            bad: "does not warn the customer to keep private data out of the message",
            advice: "Tell the model to warn against sending passwords or card numbers.",
            instructions: [
                "Warn the customer not to send a password or card number.",
                "Protect privacy: tell customers to keep sensitive data to themselves.",
            ],
            applies: "card|password|account|log|pay|charged|invoice"),
        Requirement(
            "closing", criteria: "tone|polite|friendl|warm|courte",
            stated: "close|end|finish|sign off|closing|conclude & thank|friendly|warm|kind|offer|help", base: 0.25,
            shows: [
                "\n\nThank you for your patience; tell me if there is anything else I can do for you.",
                "\n\nI am glad to help with anything else, and thank you for your patience with us.",
            ],
            flaw: "\n\nGoodbye.", good: "closes with a friendly offer of more help",
            bad: "ends abruptly, without a friendly closing",
            advice: "Ask for a friendly closing line that offers more help.",
            instructions: [
                "End with a friendly closing that offers further help.",
                "Close by thanking the customer and offering more help.",
                "Finish with a warm line that offers help with anything else.",
            ]),
    ]
}
