extension ApprenticeTask {
    static let supportTraps = [
        Trap(
            "terse",
            stated:
                "one word|ten words|as short as possible|extremely brief|minimum of words;keep|limit|only & one "
                + "sentence|single sentence",
            factor: 0.35,
            instructions: [
                "Keep every answer to one sentence.", "Be extremely brief.", "Make the answer as short as possible.",
            ],
            claim: "short answers are read to the end and are clearer"),
        Trap(
            "legal", stated: "legal|lawyer|contract & language|style|formal|tone|terms|write|phrase",
            harms: ["apology", "feelings", "greeting", "closing", "thanks", "calm"], factor: 0.3,
            shows: "The aforementioned matter is subject to our general terms and conditions.",
            instructions: ["Use formal legal language throughout.", "Write in the style of a legal letter."],
            claim: "formal language sounds more professional and is more accurate"),
        Trap(
            "fault", stated: "never|not|avoid|don't & admit|apolog|fault|mistake|sorry",
            harms: ["apology", "cause", "feelings"], factor: 0.15,
            shows: "The responsibility for this does not lie with us.",
            instructions: ["Never admit a mistake of the company.", "Do not admit that we are at fault."],
            claim: "admitting mistakes weakens the customer's trust"),
        Trap(
            "sales", stated: "recommend|promote|advertise|sell|upgrade & premium|paid|plan|product|offer",
            harms: ["steps", "restate", "time", "detail"], factor: 0.4,
            shows: "By the way, our premium plan is on offer this week.",
            instructions: [
                "Recommend our premium plan in every answer.", "Promote a paid upgrade before anything else.",
            ],
            claim: "a hint at the premium plan helps the customer to find a solution"),
    ]

    static let supportTopics = [
        Topic(
            "double charge", cues: "charged|charge|billed|debited & twice|double|two times|again;invoice|overcharged",
            values: [
                "topic": "the charge on your card", "problem": "you were charged more than you ordered",
                "cause": "the payment page sent the same order twice",
                "first": "Open \"My payments\" and mark the wrong charge.",
                "second": "Choose \"Reverse charge\" and confirm.", "detail": "the date of the charge",
                "policy": "wrong charges are paid back to the same card",
            ]),
        Topic(
            "refund", cues: "refund|money back|reimburse|return",
            values: [
                "topic": "your refund", "problem": "you are waiting for your money back",
                "cause": "the returned parcel was not scanned at our warehouse",
                "first": "Open \"My returns\" and check that the parcel is marked as received.",
                "second": "Press \"Request payment\" next to it.", "detail": "your order number",
                "policy": "a refund is paid once the article is back with us",
            ]),
        Topic(
            "damage", cues: "broken|damaged|cracked|defect|scratch|faulty|stopped working|torn",
            values: [
                "topic": "the damaged article", "problem": "the article reached you in a poor state",
                "cause": "the parcel was not padded well enough", "first": "Take a photo of the damage.",
                "second": "Upload it under \"My orders\" and choose \"Replace\".", "detail": "a photo of the damage",
                "policy": "a damaged article is replaced within 30 days of delivery",
            ]),
        Topic(
            "wrong article", cues: "wrong & size|colour|color|item|article|product|one;instead of",
            values: [
                "topic": "the wrong article in your parcel", "problem": "you received something that you did not order",
                "cause": "two parcels were mixed up in our warehouse",
                "first": "Choose \"Exchange\" under \"My orders\".",
                "second": "Print the free label and hand the parcel in.", "detail": "your order number",
                "policy": "we pay the postage when the mistake is ours",
            ]),
        Topic(
            "login", cues: "log in|login|password|sign in|locked|account|two-factor",
            values: [
                "topic": "access to your account", "problem": "you cannot get into your account",
                "cause": "the account is locked after several failed attempts",
                "first": "Choose \"Forgotten password\" on the login page.",
                "second": "Open the link in our e-mail within one hour.", "detail": "the e-mail address of the account",
                "policy": "we reset access only for the owner of the account",
            ]),
        Topic(
            "cancellation", cues: "cancel|subscription|unsubscribe|membership|terminate",
            values: [
                "topic": "your subscription", "problem": "you want to end or change your subscription",
                "cause": "the subscription renews by itself each month",
                "first": "Open \"My plan\" and choose \"End plan\".",
                "second": "Confirm by the link in our e-mail.", "detail": "the e-mail address of the subscription",
                "policy": "a subscription can be ended at any time to the end of the month",
            ]),
        Topic(
            "app", cues: "app|crash|error|bug|freeze|update|website|screen",
            values: [
                "topic": "the fault in the app", "problem": "the app does not do what it should",
                "cause": "the last update does not fit older devices",
                "first": "Close the app and install the newest version.",
                "second": "Start it again and clear its cache in the settings.", "detail": "the model of your device",
                "policy": "we support devices that are up to five years old",
            ]),
        Topic(
            "delivery", cues: "parcel|deliver|shipping|shipment|package|arriv|courier|tracking|order",
            values: [
                "topic": "your delivery", "problem": "your parcel has not reached you in time",
                "cause": "the carrier had a delay at its sorting centre",
                "first": "Open \"My orders\" and choose \"Track parcel\".",
                "second": "If it has not moved for three days, press \"Send again\".", "detail": "your order number",
                "policy": "a parcel that is lost is sent again free of charge",
            ]),
    ]

