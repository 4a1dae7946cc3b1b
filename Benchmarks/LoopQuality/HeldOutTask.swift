import EdisonCore
import ProviderSimulator

/// Tasks that the simulator does not ship, written for this benchmark and never used to choose a setting of the loop.
enum HeldOutTask {
    static var museum: ApprenticeTask { get throws { try ApprenticeTask(json: museumTask) } }
    static var release: ApprenticeTask { get throws { try ApprenticeTask(json: releaseTask) } }

    /// A requirement in few words: two ways to show it, two ways to ask for it.
    static func requirement(
        _ id: String, _ criteria: String, stated: String, base: Double, shows: [JSONValue], flaw: String = "",
        good: String, bad: String, advice: String, instructions: [JSONValue]
    ) -> JSONValue {
        [
            "id": .string(id), "criteria": .string(criteria), "stated": .string(stated), "base": .number(base),
            "shows": .array(shows), "flaw": .string(flaw), "good": .string(good), "bad": .string(bad),
            "advice": .string(advice), "instructions": .array(instructions),
        ]
    }

    private static let museumTask: JSONValue = [
        "name": "museum", "cues": ["museum", "label", "exhibit", "visitor", "object", "gallery"],
        "openings": ["This piece is on show in our gallery.", "You stand before a piece of our collection."],
        "requirements": [
            requirement(
                "maker", "fact", stated: "maker|who made|craftsman", base: 0.2,
                shows: [
                    "Its maker was a master of the town guild.", "The mark below names its maker, a village smith.",
                ],
                flaw: "Nobody cares who made it.", good: "names the maker", bad: "does not name the maker",
                advice: "Ask for the maker of the object.",
                instructions: ["Name the maker of the object.", "Say who made the object."]),
            requirement(
                "material", "fact", stated: "material|made of|made from", base: 0.25,
                shows: ["The material is walnut with brass fittings.", "Walnut and brass are its materials."],
                flaw: "It is made of stuff.", good: "names the material", bad: "does not say what it is made of",
                advice: "Ask for the material.",
                instructions: ["Say what material the object is made of.", "Mention the material in plain words."]),
            requirement(
                "date", "fact", stated: "date|century|year|period", base: 0.15,
                shows: ["It dates from the early nineteenth century.", "The date carved on it is 1814."],
                flaw: "It is rather old.", good: "gives a date", bad: "gives no date", advice: "Ask for the date.",
                instructions: ["Give the date of the object.", "State the century and the period."]),
            requirement(
                "origin", "fact", stated: "origin|where it comes from|region|place of", base: 0.15,
                shows: ["It comes from the valley above the town.", "Its origin is the valley above the town."],
                good: "says where it comes from", bad: "does not say where it comes from",
                advice: "Ask where the object comes from.",
                instructions: ["Say where it comes from.", "Name the region of origin."]),
            requirement(
                "story", "story", stated: "story|anecdote|how it was used", base: 0.15,
                shows: [
                    "A family carried it over the pass in the great winter.",
                    "Legend has it that it saved a ferry from the fog.",
                ],
                flaw: "There is nothing to tell about it.", good: "tells a story", bad: "tells no story",
                advice: "Ask for a short story about the object.",
                instructions: ["Tell a short story about the object.", "Include an anecdote about the object."]),
            requirement(
                "question", "story", stated: "question", base: 0.1,
                shows: ["What would you have kept in it?", "Can you find the thumbprint of its first owner?"],
                good: "asks the visitor something", bad: "does not involve the visitor",
                advice: "Ask for a question to the visitor.",
                instructions: ["End with a question to the visitor.", "Close with one question for the reader."]),
            requirement(
                "look", "story", stated: "look closely|point out|draw the eye|look at", base: 0.15,
                shows: [
                    "Look closely at the rim: the dents are older than the lid.", "Your eye should follow the rim.",
                ],
                good: "tells the visitor where to look", bad: "does not tell the visitor where to look",
                advice: "Ask the model to point out something to look at.",
                instructions: ["Point out one thing to look at.", "Tell visitors to look closely at one part."]),
            requirement(
                "plain", "read|plain|short", stated: "plain|simple & word|language|english;no jargon", base: 0.2,
                shows: ["Put simply, it kept bread fresh.", "In plain words: it kept bread fresh."],
                flaw: "Its typological affinities are debated.", good: "uses plain words", bad: "is hard to read",
                advice: "Ask for plain words.", instructions: ["Use plain words.", "Write in simple language."]),
            requirement(
                "title", "read|short", stated: "title|heading|headline", base: 0.25,
                shows: ["Bread box of a mountain farm\n\n", "The box that crossed the pass\n\n"], good: "has a title",
                bad: "has no title", advice: "Ask for a title.",
                instructions: ["Begin with a title.", "Put a headline on the label."]),
        ],
        "traps": [
            [
                "id": "catalogue", "stated": "catalogue|inventory number", "factor": 0.4,
                "shows": "See catalogue entry.",
                "instructions": ["Use a strict catalogue style."], "claim": "catalogue style is precise",
            ],
            [
                "id": "scholarly", "stated": "scholarly|academic|footnote",
                "harms": ["plain", "story", "question", "look"],
                "factor": 0.2, "shows": "Scholarship remains divided.",
                "instructions": ["Write in a scholarly tone.", "Add footnotes."], "claim": "scholars trust footnotes",
            ],
        ],
        "topics": [["name": "tool", "cues": "loom|compass|saddle", "label": "", "values": [:]]],
        "fallback": ["name": "other", "label": "", "values": [:]],
        "samples": [
            ["topic": "tool", "difficulty": 2, "text": "A {thing} from {place}, with a {part}."],
            ["topic": "vessel", "difficulty": 3, "text": "Found near {place}: a {thing}; the {part} is worn."],
            [
                "topic": "costume", "difficulty": 4,
                "text": "Gift of a family from {place}. {thing}, {part}, no papers.",
            ],
        ],
        "pools": [
            "thing": [
                "carved bowl", "ship's compass", "festival mask", "hand loom", "leather saddle", "storm lantern",
                "bronze bell", "salt mill",
            ],
            "place": [
                "the harbour", "a hill farm", "the old mint", "a river barge", "the weavers' lane", "the salt road",
            ],
            "part": ["broken handle", "painted rim", "brass plate", "row of initials", "silk lining"],
        ],
        "rubric": [
            ["name": "Facts", "description": "Maker, material, date and origin are there", "weight": 0.4],
            ["name": "Story", "description": "The label tells a story and involves the visitor", "weight": 0.4],
            ["name": "Readable", "description": "Short and plain", "weight": 0.2],
        ],
        "objectives": ["Write the label that visitors read beside an object of our museum."],
        "prompts": ["Write a label for this object of our museum.\n\nObject notes: {{notes}}"],
    ]

