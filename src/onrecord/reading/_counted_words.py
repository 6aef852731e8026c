"""Words around numbers: bounds, vague numbers, currencies, units, and what is counted.

General knowledge of English; currency codes are those of ISO 4217.
"""

from __future__ import annotations

#: Modifiers before a number, as token tuples → what they do to it.
#: "low" makes it a lower bound, "high" an upper one, "about" approximate, "" nothing.
MODIFIERS: dict[tuple[str, ...], str] = {
    tuple(phrase.split()): effect
    for effect, phrases in {
        "low": (
            "at least|more than|over|no fewer than|no less than|not less than|upwards of|above|"
            "in excess of|exceeding|greater than|well over|well above|just over|a little more than|"
            "slightly more than|a minimum of|north of|not fewer than|much more than|higher than"
        ),
        "high": (
            "up to|as many as|as much as|at most|no more than|not more than|fewer than|less than|"
            "under|below|a maximum of|just under|well under|lower than|little more than"
        ),
        "about": (
            "about|around|some|roughly|approximately|an estimated|estimated|nearly|almost|close to|"
            "circa|almost about|approx|approximate|an average of|near|a reported|perhaps|"
            "an approximate|virtually|getting on for"
        ),
        "": "only|just|another|an additional|a further|exactly|all|a total of|the|a record|a mere",
    }.items()
    for phrase in phrases.split("|")
}
LONGEST_MODIFIER = max(map(len, MODIFIERS))
#: Last words of modifiers: a quick test before the table is asked.
MODIFIER_ENDS = frozenset(phrase[-1] for phrase in MODIFIERS)

#: Vague numbers → (low, high); plural multiples say "at least two of them".
VAGUE: dict[tuple[str, ...], tuple[float | None, float | None]] = {
    ("dozens",): (24, None),
    ("scores",): (40, None),
    ("hundreds",): (200, None),
    ("thousands",): (2000, None),
    ("millions",): (2_000_000, None),
    ("billions",): (2_000_000_000, None),
    ("dozens", "of", "thousands"): (24_000, None),
    ("tens", "of", "thousands"): (20_000, None),
    ("hundreds", "of", "thousands"): (200_000, None),
    ("tens", "of", "millions"): (20_000_000, None),
    ("hundreds", "of", "millions"): (200_000_000, None),
    ("tens", "of", "billions"): (20_000_000_000, None),
    ("hundreds", "of", "billions"): (200_000_000_000, None),
    ("several", "dozen"): (36, None),
    ("several", "hundred"): (300, 1000),
    ("several", "thousand"): (3000, 10_000),
    ("several", "million"): (3_000_000, 10_000_000),
    ("a", "few", "dozen"): (24, 100),
    ("a", "few", "hundred"): (200, 1000),
    ("a", "few", "thousand"): (2000, 10_000),
    ("several",): (3, None),
}
VAGUE_FIRST = frozenset(phrase[0] for phrase in VAGUE)
LONGEST_VAGUE = max(map(len, VAGUE))

#: Fractions of a whole, in percent.
FRACTIONS = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}
FRACTION_PLURALS = {
    "thirds": 100 / 3,
    "quarters": 25.0,
    "fifths": 20.0,
    "tenths": 10.0,
    "fourths": 25.0,
}

#: Scales written right after digits.
SUFFIXES = {
    **dict.fromkeys(("m", "mn", "mil", "mln"), 10**6),
    **dict.fromkeys(("b", "bn", "bln"), 10**9),
    **dict.fromkeys(("tn", "trn"), 10**12),
    "k": 10**3,
    "cr": 10**7,
}
#: Suffixes that also are units of length, and count as scales only after a currency.
MONEY_SUFFIXES = frozenset({"m", "b", "cr"})