    static let supportSamples = [
        Sample("delivery", 1, "My {product} was due {time} and there is still no parcel. {closing}"),
        Sample(
            "delivery", 3,
            "The tracking says delivered, but the {product} is not here and the neighbours have nothing. {mood}"),
        Sample(
            "delivery", 4,
            "I ordered two parcels, one {product} came, the other is \"in transit\" since {time}. Which one is "
                + "lost? {closing}"
        ),
        Sample("double charge", 2, "I was charged twice for one {product}. My bank shows both since {time}. {mood}"),
        Sample(
            "double charge", 4,
            "The invoice for the {product} is higher than the price I saw, and the voucher is missing too. {closing}"),
        Sample("refund", 2, "I sent the {product} back {time} and still wait for my money back. {mood}"),
        Sample(
            "refund", 5,
            "You refunded the {product} but kept the postage, although the defect was yours. {mood} {closing}"),
        Sample("damage", 1, "The {product} arrived broken. {closing}"),
        Sample(
            "damage", 4, "After three days the {product} stopped working, the box is gone and I travel soon. {mood}"),
        Sample("wrong article", 2, "You sent the wrong colour of the {product}. {closing}"),
        Sample("login", 2, "I can not log in since {time}, the password mail never comes. {mood}"),
        Sample("login", 4, "My account is locked and someone ordered a {product} with it! {mood}"),
        Sample("cancellation", 2, "Please cancel my subscription, I no longer use the {product}. {closing}"),
        Sample(
            "cancellation", 5,
            "I cancelled {time}, got a confirmation, and yet you took money again for the {product} plan. {mood}"),
        Sample("app", 3, "Since the update {time} the app crashes whenever I open the page of my {product}. {closing}"),
        Sample("general", 3, "Can the {product} be used abroad, and who helps me if it fails there? {closing}"),
    ]

    static let supportPools = [
        "product": [
            "coffee machine", "rain jacket", "headphones", "desk lamp", "running shoes", "baby monitor", "garden hose",
            "tablet",
            "bicycle lock", "toaster", "winter coat", "camera bag", "office chair", "electric kettle", "backpack",
            "smart watch",
        ],
        "time": [
            "last Monday", "on the 3rd", "two weeks ago", "yesterday", "before the holidays", "on Friday",
            "ten days ago",
        ],
        "mood": [
            "I am really disappointed.", "This is the second time!", "I am patient, but not for ever.",
            "Is anybody reading this?",
            "I expected better of you.", "Please be quick, I need it.",
        ],
        "extra": [
            "I have bought from you for six years.", "It was meant as a birthday present.",
            "My neighbour had the same.",
            "I have tried everything that the manual says.", "Two of your people told me two different things.",
            "I am travelling until the weekend.", "It is for our school, so several people wait.",
            "I can be reached in the evening.",
            "Nothing like this has happened before.", "I would like to keep it if that is possible.",
            "There was no note with it.",
            "A photo is attached.", "I have already asked once and heard nothing.", "This costs me a day off work.",
        ],
        "closing": [
            "What now?", "Kind regards, Anna", "Thanks, Marek", "Please help. Fatima", "Regards, J. Okafor",
            "My name is Lena.",
            "Yours, Tom", "Many thanks, Sofia",
        ],
    ]
}
