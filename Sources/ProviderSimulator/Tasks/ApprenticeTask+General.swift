extension ApprenticeTask {
    /// Any prompt that no other task is closest to.
    package static let general: ApprenticeTask = {
        var task = ApprenticeTask(name: "general")
        task.openings = ["This is about the following: {gist}.", "The matter at hand: {gist}.", "You wrote: {gist}."]
        task.openingPlace = 0
        task.requirements = generalRequirements
        task.traps = [
            Trap(
                "terse",
                stated: "one word|as short as possible|extremely brief;keep|limit|only & one sentence|single sentence",
                factor: 0.35,
                instructions: ["Keep every answer to one sentence.", "Be extremely brief."],
                claim: "short answers are clearer"),
            Trap(
                "jargon", stated: "jargon|technical terms|academic & use|write|style|prefer|language",
                harms: ["plain", "example", "main"],
                factor: 0.3, shows: "The aforesaid constitutes a multifactorial desideratum.",
                instructions: ["Use technical terms and an academic style."],
                claim: "expert language shows "
                    + "competence"),
            Trap(
                "padding", stated: "at least & words|pages|paragraphs;as long as possible",
                harms: ["main", "short", "check"], factor: 0.4,
                shows: "There is much more that could be said about this at length.",
                instructions: ["Write at least five paragraphs.", "Make answers as long as possible."],
                claim: "long answers are complete"),
        ]
        task.samples = [
            Sample("question", 1, "What should I know about {thing} before {event}?"),
            Sample("question", 3, "Is {thing} worth it for {who}, or is there something better?"),
            Sample("comparison", 3, "Compare {thing} with {other} for {who}."),
            Sample("plan", 2, "Make a plan for {event} with {thing} in mind."),
            Sample(
                "plan", 4, "We have two weeks until {event}, no budget, and {who} to please. How do we use {thing}?"),
            Sample("problem", 4, "{thing} failed during {event} and {who} noticed. What now?"),
            Sample("problem", 5, "Half of {who} want {thing}, half want {other}, and {event} is near. Decide."),
            Sample("explanation", 2, "Explain {thing} to {who}."),
        ]
        task.pools = [
            "thing": [
                "solar panels", "a shared calendar", "rail travel", "a four-day week", "home fermentation", "open data",
                "a bread oven",
            ],
            "other": ["wind power", "paper lists", "flying", "flexible hours", "canning", "closed archives", "a pan"],
            "event": [
                "the spring fair", "a move abroad", "the annual meeting", "the first day of school", "a long weekend",
            ],
            "who": [
                "beginners", "a family of four", "our volunteers", "older people", "a small office", "the city council",
            ],
        ]
        task.rubric = [
            Criterion("Correctness", "The answer is right, checked and honest about what is missing.", 0.4),
            Criterion("Clarity", "The answer is plain, ordered and short, with the main point first.", 0.35),
            Criterion("Usefulness", "The answer has reasons, an example and a next step.", 0.25),
        ]
        task.objectives = [
            "Give answers that are right, clear and useful at once.",
            "Answer so that the reader can act without asking again.",
            "Explain things plainly, with the main point first.",
        ]
        task.prompts = [
            "Answer the question.\n\nQuestion: {{input}}", "Answer clearly and give an example.\n\nQuestion: {{input}}",
            "You are a careful expert. Put the main point first and explain your reasons.\n\nInput: {{input}}",
        ]
        return task
    }()

    private static let generalRequirements = [
        Requirement(
            "main", criteria: "clar|structur|direct|concis|relevan",
            stated: "main point|conclusion|answer|result & first|start|begin|top", base: 0.25,
            shows: [
                "The main point first: it can be done, with some care.",
                "The short answer is yes, under the conditions below.",
            ],
            flaw: "There are many sides to this.", good: "puts the main point first",
            bad: "does not put the main point first",
            advice: "Ask for the main point first.",
            instructions: ["Put the main point first.", "Start with the conclusion."]),
        Requirement(
            "reasons", criteria: "useful|help|correct|accura|depth|reason", stated: "reason|why|justif|because",
            base: 0.2,
            shows: [
                "The reason is that each part depends on the one before it.",
                "This is so because the parts depend on each other.",
            ],
            good: "gives its reasons", bad: "gives no reasons", advice: "Ask the model to give its reasons.",
            instructions: ["Give the reasons for each statement.", "Explain why, not only what."]),
        Requirement(
            "example", criteria: "useful|help|clar|concret", stated: "example|illustrat|instance", base: 0.2,
            shows: [
                "For example, a team of four did this in one afternoon.",
                "As an example, take a team of four with one afternoon.",
            ],
            good: "has an example", bad: "has no example", advice: "Ask for a concrete example.",
            instructions: ["Give one concrete example.", "Illustrate the answer with an example."]),
        Requirement(
            "order", criteria: "clar|structur|format|organi",
            stated: "bullet|list|numbered|heading|structure|step by step", base: 0.2,
            shows: [
                "\n\nIn order:\n- look at what is there\n- change one thing\n- look again\n\n",
                "\n\nThe steps:\n- look at what is there\n- change one thing\n- look again\n\n",
            ],
            good: "is well ordered", bad: "is not ordered in a list", advice: "Ask for an ordered list.",
            instructions: ["Structure the answer as a list.", "Use bullets for the parts of the answer."]),
        Requirement(
            "missing", criteria: "correct|accura|honest|complet",
            stated: "missing|unknown|unsure|uncertain|not know|assum", base: 0.1,
            shows: [
                "What I do not know is how much time you have.",
                "One thing remains unknown to me: how much time you have.",
            ],
            flaw: "All of this is certain beyond doubt.", good: "says what it does not know",
            bad: "does not say what is uncertain",
            advice: "Ask the model to say what it does not know.",
            instructions: ["Say what is uncertain or missing.", "State your assumptions."]),
        Requirement(
            "check", criteria: "correct|accura|reliab|complet",
            stated: "check|verify|double-check|review & answer|result|work|fact|yourself", base: 0.1,
            shows: [
                "I have checked this against the question once more.",
                "Checked against the question: nothing is left out.",
            ],
            good: "checks its own result", bad: "does not check its result", advice: "Ask for a check of the result.",
            instructions: ["Check the result against the question.", "Verify your answer before you give it."]),
        Requirement(
            "next", criteria: "useful|help|action", stated: "next step|what to do next|recommend|action", base: 0.2,
            shows: [
                "The next step is to try it on a small scale this week.",
                "As a next step, try it on a small scale this week.",
            ],
            good: "names a next step", bad: "names no next step", advice: "Ask for a next step.",
            instructions: ["End with a next step.", "Name the next step that the reader should take."]),
        Requirement(
            "plain", criteria: "clar|tone|readab|plain",
            stated: "plain|simple & word|language|english|term|style;layperson|beginner|easy to understand", base: 0.25,
            shows: [
                "In plain words: begin small and watch what happens.",
                "Said simply: begin small and watch what happens.",
            ],
            flaw: "A heuristic desideratum obtains.", good: "uses plain words", bad: "is hard to understand",
            advice: "Ask for plain language.", instructions: ["Use plain words.", "Write in simple language."]),
    ]
}
