import EdisonCore
import ProviderSimulator

/// Tasks with about half as many hidden requirements, so that one useful sentence gains about 0.11: the difficulty for
/// which the numbers of calls of the loop's first design were stated. Written before any result on them was seen.
enum EasierTask {
    /// Tuned on.
    static var invite: ApprenticeTask { get throws { try ApprenticeTask(json: inviteTask) } }
    /// Held out.
    static var recipe: ApprenticeTask { get throws { try ApprenticeTask(json: recipeTask) } }

    private static let inviteTask: JSONValue = [
        "name": "invite", "cues": ["invitation", "event", "guest", "party", "gathering", "host"],
        "openings": ["We are planning something nice.", "Our next gathering is near."],
        "requirements": [
            HeldOutTask.requirement(
                "when", "fact", stated: "weekday|hour|what time", base: 0.15,
                shows: ["It begins on Saturday at six.", "We begin at six on Saturday."],
                flaw: "It will be some time soon.", good: "says when it begins", bad: "does not say when it begins",
                advice: "Ask for weekday and hour.",
                instructions: ["Give the weekday and the hour.", "State the hour at which it begins."]),
            HeldOutTask.requirement(
                "where", "fact", stated: "address|venue|directions", base: 0.15,
                shows: ["The address is Mill Lane 4.", "The venue is the barn at Mill Lane 4."],
                flaw: "You will find it.", good: "gives the address", bad: "does not give the address",
                advice: "Ask for the address.",
                instructions: ["Give the address.", "Name the venue with directions."]),
            HeldOutTask.requirement(
                "reply", "answer", stated: "rsvp|deadline|confirm", base: 0.1,
                shows: ["Please confirm by Wednesday.", "The deadline for replies is Wednesday."],
                good: "asks for a reply by a day", bad: "does not ask for a reply by a day",
                advice: "Ask for a deadline for replies.",
                instructions: ["Ask them to confirm by a day.", "Set a deadline for replies."]),
            HeldOutTask.requirement(
                "contact", "answer", stated: "phone|telephone|reach us", base: 0.15,
                shows: ["Call us at the phone number below.", "Our phone number stands below."],
                flaw: "Do not call us.", good: "gives a phone number", bad: "gives no phone number",
                advice: "Ask for a phone number.",
                instructions: ["Add a phone number.", "Say how to reach us."]),
            HeldOutTask.requirement(
                "warmth", "tone", stated: "warm|cordial|heartfelt", base: 0.2,
                shows: ["We would be so glad to have you with us.", "It would not be the same without you."],
                flaw: "Attendance is expected.", good: "sounds warm", bad: "does not sound warm",
                advice: "Ask for a warm tone.",
                instructions: ["Write in a warm voice.", "Be cordial."]),
            HeldOutTask.requirement(
                "dress", "tone|fact", stated: "dress|clothes|what to wear", base: 0.15,
                shows: ["Wear something that may get muddy.", "Boots and a coat are the right dress."],
                good: "says what to wear", bad: "does not say what to wear",
                advice: "Ask for a line on clothes.",
                instructions: ["Say which clothes fit.", "Mention the dress code."]),
        ],
        "traps": [
            [
                "id": "grand", "stated": "poem|verse|rhyme", "harms": ["when", "where", "reply"], "factor": 0.25,
                "shows": "O come, o come, while lanterns glow!",
                "instructions": ["Write it as a poem.", "Put everything into verse."],
                "claim": "verse is remembered",
            ],
            [
                "id": "bare", "stated": "telegram|six words", "factor": 0.35,
                "instructions": ["Write it like a telegram.", "Use six words."], "claim": "short invitations are read",
            ],
        ],
        "topics": [], "fallback": ["name": "other", "label": "", "values": [:]],
        "samples": [
            ["topic": "home", "difficulty": 2, "text": "{what} for {who}, with {extra}"],
            ["topic": "club", "difficulty": 3, "text": "{who} hold {what}; {extra} is planned"],
            ["topic": "work", "difficulty": 4, "text": "{extra} and {what}. For {who}, and whoever helps."],
        ],
        "pools": [
            "what": [
                "a harvest supper", "a quiz night", "a garden concert", "a jumble sale", "a lantern walk",
                "a chess evening", "a farewell lunch", "a boat picnic",
            ],
            "who": [
                "the choir", "the neighbours", "the rowing club", "the new colleagues", "the old class",
                "the volunteers",
            ],
            "extra": ["a raffle", "live fiddle music", "a bonfire", "home-made cider", "a slide show"],
        ],
        "rubric": [
            ["name": "Facts", "description": "Day, hour and place", "weight": 0.36],
            ["name": "Answer", "description": "Guests know how and until when to answer", "weight": 0.32],
            ["name": "Tone", "description": "Friendly, and helps guests to feel at ease", "weight": 0.32],
        ],
        "objectives": ["Write the invitation to an event of our association."],
        "prompts": ["Write an invitation to this event.\n\nEvent notes: {{notes}}"],
    ]

