"""The form of the import file, field by field (import.md)."""

import re
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from app.importing.public_url import public_url_of
from app.importing.spec import Spec, Text, no_repeats
from app.importing.times import Date, Holidays, Hours, Quotas, SpareRollSpec, Times
from app.models.mall import MAX_QUERY_WORDS
from app.models.states import DisplayLayout, Result
from app.queueing.site.policy import Policy
from printer.address import parse_address
from printer.slips.paper_names import PAPER_NAMES

Language = Literal["id", "en"]


class Symbol(StrEnum):
    """The pictograms that an agency may stand under at the kiosk."""

    ID_CARD = "id-card"
    FAMILY = "family"
    COURT = "court"
    RELIGION = "religion"
    TAX = "tax"
    PASSPORT = "passport"
    POLICE = "police"
    HEALTH = "health"
    HEALTH_INSURANCE = "health-insurance"
    WORK = "work"
    WORK_INSURANCE = "work-insurance"
    MIGRANT = "migrant"
    PERMIT = "permit"
    BUSINESS = "business"
    LAND = "land"
    ELECTRICITY = "electricity"
    WATER = "water"
    POST = "post"
    BANK = "bank"
    PENSION = "pension"
    TRANSPORT = "transport"
    VEHICLE = "vehicle"
    SOCIAL = "social"
    EDUCATION = "education"
    ENVIRONMENT = "environment"
    FOOD_SAFETY = "food-safety"
    GOVERNMENT = "government"
    UNITY = "unity"
    PUBLIC_WORKS = "public-works"
    TRADE = "trade"
    PROSECUTOR = "prosecutor"
    CUSTOMS = "customs"
    NARCOTICS = "narcotics"
    BUILDING = "building"


def _code(text: str) -> str:
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9-]{0,19}", text):
        raise ValueError(
            f"must be 1 to 20 capital letters, digits or hyphens, not {text!r}"
        )
    return text