    private static let releaseTask: JSONValue = [
        "name": "release", "cues": ["release", "changelog", "commit", "version", "software", "upgrade"],
        "openings": ["Here is what is new.", "This is the news of the version."],
        "requirements": [
            requirement(
                "breaking", "safe|complet", stated: "breaking|incompatib", base: 0.15,
                shows: [
                    "Breaking: the old settings file is no longer read.", "Incompatible: old settings are not read.",
                ],
                flaw: "Everything stays as it was.", good: "names what breaks", bad: "does not name what breaks",
                advice: "Ask for breaking changes.",
                instructions: ["List breaking changes.", "Name everything that is incompatible."]),
            requirement(
                "migrate", "safe|complet", stated: "migrat|how to update|upgrade & step|path|guide|instruction",
                base: 0.1,
                shows: ["To migrate, run the converter once.", "Migration takes one run of the converter."],
                good: "says how to migrate", bad: "does not say how to migrate",
                advice: "Ask how to migrate.",
                instructions: ["Explain how to migrate.", "Describe the migration in short."]),
            requirement(
                "security", "safe", stated: "security|vulnerab|cve", base: 0.15,
                shows: ["Security: a leak of tokens into logs is closed.", "A vulnerability in the log is closed."],
                good: "marks security fixes", bad: "does not mark security fixes",
                advice: "Ask to mark security fixes.",
                instructions: ["Mark security fixes.", "Name each vulnerability that was closed."]),
            requirement(
                "groups", "scan|clear", stated: "group|categor|section|added & fixed", base: 0.3,
                shows: [
                    "\n\nAdded:\n- a faster start\nFixed:\n- a crash\n\n",
                    "\n\nAdded\n- faster start\nFixed\n- crash\n\n",
                ],
                good: "groups the changes", bad: "does not group the changes", advice: "Ask for groups of changes.",
                instructions: ["Group the changes.", "Sort changes into sections."]),
            requirement(
                "benefit", "clear|use", stated: "benefit|what it means for|why it matters|user's view", base: 0.15,
                shows: ["For you this means shorter waiting.", "What it means for you: shorter waiting."],
                flaw: "Internal modules were refactored.", good: "says what users gain",
                bad: "does not say what users gain",
                advice: "Ask for the benefit to users.",
                instructions: ["Say what it means for users.", "State the benefit of each change."]),
            requirement(
                "thanks", "clear|tone", stated: "thank|credit|contributor", base: 0.2,
                shows: ["Thanks to all who reported faults.", "We thank everybody who reported faults."],
                good: "thanks contributors", bad: "thanks nobody", advice: "Ask to thank contributors.",
                instructions: ["Thank the contributors.", "Give credit to those who helped."]),
            requirement(
                "issue", "complet|trace", stated: "issue number|ticket|reference to|link to", base: 0.1,
                shows: ["The issue numbers stand in brackets.", "Each line ends with its issue number."],
                good: "refers to issues", bad: "does not refer to issues", advice: "Ask for issue numbers.",
                instructions: ["Give the issue number of each change.", "Add a link to each ticket."]),
            requirement(
                "known", "complet", stated: "known problem|known issue|limitation", base: 0.1,
                shows: ["Known problem: printing is slow.", "One limitation is known: printing is slow."],
                good: "tells known problems", bad: "hides known problems", advice: "Ask for known problems.",
                instructions: ["Mention known problems.", "Tell the limitations that are known."]),
            requirement(
                "headline", "scan|clear", stated: "headline|highlight|most notable", base: 0.2,
                shows: ["The highlight is a faster start.", "Above all: it starts twice as fast."],
                good: "begins with the highlight", bad: "has no highlight", advice: "Ask for a highlight.",
                instructions: ["Begin with the highlight.", "Put the most notable change first."]),
            requirement(
                "date", "trace", stated: "date|when it was", base: 0.25,
                shows: ["Published on the first of the month.", "The date of publication is the first."],
                good: "gives the date", bad: "gives no date", advice: "Ask for the date.",
                instructions: ["State the date.", "Say when it was published."]),
        ],
        "traps": [
            [
                "id": "hype", "stated": "exciting|marketing|enthusias",
                "harms": ["breaking", "known", "security", "migrate"],
                "factor": 0.25, "shows": "This is our most amazing version ever!",
                "instructions": ["Write like marketing.", "Sound exciting in every line."],
                "claim": "enthusiasm is read",
            ],
            [
                "id": "terse", "stated": "one line only|as short as possible|single sentence", "factor": 0.35,
                "instructions": ["Make it as short as possible.", "Write a single sentence."],
                "claim": "short notes are read",
            ],
        ],
        "topics": [], "fallback": ["name": "other", "label": "", "values": [:]],
        "samples": [
            ["topic": "small", "difficulty": 2, "text": "fix {thing}; bump {other}; tidy {place}"],
            ["topic": "large", "difficulty": 4, "text": "rewrite {thing}; drop {other}; new {place}; revert {other}"],
            ["topic": "mixed", "difficulty": 3, "text": "add {thing} to {place}, fix crash in {other}"],
        ],
        "pools": [
            "thing": [
                "the parser", "the cache", "the login page", "the exporter", "the scheduler", "the search index",
            ],
            "other": ["the logger", "the queue", "a library", "the settings file", "the printer", "the old theme"],
            "place": ["the editor", "the server", "the phone app", "the command line", "the reports", "the installer"],
        ],
        "rubric": [
            ["name": "Safety", "description": "What breaks, how to migrate, security", "weight": 0.4],
            ["name": "Clarity", "description": "Easy to scan, clear to users", "weight": 0.35],
            ["name": "Traceability", "description": "Complete: issues, dates, known problems", "weight": 0.25],
        ],
        "objectives": ["Write the release notes of our software from the commits."],
        "prompts": ["Write the release notes for this version.\n\nCommits in this version, as text: {{commits}}"],
    ]
}