    private static let recipeTask: JSONValue = [
        "name": "recipe", "cues": ["recipe", "dish", "cook", "kitchen", "ingredient", "meal"],
        "openings": ["This dish is a favourite of ours.", "Here is a dish for every day."],
        "requirements": [
            HeldOutTask.requirement(
                "amounts", "exact", stated: "gram|amount|quantit", base: 0.2,
                shows: [
                    "Take 300 grams of flour and 20 grams of salt.", "The amounts: 300 grams flour, 20 grams salt.",
                ],
                flaw: "Take enough of everything.", good: "gives the amounts", bad: "does not give the amounts",
                advice: "Ask for amounts.",
                instructions: ["Give the amount of each ingredient.", "State quantities in grams."]),
            HeldOutTask.requirement(
                "heat", "exact", stated: "temperature|degree|oven", base: 0.15,
                shows: ["Bake it at 190 degrees.", "The oven stands at 190 degrees."],
                flaw: "Heat it somehow.", good: "gives the temperature", bad: "does not give the temperature",
                advice: "Ask for the temperature.",
                instructions: ["State the temperature.", "Say how many degrees."]),
            HeldOutTask.requirement(
                "minutes", "order", stated: "minute|duration|how long", base: 0.15,
                shows: ["It takes 40 minutes in all.", "After 40 minutes it is done."],
                good: "says how long it takes", bad: "does not say how long it takes",
                advice: "Ask for the minutes of each step.",
                instructions: ["Say how long each step takes.", "Give the minutes."]),
            HeldOutTask.requirement(
                "steps", "order", stated: "numbered|step by step", base: 0.15,
                shows: ["\n1. Mix. 2. Rest. 3. Bake.\n", "\n1) Mix 2) Rest 3) Bake\n"],
                flaw: "Do all of it at once.", good: "numbers the steps", bad: "does not number the steps",
                advice: "Ask for numbered steps.",
                instructions: ["Use numbered steps.", "Explain it step by step."]),
            HeldOutTask.requirement(
                "allergy", "care", stated: "allerg|gluten|intoleran", base: 0.1,
                shows: ["Allergy note: contains gluten and egg.", "It contains gluten and egg, mind allergies."],
                good: "names allergens", bad: "does not name allergens",
                advice: "Ask for allergens.",
                instructions: ["Name the allergens.", "Warn of gluten."]),
            HeldOutTask.requirement(
                "store", "care", stated: "leftover|storage|keeps for", base: 0.15,
                shows: ["Leftovers keep for three days in the fridge.", "Stored cold, it keeps for three days."],
                flaw: "Eat all of it.", good: "says how it keeps", bad: "does not say how it keeps",
                advice: "Ask for a line on leftovers.",
                instructions: ["Tell what to do with leftovers.", "Add a line on storage."]),
        ],
        "traps": [
            [
                "id": "memoir", "stated": "childhood|memoir|grandmother", "harms": ["amounts", "heat", "minutes"],
                "factor": 0.25, "shows": "It was always raining when we came to her house.",
                "instructions": ["Tell a childhood memory.", "Begin with a memoir."], "claim": "readers love memories",
            ],
            [
                "id": "bare", "stated": "headwords|two lines", "factor": 0.35,
                "instructions": ["Write headwords.", "Use two lines."], "claim": "cooks have no time",
            ],
        ],
        "topics": [], "fallback": ["name": "other", "label": "", "values": [:]],
        "samples": [
            ["topic": "baked", "difficulty": 2, "text": "{dish} with {main}, for {eaters}"],
            ["topic": "stewed", "difficulty": 3, "text": "for {eaters}: {main} in {dish}"],
            ["topic": "cold", "difficulty": 4, "text": "{main}, {dish}; {eaters} asked for it"],
        ],
        "pools": [
            "dish": [
                "a flat pie", "a thick soup", "small dumplings", "a layered loaf", "a cold salad", "a slow stew",
                "crisp pancakes", "a sweet pudding",
            ],
            "main": ["beetroot", "smoked trout", "chestnuts", "barley", "plums", "wild garlic"],
            "eaters": ["two hikers", "a school class", "a late supper", "a feast", "a picnic"],
        ],
        "rubric": [
            ["name": "Exact", "description": "Amounts and heat are there", "weight": 0.34],
            ["name": "Order", "description": "The order of work and its time", "weight": 0.33],
            ["name": "Care", "description": "Care for health and for what is left over", "weight": 0.33],
        ],
        "objectives": ["Write the recipe of a dish for our cookbook."],
        "prompts": ["Write the recipe of this dish.\n\nNotes of the cook: {{notes}}"],
    ]
}