def _prefix(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{1,3}", text):
        raise ValueError(f"must be 1 to 3 letters A to Z, not {text!r}")
    for letter, alike in (("I", "1"), ("O", "0"), ("Q", "0")):
        if letter in text:
            raise ValueError(f"must not hold {letter}, which looks like {alike}")
    return text


def _timezone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError(f"is no known time zone: {text!r}; for example Asia/Jakarta")
    return text


def _printer_address(text: str) -> str:
    parse_address(text)
    return text


Code = Annotated[str, AfterValidator(_code)]
Prefix = Annotated[str, AfterValidator(_prefix)]
Minutes = Annotated[int, Field(ge=1, le=480)]
Cooldown = Annotated[int, Field(ge=1, le=3600)]
HeadStart = Annotated[int, Field(ge=0, le=240)]


class SiteSpec(Times):
    """The mall itself; the first language is the default one."""

    name: Text
    timezone: Annotated[str, AfterValidator(_timezone)]
    languages: Annotated[
        list[Language], Field(min_length=1), AfterValidator(no_repeats)
    ]
    public_url: Annotated[str, AfterValidator(public_url_of)]
    sample: bool = False
    hours: Annotated[Hours, Field(min_length=1)]
    holidays: Holidays = []
    policy: Policy = Policy()


def _result(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", text):
        raise ValueError(f"must be 1 to 40 small letters, digits or _, not {text!r}")
    if text in set(Result):
        raise ValueError(f"is a result of every service already: {text!r}")
    return text


class ResultSpec(Spec):
    """A way in which the work of one service may end, besides those of all."""

    code: Annotated[str, AfterValidator(_result)]
    name: Text
    name_en: Text


def _results(results: list[ResultSpec]) -> list[ResultSpec]:
    no_repeats([result.code for result in results])
    return results


def _alias(text: str) -> str:
    # letters of any script are letters
    parts = re.split(r"[\s,./-]+", text)
    words = sum(any(map(str.isalnum, part)) for part in parts)
    if not 1 <= words <= MAX_QUERY_WORDS:
        raise ValueError(f"must hold 1 to {MAX_QUERY_WORDS} words, not {text!r}")
    return text


def _paper(text: str) -> str:
    if text not in PAPER_NAMES:
        raise ValueError(f"must be one of {', '.join(PAPER_NAMES)}, not {text!r}")
    return text


class ServiceSpec(Times):
    """What a visitor comes for; without a prefix it draws from its agency's series."""

    code: Code
    name: Text
    name_en: Text
    # the other half of the rule is in checks: one of the two must have a prefix
    prefix: Prefix | None = None
    typical_minutes: Minutes
    standard_minutes: Minutes | None = None
    fee: Text | None = None
    fee_en: Text | None = None
    documents: list[Text] | None = None
    documents_en: list[Text] | None = None
    aliases: Annotated[
        list[Annotated[Text, AfterValidator(_alias)]],
        Field(max_length=20),
        AfterValidator(no_repeats),
    ] = []
    reception_only: bool = False
    kiosk_cooldown_seconds: Cooldown | None = None
    results: Annotated[
        list[ResultSpec], Field(max_length=4), AfterValidator(_results)
    ] = []
    quotas: Quotas = []
    spare_roll: SpareRollSpec | None = None
    retired: Date | None = None


class AgencySpec(Times):
    """An organisation with counters in the mall."""

    code: Code
    name: Text
    name_en: Text
    short_name: Annotated[str, StringConstraints(min_length=1, max_length=30)]
    symbol: Symbol
    prefix: Prefix | None = None
    holidays: Holidays = []
    spare_roll: SpareRollSpec | None = None
    retired: Date | None = None
    services: Annotated[list[ServiceSpec], Field(min_length=1)]


class SoundSpaceSpec(Spec):
    """Zones within earshot of each other; ``speaker`` is the display that speaks."""

    code: Code
    name: Text
    speaker: Code | None = None


class ZoneSpec(Spec):
    """A part of the hall; in a practice zone new officers learn."""

    code: Code
    name: Text
    name_en: Text | None = None
    sound_space: Code
    practice: bool = False


class CounterSpec(Spec):
    """A place where one officer serves ``AGENCY`` or ``AGENCY/SERVICE``."""

    code: Code
    name: Text
    zone: Code
    # none: its services were retired, and it stands there for others
    services: Annotated[list[Text], AfterValidator(no_repeats)]
    head_start_minutes: dict[str, HeadStart] = {}
    retired: Date | None = None


class DisplaySpec(Spec):
    """A screen in the hall and the zones whose calls it shows.

    ``counter`` is the one of a ``layout: counter``.
    """

    code: Code
    name: Text
    zones: Annotated[list[Code], Field(min_length=1), AfterValidator(no_repeats)]
    layout: DisplayLayout | None = None
    counter: Code | None = None
    screen_inches: Annotated[int, Field(ge=10, le=150)] | None = None
    viewing_metres: Annotated[int, Field(ge=1, le=30)] | None = None


class PrinterSpec(Spec):
    """A ticket printer; without an address only behind a print agent.

    What it cannot print comes out at its sibling.
    """

    code: Code
    name: Text
    address: Annotated[str, AfterValidator(_printer_address)] | None = None
    paper: Annotated[str, AfterValidator(_paper)] = "80mm"
    reports_status: bool = True
    sibling: Code | None = None


class PrintAgentSpec(Spec):
    """The process on a kiosk's PC that drives the printer beside it."""

    code: Code
    name: Text
    printer: Code


class KioskSpec(Spec):
    """A touch screen for visitors; without a printer it shows numbers only."""

    code: Code
    name: Text
    printer: Code | None = None


class Mall(Spec):
    """The whole import file."""

    site: SiteSpec
    agencies: Annotated[list[AgencySpec], Field(min_length=1)]
    sound_spaces: Annotated[list[SoundSpaceSpec], Field(min_length=1)]
    zones: Annotated[list[ZoneSpec], Field(min_length=1)]
    counters: Annotated[list[CounterSpec], Field(min_length=1)]
    displays: list[DisplaySpec] = []
    printers: list[PrinterSpec] = []
    print_agents: list[PrintAgentSpec] = []
    kiosks: list[KioskSpec] = []
