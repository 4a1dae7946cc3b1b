extension ApprenticeTask {
    /// Extracts the actions from meeting notes.
    package static let extract: ApprenticeTask = {
        var task = ApprenticeTask(name: "extract")
        task.cues = ["extract", "meeting", "notes", "action", "minutes", "transcript", "owner", "decision", "task"]
        task.openings = ["From the notes: {action}.", "The notes say: {action}.", "What came up: {action}."]
        task.openingPlace = 1
        task.requirements = actions + frame
        task.traps = extractTraps
        task.fallback = Topic(
            "meeting", cues: "", values: ["due": "by the end of next week", "topic": "the current work"])
        task.topics = [
            Topic(
                "launch", cues: "launch|release|campaign|beta",
                values: ["due": "before the launch", "topic": "the launch"]),
            Topic(
                "budget", cues: "budget|cost|invoice|spend|money",
                values: ["due": "by the end of the month", "topic": "the budget"]),
            Topic(
                "hiring", cues: "hire|candidate|interview|team", values: ["due": "by Friday", "topic": "the hiring"]),
            Topic(
                "incident", cues: "outage|incident|down|bug|fault", values: ["due": "today", "topic": "the incident"]),
            Topic(
                "event", cues: "event|fair|conference|booth|venue",
                values: ["due": "two weeks before the event", "topic": "the event"]),
        ]
        task.samples = extractSamples
        task.pools = [
            "one": ["Ana", "Bram", "Chidi", "Dora", "Emil", "Farah", "Goran", "Hana"],
            "two": ["Ivo", "Jun", "Kemal", "Lotte", "Mila", "Nuno", "Olga", "Priya"],
            "day": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "the 12th", "the end of the month"],
            "extra": [
                "Next meeting in two weeks.", "Coffee machine still broken.", "Everybody thanked the interns.",
                "The room was too small again.", "Long talk about colours, no result.", "Holidays from the 20th.",
                "The customer called twice during the meeting.", "Slides are in the shared folder.",
            ],
            "thing": [
                "the price list", "the test plan", "the press text", "the contract", "the floor plan", "the survey",
                "the slides", "the risk list",
            ],
        ]
        task.rubric = [
            Criterion("Completeness", "All actions with owner, date and priority are there.", 0.5),
            Criterion("Faithfulness", "Nothing is invented; what is missing is marked, decisions are kept apart.", 0.3),
            Criterion("Format", "Easy to scan: heading, list, short summary.", 0.2),
        ]
        task.objectives = [
            "Extract every action from meeting notes, with owner and date, inventing nothing.",
            "Turn meeting notes into a list of actions that a team can work from at once.",
            "Separate actions, decisions and open questions in meeting notes.",
        ]
        task.prompts = [
            "Extract the action items from these meeting notes.\n\nNotes: {{notes}}",
            "List the actions with their owner.\n\nNotes: {{notes}}",
            "Turn the notes into a bullet list of actions. Do not invent anything.\n\nNotes: {{notes}}",
        ]
        return task
    }()

    private static let actions = [
        Requirement(
            "heading", criteria: "format|scan|structur|read", stated: "heading|title|headline", base: 0.2,
            shows: ["Actions from the notes on {topic}\n\n"], good: "has a heading", bad: "has no heading",
            advice: "Ask for a heading.", instructions: ["Put a heading above the list.", "Start with a title."]),
        Requirement(
            "bullets", criteria: "format|scan|structur|complet|action|read",
            stated: "bullet|list|numbered|each line|per line|separate line", base: 0.3,
            shows: [
                "\n\nThe list of actions:\n- {action}\n- {action2}\n\n",
                "\n\nTo be done, one line each:\n- {action}\n- {action2}\n\n",
            ],
            flaw: "It is all somewhere in the text above.", good: "lists one action a line",
            bad: "does not list the actions line by line",
            advice: "Ask for a bullet list with one action a line.",
            instructions: ["Write the actions as a bullet list.", "Put each action on a separate line."]),
        Requirement(
            "owner", criteria: "complet|owner|action|accura|use",
            stated: "owner|who|responsible|assign|person in charge", base: 0.15,
            shows: ["The owner of the first action is {owner}.", "Responsible for the first action: {owner}."].map {
                $0 + " The owners of the rest are as named in the notes."
            },
            flaw: "Somebody should take these on.", good: "names the owners",
            bad: "does not name the owner of each action",
            advice: "Ask for the owner of each action.",
            instructions: ["Name the owner of each action.", "Say who is responsible for each action."]),
        Requirement(
            "due", criteria: "complet|date|time|action|use", stated: "due|deadline|date|by when", base: 0.15,
            shows: ["All of it is due {due}.", "The deadline is {due}."].map {
                $0 + " Dates are taken from the notes."
            },
            flaw: "There is no hurry.", good: "gives the due dates", bad: "gives no due dates",
            advice: "Ask for the due date of each action.",
            instructions: ["Give the due date of each action.", "Add the deadline to every action."]),
        Requirement(
            "priority", criteria: "complet|priorit|use",
            stated: "priorit|urgent|rank|by importance|order of importance|most important", base: 0.1,
            shows: [
                "The first action comes first because others wait for it.",
                "In order of priority, the first action blocks the others.",
            ],
            good: "orders the actions by priority", bad: "sets no priorities", advice: "Ask for an order by priority.",
            instructions: ["Order the actions by priority.", "Rank the actions by importance."]),
        Requirement(
            "verb", criteria: "format|clar|action|read", stated: "verb|imperative|action word", base: 0.2,
            shows: ["Each action starts with what is to be done.", "Every line begins with the verb of the action."],
            good: "starts each action with a verb", bad: "does not start the actions with a verb",
            advice: "Ask that each action start with a verb.",
            instructions: ["Begin each action with a verb.", "Write actions in the imperative."]),
    ]

    private static let frame = [
        Requirement(
            "decisions", criteria: "faith|decision|complet|separat", stated: "decision|decided|agreed", base: 0.15,
            shows: [
                "Decisions are kept apart: the plan for {topic} stands.",
                "What was decided: the plan for {topic} stands.",
            ],
            good: "keeps decisions apart", bad: "mixes decisions with actions",
            advice: "Ask to keep decisions apart from actions.",
            instructions: ["List decisions apart from actions.", "Separate what was decided from what is to be done."]),
        Requirement(
            "questions", criteria: "faith|question|complet|open",
            stated: "open question|question|unresolved|undecided|open point", base: 0.1,
            shows: [
                "Still open is how {topic} will be followed up.",
                "One question stays open: how {topic} will be followed up.",
            ],
            good: "lists open questions", bad: "leaves out the open questions", advice: "Ask for the open questions.",
            instructions: ["List the open questions.", "End with what was left undecided."]),
        Requirement(
            "invent", criteria: "faith|accura|honest|truth|hallucin",
            stated:
                "invent|make up|made up|add|assume|guess|beyond & not|never|only|avoid|don't|nothing;only & notes|"
                + "stated|written",
            base: 0.2,
            shows: [
                "Nothing here goes beyond what the notes say.",
                "All of this stands in the notes, and nothing was added.",
            ],
            flaw: "The team will surely also want a new logo.", good: "adds nothing to the notes",
            bad: "adds things that are not in the notes",
            advice: "Tell the model to invent nothing.",
            instructions: ["Do not invent anything that the notes do not say.", "Use only what stands in the notes."]),
        Requirement(
            "unknown", criteria: "faith|missing|honest|accura",
            stated: "missing|unknown|not stated|unclear|not given|no owner|unassigned", base: 0.1,
            shows: [
                "What the notes leave out is marked as not stated.",
                "Where the notes are silent, it says \"not stated\".",
            ],
            good: "marks what is missing", bad: "does not mark what the notes leave out",
            advice: "Ask to mark missing owners and dates.",
            instructions: ["Mark what is missing as \"not stated\".", "Say where an owner or date is unknown."]),
        Requirement(
            "overview", criteria: "format|scan|summar|clar", stated: "summar|overview|gist|in short|one line",
            base: 0.2,
            shows: [
                "\n\nIn short, the meeting was about {topic}.",
                "\n\nSummary: the meeting dealt with {topic} and who does what.",
            ],
            good: "closes with a summary", bad: "has no summary", advice: "Ask for a one-line summary.",
            instructions: ["Close with a one-line summary.", "Add a short overview at the end."]),
    ]

    private static let extractTraps = [
        Trap(
            "terse",
            stated:
                "one word|as short as possible|extremely brief;keep|limit|only & one sentence|single sentence|most "
                + "important action",
            factor: 0.35,
            instructions: [
                "Keep the whole answer to one sentence.",
                "Limit the answer to the single most important action, extremely brief.",
            ],
            claim: "a short answer is easier to scan"),
        Trap(
            "prose", stated: "prose|essay|flowing text|paragraphs & write|as|in|use",
            harms: ["bullets", "heading", "verb", "priority"], factor: 0.2,
            shows: "The conversation flowed from one subject to the next.",
            instructions: ["Write in flowing prose.", "Answer in elegant paragraphs."],
            claim: "prose is pleasant to read"),
        Trap(
            "creative", stated: "creative|imaginat|own ideas|fill gaps|fill the gaps",
            harms: ["invent", "unknown", "questions"], factor: 0.2,
            shows: "A few ideas of my own are woven in.",
            instructions: ["Be creative and fill gaps with your own ideas."],
            claim: "filling the gaps makes the list complete"),
    ]

    private static let extractSamples = [
        Sample("launch", 1, "{one} will finish {thing} by {day}. {two} sends it to the printer."),
        Sample(
            "launch", 3,
            "Launch talk. {thing} is late. {one} to check with the agency, {two} asks legal. Beta users stay as "
                + "they are."
        ),
        Sample(
            "launch", 5,
            "Release again unclear. Somebody should update {thing}. {one} thought {two} had it; {two} thought it "
                + "was decided. Beta maybe {day}."
        ),
        Sample("budget", 2, "Budget is 10 percent over. {one} should cut two items from {thing} by {day}."),
        Sample(
            "budget", 4,
            "Costs: the invoice for {thing} came twice. {two} must call the supplier. No decision on the reserve, "
                + "{one} wants one by {day}."
        ),
        Sample("hiring", 2, "Two candidates. {one} will invite the first for {day}; {two} prepares {thing}."),
        Sample(
            "hiring", 4,
            "Interview round went well, except nobody took notes. {one} needs to write {thing}. Offer? {two} unsure."),
        Sample(
            "incident", 3,
            "Outage of 40 minutes. {one} will write the report by {day}. {two} should test the fallback. Agreed: "
                + "no deploys on Fridays."
        ),
        Sample(
            "incident", 5,
            "The fault came back. {two} says fixed, {one} says not. Customers not told. {thing} must change, "
                + "question is who."
        ),
        Sample("event", 1, "{one} books the venue. {two} takes {thing}. Next meeting {day}."),
        Sample(
            "event", 3,
            "Booth at the fair: decided on the small one. {one} to order banners by {day}, {two} to update {thing}."),
        Sample(
            "event", 4,
            "Conference talk needs {thing}. {one} or {two}? Deadline {day}. Hotel still open. Bring the old banners."),
    ]
}