#: Signs and abbreviations before an amount → ISO 4217 code, or the sign where it is not sure.
SIGNS: dict[str, str] = {
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "c$": "CAD",
    "ca$": "CAD",
    "cad": "CAD",
    "a$": "AUD",
    "au$": "AUD",
    "aud": "AUD",
    "nz$": "NZD",
    "hk$": "HKD",
    "s$": "SGD",
    "nt$": "TWD",
    "r$": "BRL",
    "n$": "NAD",
    "j$": "JMD",
    "tt$": "TTD",
    "z$": "ZWL",
    "fj$": "FJD",
    "€": "EUR",
    "eur": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "₹": "INR",
    "inr": "INR",
    "₦": "NGN",
    "ngn": "NGN",
    "₩": "KRW",
    "krw": "KRW",
    "₺": "TRY",
    "₽": "RUB",
    "₴": "UAH",
    "₪": "ILS",
    "₱": "PHP",
    "php": "PHP",
    "฿": "THB",
    "₫": "VND",
    "₸": "KZT",
    "₾": "GEL",
    "¥": "¥",
    "rs": "rupees",
    "re": "rupees",
    "tk": "BDT",
    "rm": "MYR",
    "sr": "SAR",
    "qr": "QAR",
    "zar": "ZAR",
    "ksh": "KES",
    "kes": "KES",
    "ush": "UGX",
    "tsh": "TZS",
    "ghs": "GHS",
    "mnt": "MNT",
    "rmb": "CNY",
    "cny": "CNY",
    "jpy": "JPY",
    "chf": "CHF",
    "sek": "SEK",
    "nok": "NOK",
    "dkk": "DKK",
    "pkr": "PKR",
    "lkr": "LKR",
    "idr": "IDR",
    "rp": "IDR",
    "dh": "dirhams",
    "aed": "AED",
    "sar": "SAR",
    "qar": "QAR",
    "kd": "KWD",
    "bd": "BHD",
    "r": "ZAR",
    "n": "NGN",
    "k": "PGK",
}
#: One-letter signs that must touch a long number ("R50 000", "N7.2 billion").
TIGHT_SIGNS = frozenset({"r", "n", "k", "re"})

#: Names after an amount → code, or the name where several countries use it.
CURRENCIES: dict[str, str] = {
    "dollar": "USD",
    "dollars": "USD",
    "usd": "USD",
    "bucks": "USD",
    "euro": "EUR",
    "euros": "EUR",
    "yen": "JPY",
    "yuan": "CNY",
    "renminbi": "CNY",
    "baht": "THB",
    "won": "KRW",
    "ringgit": "MYR",
    "naira": "NGN",
    "rand": "ZAR",
    "taka": "BDT",
    "shekels": "ILS",
    "hryvnia": "UAH",
    "hryvnias": "UAH",
    "zloty": "PLN",
    "zlotys": "PLN",
    "forints": "HUF",
    "lira": "TRY",
    "liras": "TRY",
    "rouble": "RUB",
    "roubles": "RUB",
    "ruble": "RUB",
    "rubles": "RUB",
    "rupee": "rupees",
    "rupees": "rupees",
    "peso": "pesos",
    "pesos": "pesos",
    "pound": "pounds",
    "pounds": "pounds",
    "sterling": "GBP",
    "francs": "francs",
    "franc": "francs",
    "crowns": "crowns",
    "kronor": "SEK",
    "kroner": "kroner",
    "dirhams": "dirhams",
    "dinars": "dinars",
    "riyals": "riyals",
    "rials": "rials",
    "shillings": "shillings",
    "rupiah": "IDR",
    "dong": "VND",
    "tugriks": "MNT",
    "tenge": "KZT",
    "lari": "GEL",
    "cedis": "GHS",
    "birr": "ETB",
    "kwacha": "kwacha",
    "reais": "BRL",
    "bolivars": "VES",
    "cents": "cents",
}
#: Nationality + name of a currency → code.
NATIONAL: dict[tuple[str, str], str] = {
    ("us", "dollars"): "USD",
    ("american", "dollars"): "USD",
    ("canadian", "dollars"): "CAD",
    ("australian", "dollars"): "AUD",
    ("singapore", "dollars"): "SGD",
    ("taiwan", "dollars"): "TWD",
    ("taiwanese", "dollars"): "TWD",
    ("namibian", "dollars"): "NAD",
    ("jamaican", "dollars"): "JMD",
    ("fijian", "dollars"): "FJD",
    ("zealand", "dollars"): "NZD",
    ("kong", "dollars"): "HKD",
    ("indian", "rupees"): "INR",
    ("pakistani", "rupees"): "PKR",
    ("lankan", "rupees"): "LKR",
    ("nepali", "rupees"): "NPR",
    ("nepalese", "rupees"): "NPR",
    ("mexican", "pesos"): "MXN",
    ("philippine", "pesos"): "PHP",
    ("argentine", "pesos"): "ARS",
    ("chilean", "pesos"): "CLP",
    ("colombian", "pesos"): "COP",
    ("cuban", "pesos"): "CUP",
    ("british", "pounds"): "GBP",
    ("egyptian", "pounds"): "EGP",
    ("syrian", "pounds"): "SYP",
    ("lebanese", "pounds"): "LBP",
    ("sudanese", "pounds"): "SDG",
    ("swiss", "francs"): "CHF",
    ("cfa", "francs"): "CFA francs",
    ("congolese", "francs"): "CDF",
    ("kenyan", "shillings"): "KES",
    ("ugandan", "shillings"): "UGX",
    ("tanzanian", "shillings"): "TZS",
    ("somali", "shillings"): "SOS",
    ("saudi", "riyals"): "SAR",
    ("qatari", "riyals"): "QAR",
    ("iranian", "rials"): "IRR",
    ("omani", "rials"): "OMR",
    ("iraqi", "dinars"): "IQD",
    ("kuwaiti", "dinars"): "KWD",
    ("jordanian", "dinars"): "JOD",
    ("libyan", "dinars"): "LYD",
    ("tunisian", "dinars"): "TND",
    ("serbian", "dinars"): "RSD",
    ("uae", "dirhams"): "AED",
    ("emirati", "dirhams"): "AED",
    ("moroccan", "dirhams"): "MAD",
    ("danish", "kroner"): "DKK",
    ("norwegian", "kroner"): "NOK",
    ("zambian", "kwacha"): "ZMW",
    ("malawian", "kwacha"): "MWK",
    ("turkish", "lira"): "TRY",
}

