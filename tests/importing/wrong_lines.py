"""Every kind of wrong line, and the words that name it."""

from tests.importing.conftest import SMALL, edited, without
from tests.importing.wrong_printers import WRONG_PRINTERS
from tests.importing.wrong_texts import WRONG_TEXTS

KTP = "{code: KTP, name: KTP-el, name_en: e-KTP, typical_minutes: 10}"
RESULT = "{code: done, name: Beres, name_en: Ready}"
ONLY = "reception_only: true"
TWICE = "{code: ulang, name: Ulang, name_en: Again}"

_OF_THE_MALL = {
    "a missing field": (
        without("short_name: Dukcapil"),
        "line 15, agencies.DKC.short_name: is missing",
    ),
    "an empty field": (
        edited(("name: Mal Contoh", "name:")),
        "line 2, site.name: is missing",
    ),
    "an empty text": (
        edited(("name: Mal Contoh", 'name: " "')),
        "line 2, site.name: must not be empty",
    ),
    "an unknown field": (
        edited(("  timezone", "  colour: red\n  timezone")),
        "line 3, site.colour: is not a known field",
    ),
    "an unknown field with nothing in it": (
        edited(("  timezone", "  colour:\n  timezone")),
        "line 3, site.colour: is not a known field",
    ),
    "an unknown section": (
        SMALL + "desks: []\n",
        "line 43, desks: is not a known field",
    ),
    "a time zone that is none": (
        edited(("Asia/Jakarta", "../etc/passwd")),
        "line 3, site.timezone: is no known time zone: '../etc/passwd';"
        " for example Asia/Jakarta",
    ),
    "a language without words": (
        edited(("[id, en]", "[id, nl]")),
        "line 4, site.languages.#2: must be 'id' or 'en', not 'nl'",
    ),
    "a language twice": (
        edited(("[id, en]", "[id, id]")),
        "line 4, site.languages: names id more than once",
    ),
    "an address that phones cannot open": (
        edited(("http://mal.example:8000/", "mal.example")),
        "line 5, site.public_url: must be http://HOST or https://HOST,"
        " not 'mal.example'",
    ),
    "an address with a port that is none": (
        edited(("mal.example:8000/", "mal.example:80000/")),
        "line 5, site.public_url: must be http://HOST or https://HOST,"
        " not 'http://mal.example:80000/'",
    ),
    "a time without its zero": (
        edited(("opens: 08:00", "opens: 8:00")),
        "line 7, site.hours.#1.opens: must be a time HH:MM from 00:00 to 23:59,"
        " not '8:00'",
    ),
    "a time after midnight": (
        edited(("closes: 15:30", "closes: 24:00")),
        "line 7, site.hours.#1.closes: must be a time HH:MM from 00:00 to 23:59,"
        " not '24:00'",
    ),
    "closing before opening": (
        edited(("closes: 15:30", "closes: 07:30")),
        "line 7, site.hours.#1: opens at 08:00, but closes at 07:30",
    ),
    "two times of one day that overlap": (
        edited(
            (
                "closes: 15:30}",
                "closes: 15:30}\n    - {days: [tue], opens: 15:00, closes: 16:00}",
            )
        ),
        "line 6, site.hours: two times overlap on tue",
    ),
    "a last number before opening": (
        edited(("closes: 15:30", "closes: 15:30, last_ticket: 07:00")),
        "line 7, site.hours.#1: last_ticket 07:00 is not between 08:00 and 15:30",
    ),
    "a last number of hours that only give numbers": (
        edited(
            (
                "closes: 15:30}",
                "closes: 15:30}\n  issuing_hours:\n"
                "    - {days: [mon], opens: 07:00, closes: 15:00, last_ticket: 14:00}",
            )
        ),
        "line 9, site.issuing_hours.#1.last_ticket: is not a known field",
    ),
    "a break that ends before it begins": (
        edited(
            (
                "15:30}",
                "15:30}\n  breaks: [{days: [mon], begins: 13:00, ends: 12:00}]",
            )
        ),
        "line 8, site.breaks.#1: begins at 13:00, but ends at 12:00",
    ),
    "two breaks of one day that overlap": (
        edited(
            (
                "    hours:\n",
                "    breaks:\n      - {days: [mon, tue], begins: 12:00, ends: 13:00}\n"
                "      - {days: [tue], begins: 12:30, ends: 13:30}\n    hours:\n",
            )
        ),
        "line 21, agencies.DKC.breaks: two times overlap on tue",
    ),
    "a holiday that is no date": (
        edited(("15:30}", "15:30}\n  holidays: [{day: 2026-02-30, name: Libur}]")),
        "line 8, site.holidays.#1.day: must be a date YYYY-MM-DD, not '2026-02-30'",
    ),
    "a holiday twice": (
        edited(
            (
                "15:30}",
                "15:30}\n  holidays: [{day: 2026-12-25, name: Natal},"
                " {day: 2026-12-25, name: Libur}]",
            )
        ),
        "line 8, site.holidays: names 2026-12-25 more than once",
    ),
    "a quota's part twice": (
        edited((KTP, KTP.replace("}", ", quotas: [{people: 5}, {people: 7}]}"))),
        "line 24, agencies.DKC.services.KTP.quotas: names all at 00:00 more than once",
    ),
    "a quota of a channel that is none": (
        edited((KTP, KTP.replace("}", ", quotas: [{channel: web, people: 5}]}"))),
        "line 24, agencies.DKC.services.KTP.quotas.#1.channel: must be 'kiosk' or"
        " 'reception', not 'web'",
    ),
    "a roll that ends before it begins": (
        edited(("prefix: A", "prefix: A\n    spare_roll: {first: 950, last: 901}")),
        "line 21, agencies.DKC.spare_roll: first is 950, but last is 901",
    ),
    "a roll without a prefix": (
        edited((KTP, KTP.replace("}", ", spare_roll: {first: 1, last: 2}}"))),
        "line 24, agencies.DKC.services.KTP.spare_roll: stands only beside a prefix",
    ),
    "two rolls of one series": (
        edited(
            ("prefix: A", "prefix: A\n    spare_roll: {first: 901, last: 950}"),
            (
                KTP,
                KTP.replace("}", ", prefix: A, spare_roll: {first: 1, last: 2}}"),
            ),
        ),
        "line 25, agencies.DKC.services.KTP.spare_roll: A already has its roll on"
        " line 21",
    ),
    "a display of one counter that names none": (
        edited(("Layar Aula, zones", "Layar Aula, layout: counter, zones")),
        "line 37, displays.AULA.layout: names no counter",
    ),
    "a counter of a display that shows all": (
        edited(("Layar Aula, zones", "Layar Aula, counter: L01, zones")),
        "line 37, displays.AULA.counter: is shown by layout: counter alone",
    ),
    "a counter of a display that is none": (
        edited(
            ("Layar Aula, zones", "Layar Aula, layout: counter, counter: L9, zones")
        ),
        "line 37, displays.AULA.counter: L9 is not among the counters",
    ),
    "a counter of a display in another zone": (
        edited(
            (
                "Layar Aula, zones: [A, B]",
                "Layar Aula, layout: counter, counter: L01, zones: [B]",
            )
        ),
        "line 37, displays.AULA.counter: L01 is in none of its zones",
    ),
    "a practice zone that a display shows": (
        edited(("sound_space: L2}", "sound_space: L2, practice: yes}")),
        "line 37, displays.AULA.zones.#2: B is for practice and not shown",
    ),
    "an agency served in practice and in earnest": (
        edited(("sound_space: L2}", "sound_space: L2, practice: true}")),
        "line 35, counters.L02.services.#2: DKC is served in practice and in earnest",
    ),
    "a day that is none": (
        edited(("days: [mon]", "days: [monday]")),
        "line 22, agencies.DKC.hours.#1.days.#1: must be 'mon', 'tue', 'wed', 'thu',"
        " 'fri', 'sat' or 'sun', not 'monday'",
    ),
    "a figure of the policy that is none": (
        edited(
            (
                "  hours:\n    - {days: [mon, t",
                "  policy: {people_maxx: 3}\n  hours:\n    - {days: [mon, t",
            )
        ),
        "line 6, site.policy.people_maxx: is not a known field",
    ),
    "a figure of the policy that is too large": (
        edited(
            (
                "  hours:\n    - {days: [mon, t",
                "  policy: {people_max: 3000}\n  hours:\n    - {days: [mon, t",
            )
        ),
        "line 6, site.policy.people_max: must be at most 100, not 3000",
    ),
    "a code in small letters": (
        edited(
            ("code: L1, name: Lantai 1", "code: l1, name: Lantai 1"),
            ("sound_space: L1", "sound_space: L2"),
        ),
        "line 9, sound_spaces.l1.code: must be 1 to 20 capital letters, digits or"
        " hyphens, not 'l1'",
    ),
    "a code twice": (
        edited(("code: IMI", "code: DKC"), ("IMI/BARU", "DKC/KTP")),
        "line 26, agencies.DKC.code: DKC is already used on line 15",
    ),
    "a service's code twice": (
        edited(("code: KK,", "code: KTP,"), ("DKC/KK", "DKC/KTP")),
        "line 25, agencies.DKC.services.KTP.code: KTP is already used on line 24",
    ),
    "a kiosk's code that is a display's": (
        edited(("code: K1", "code: AULA")),
        "line 42, kiosks.AULA.code: AULA is already used on line 37",
    ),
    "a counter's name twice": (
        edited(("name: Loket 2", "name: Loket 1")),
        "line 35, counters.L02.name: Loket 1 is already used on line 34",
    ),
    "a counter's name with another blank": (
        edited(("name: Loket 2", "name: Loket\N{NO-BREAK SPACE} 1")),
        "line 35, counters.L02.name: Loket\N{NO-BREAK SPACE} 1 reads like Loket 1"
        " on line 34",
    ),
    "a counter's name in another case": (
        edited(("name: Loket 2", "name: LOKET 1")),
        "line 35, counters.L02.name: LOKET 1 reads like Loket 1 on line 34",
    ),
    "a prefix of two agencies": (
        edited(("prefix: N", "prefix: A")),
        "line 32, agencies.IMI.services.BARU.prefix: A is already the prefix of DKC"
        " (line 15)",
    ),
    "a prefix that looks like 1": (
        edited(("prefix: N", "prefix: IM")),
        "line 32, agencies.IMI.services.BARU.prefix: must not hold I,"
        " which looks like 1",
    ),
    "a prefix that looks like 0": (
        edited(("prefix: A", "prefix: QA")),
        "line 20, agencies.DKC.prefix: must not hold Q, which looks like 0",
    ),
    "a prefix that is too long": (
        edited(("prefix: A", "prefix: ABCD")),
        "line 20, agencies.DKC.prefix: must be 1 to 3 letters A to Z, not 'ABCD'",
    ),
    "a service without any prefix": (
        edited((" prefix: N,", "")),
        "line 32, agencies.IMI.services.BARU: has no prefix, and neither has its"
        " agency",
    ),
    "a symbol that nobody drew": (
        edited(("symbol: passport", "symbol: unicorn")),
        "line 30, agencies.IMI.symbol: must be",
    ),
    "minutes in words": (
        edited((KTP, KTP.replace("10", "ten"))),
        "line 24, agencies.DKC.services.KTP.typical_minutes: must be a whole number,"
        " not 'ten'",
    ),
    "no minutes at all": (
        edited((KTP, KTP.replace("10", "0"))),
        "line 24, agencies.DKC.services.KTP.typical_minutes: must be at least 1, not 0",
    ),
    "a fee that is a list": (
        edited((KTP, KTP.replace("}", ", fee: [1, 2]}"))),
        "line 24, agencies.DKC.services.KTP.fee: must be one text",
    ),
    "documents that are no list": (
        edited((KTP, KTP.replace("}", ", documents: KTP}"))),
        "line 24, agencies.DKC.services.KTP.documents: must be a list",
    ),
    "a result that every service has": (
        edited((KTP, KTP.replace("}", f", results: [{RESULT}]}}"))),
        "line 24, agencies.DKC.services.KTP.results.done.code: is a result of every"
        " service already: 'done'",
    ),
    "a result named twice": (
        edited((KTP, KTP.replace("}", f", results: [{TWICE}, {TWICE}]}}"))),
        "line 24, agencies.DKC.services.KTP.results: names ulang more than once",
    ),
    "a name that is too long": (
        edited(("name: Loket 2", f"name: Loket {'2' * 120}")),
        "line 35, counters.L02.name: must not be longer than 120 characters",
    ),
    "a text without end": (
        edited(("name: Loket 2", f"name: Loket {'2' * 5000}")),
        "line 35, counters.L02.name: is longer than 500 characters",
    ),
    "a service that no counter serves": (
        edited(("services: [DKC]", "services: [DKC/KK]")),
        "line 24, agencies.DKC.services.KTP: no counter serves this service",
    ),
    "a counter without services": (
        edited((", services: [IMI/BARU, DKC/KK]", "")),
        "line 35, counters.L02.services: is missing",
    ),
    "English documents without any": (
        edited(("name_en: e-KTP,", "name_en: e-KTP, documents_en: [Card],")),
        "line 24, agencies.DKC.services.KTP.documents_en: stands only beside documents",
    ),
    "a service that outlives its counter": (
        edited(("[IMI/BARU, DKC/KK]", "[IMI/BARU, DKC/KK], retired: 2026-12-31")),
        "line 32, agencies.IMI.services.BARU: from 2026-12-31 on no counter serves it",
    ),
    "a counter's service that is none": (
        edited(("DKC/KK]", "DKC/SIM]")),
        "line 35, counters.L02.services.#2: DKC/SIM is no agency or AGENCY/SERVICE",
    ),
    "a head start for what is not served there": (
        edited(("DKC/KK]", "DKC/KK], head_start_minutes: {DKC/KTP: 5}")),
        "line 35, counters.L02.head_start_minutes.DKC/KTP: DKC/KTP is not served at"
        " this counter",
    ),
    "a zone that is none": (
        edited(("zone: B", "zone: C")),
        "line 35, counters.L02.zone: C is not among the zones",
    ),
    "a display's zone that is none": (
        edited(("zones: [A, B]", "zones: [A, E]")),
        "line 37, displays.AULA.zones.#2: E is not among the zones",
    ),
    "a sound space that is none": (
        edited(("sound_space: L2", "sound_space: L3")),
        "line 13, zones.B.sound_space: L3 is not among the sound_spaces",
    ),
    "a speaker that is no display": (
        edited(("name: Lantai 1}", "name: Lantai 1, speaker: K1}")),
        "line 9, sound_spaces.L1.speaker: K1 is not among the displays",
    ),
    "a speaker of another space": (
        edited(
            ("name: Lantai 1}", "name: Lantai 1, speaker: AULA}"),
            ("zones: [A, B]", "zones: [B]"),
        ),
        "line 9, sound_spaces.L1.speaker: AULA shows no zone of L1",
    ),
    "another word for a service that holds no word": (
        edited((KTP, KTP.replace("}", ', aliases: [ktp hilang, "?!"]}'))),
        "line 24, agencies.DKC.services.KTP.aliases.#2:"
        " must hold 1 to 8 words, not '?!'",
    ),
    "another word for a service that is a speech": (
        edited((KTP, KTP.replace("}", ", aliases: [a b c d e f g h i]}"))),
        "line 24, agencies.DKC.services.KTP.aliases.#1:"
        " must hold 1 to 8 words, not 'a b c d e f g h i'",
    ),
    "another word for a service twice": (
        edited((KTP, KTP.replace("}", ", aliases: [e-ktp, e-ktp]}"))),
        "line 24, agencies.DKC.services.KTP.aliases: names e-ktp more than once",
    ),
    "more words for a service than anybody says": (
        edited((KTP, KTP.replace("}", f", aliases: {[*map(str, range(21))]}}}"))),
        "line 24, agencies.DKC.services.KTP.aliases: must name at most 20",
    ),
    "a cool-down of no time": (
        edited((KTP, KTP.replace("}", ", kiosk_cooldown_seconds: 0}"))),
        "line 24, agencies.DKC.services.KTP.kiosk_cooldown_seconds:"
        " must be at least 1, not 0",
    ),
    "a cool-down of more than an hour": (
        edited((KTP, KTP.replace("}", ", kiosk_cooldown_seconds: 3601}"))),
        "line 24, agencies.DKC.services.KTP.kiosk_cooldown_seconds:"
        " must be at most 3600, not 3601",
    ),
    "a kiosk's cool-down where no kiosk gives numbers": (
        edited((KTP, KTP.replace("}", f", {ONLY}, kiosk_cooldown_seconds: 60}}"))),
        "line 24, agencies.DKC.services.KTP.kiosk_cooldown_seconds:"
        " stands only where kiosks give numbers",
    ),
    "neither true nor false": (
        edited((KTP, KTP.replace("}", ", reception_only: perhaps}"))),
        "line 24, agencies.DKC.services.KTP.reception_only:"
        " must be true or false, not 'perhaps'",
    ),
}
WRONG = _OF_THE_MALL | WRONG_PRINTERS | WRONG_TEXTS