#: Units of measure → their name in a record.
MEASURES: dict[str, str] = {
    word: unit
    for unit, words in {
        "kilometre": "km kilometre kilometres kilometer kilometers",
        "metre": "metre metres meter meters m",
        "centimetre": "cm centimetre centimetres centimeter centimeters",
        "mile": "mile miles",
        "foot": "feet foot ft",
        "yard": "yards",
        "inch": "inch inches",
        "kilogram": "kg kilogram kilograms kilogramme kilogrammes kilo kilos",
        "gram": "gram grams gramme grammes g",
        "tonne": "tonne tonnes ton tons",
        "litre": "litre litres liter liters",
        "gallon": "gallon gallons",
        "barrel": "barrel barrels bpd",
        "hectare": "hectare hectares ha",
        "acre": "acre acres",
        "degree": "degree degrees °c °f °",
        "megawatt": "megawatt megawatts mw",
        "gigawatt": "gigawatt gigawatts gw",
        "ounce": "ounce ounces",
        "bushel": "bushels",
        "knot": "knots",
    }.items()
    for word in words.split()
}

#: A number after one of these words is a label, not a quantity.
LABELS = frozenset(
    "article articles section sections chapter page pages paragraph resolution flight no nos "
    "number room route highway channel part phase article rule clause act line gate district "
    "ward block unit apollo boeing airbus version windows model category grade level route "
    "season episode volume group aged age formula title stage area zone division brigade "
    "regiment battalion precinct apartment suite box pier platform runway case docket agenda "
    "goal protocol amendment bill proposition committee".split()
)
#: "group of 7", "the Big 5".
SCORE_WORDS = frozenset(
    "win victory defeat loss draw lead vote ruling decision triumph margin score result "
    "majority rout thrashing".split()
)

PERSON_NOUNS = frozenset(
    "people persons person civilians soldiers troops policemen police officers men women children "
    "boys girls man woman child boy girl students protesters demonstrators militants fighters "
    "rebels insurgents gunmen terrorists suspects members migrants refugees residents villagers "
    "workers employees passengers victims prisoners detainees hostages journalists activists "
    "supporters others guards marines personnel servicemen peacekeepers casualties dead wounded "
    "injured mps lawmakers politicians teachers doctors nurses patients babies infants youths "
    "teenagers adults families farmers miners fishermen tourists pilgrims worshippers individuals "
    "citizens nationals foreigners palestinians israelis ukrainians russians americans syrians "
    "iraqis afghans colleagues bystanders pedestrians cadets recruits commandos jihadists "
    "extremists attackers bombers assailants friends relatives brothers sisters sons daughters "
    "inmates monks nuns priests clerics rescuers firefighters medics aides officials "
    "ministers leaders leader cops rioters looters smugglers "
    "traffickers gangsters criminals fugitives defendants "
    "delegates participants villager student soldier policeman officer worker "
    "protester "
    "herders reporters dissidents separatists recruits survivors displaced lives souls bodies "
    "athletes players fans drivers crew pilots sailors "
    "settlers asylum-seekers seekers evacuees".split()
)
#: Never people: a figure before one of these is not dead, injured or arrested.
THING_NOUNS = frozenset(
    "houses homes buildings vehicles cars trucks buses tanks planes aircraft helicopters drones "
    "missiles rockets bombs shells weapons guns rifles villages towns cities districts provinces "
    "states countries nations seats votes points goals times percent per days weeks months years "
    "hours minutes seconds year day week month hour charges counts cases schools hospitals shops "
    "businesses companies firms banks projects shares attacks incidents explosions blasts raids "
    "strikes operations clashes rounds boats ships vessels animals cattle sheep goats "
    "cows bags boxes items computers phones documents pages copies parts occasions locations "
    "sites places areas regions fires quakes tablets books barrels tonnes tons kg kilograms "
    "kilometres kilometers miles metres meters feet acres hectares offices checkpoints bases "
    "camps churches mosques temples bridges roads trees meetings elections parties teams "
    "matches games medals records laws bills lawsuits complaints airstrikes degrees floors".split()
)

#: What is counted, by words that stand next to a figure.
#: Verbs that take the counted as object ("killed 12") or, passive, follow it ("12 were killed").
VERBS: dict[str, str] = {
    **dict.fromkeys(
        "kill killed kills killing murdered murder murdering massacred executed "
        "executing assassinated beheaded slain slaughtered martyred "
        "lynched".split(),
        "dead",
    ),
    **dict.fromkeys(
        "wound wounded wounding injure injured injuring injures hurt hurting "
        "maimed hospitalised hospitalized".split(),
        "injured",
    ),
    **dict.fromkeys(
        "arrest arrested arresting arrests detain detained detaining detains jailed "
        "jailing imprisoned imprisoning apprehended nabbed apprehending".split(),
        "arrested",
    ),
    **dict.fromkeys(
        "displaced displacing displaces evacuated evacuating uprooted uprooting evicted".split(),
        "displaced",
    ),
}
#: Words after the counted, never with it as object.
FOLLOWERS: dict[str, str] = {
    **dict.fromkeys(
        "dead died die dies dying perished deaths fatalities drowned corpses".split(), "dead"
    ),
    **dict.fromkeys("injuries".split(), "injured"),
    **dict.fromkeys("custody detention arrests detainees".split(), "arrested"),
    **dict.fromkeys("fled flee fleeing homeless refugees evacuees".split(), "displaced"),
    **dict.fromkeys(
        "gathered rallied marched attended protested demonstrated protesting "
        "demonstrating rallying marching protesters demonstrators marchers attendees "
        "spectators mourners worshippers pilgrims delegates participants "
        "gather rally march streets attend attending thronged lined celebrated "
        "demonstration turned packed".split(),
        "crowd",
    ),
}
#: Nouns before the counted: "a death toll of 12", "the deaths of 12", "the arrest of 12".
LEADERS: dict[str, str] = {
    **dict.fromkeys(
        "toll death deaths dead fatalities killing killings murder murders execution "
        "executions lives bodies".split(),
        "dead",
    ),
    **dict.fromkeys("injuries injury wounding".split(), "injured"),
    **dict.fromkeys("arrest arrests detention detentions custody".split(), "arrested"),
    **dict.fromkeys("displacement evacuation".split(), "displaced"),
    **dict.fromkeys("crowd crowds turnout attended attracted audience".split(), "crowd"),
}
#: Nouns right after a figure that say by themselves what it counts.
HEADS: dict[str, str] = {
    **dict.fromkeys("deaths fatalities dead corpses murders killings".split(), "dead"),
    **dict.fromkeys("injuries wounded injured".split(), "injured"),
    **dict.fromkeys("arrests detainees".split(), "arrested"),
    **dict.fromkeys("refugees evacuees".split(), "displaced"),
    **dict.fromkeys(
        "protesters demonstrators marchers attendees spectators mourners protestors".split(),
        "crowd",
    ),
}
PASSIVE = frozenset("was were been be being is are get got".split())
INCLUDING = frozenset("including include included among them".split())
