"""The form of the import file, field by field (``app/docs/import.md``)."""

import re
from collections import Counter, defaultdict
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from app.queueing.policy import Policy

NAME_MAX = 120
Language = Literal["id", "en"]
Item = TypeVar("Item", bound=str)


class Weekday(StrEnum):
    """The days of the week, Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"

    @property
    def number(self) -> int:
        """Return 0 for Monday."""
        return list(Weekday).index(self)


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


def _clock_time(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text, re.ASCII):
        raise ValueError(f"must be a time HH:MM from 00:00 to 23:59, not {text!r}")
    return text


def _timezone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError(f"is no known time zone: {text!r}; for example Asia/Jakarta")
    return text


def _address_of(text: str, schemes: tuple[str, ...], form: str) -> str:
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        raise ValueError(f"must be {form}, not {text!r}") from None
    tail = url.query or url.fragment or url.username is not None or " " in text
    if url.scheme not in schemes or not url.hostname or tail or port == 0:
        raise ValueError(f"must be {form}, not {text!r}")
    return text


def _public_url(text: str) -> str:
    return _address_of(text, ("http", "https"), "http://HOST or https://HOST").rstrip(
        "/"
    )


def _printer_address(text: str) -> str:
    form = "tcp://HOST:PORT"
    url = urlsplit(_address_of(text, ("tcp",), form))
    if url.port is None or url.path:
        raise ValueError(f"must be {form}, not {text!r}")
    return text


def _no_repeats(items: list[Item]) -> list[Item]:
    for item, times in Counter(items).items():
        if times > 1:
            raise ValueError(f"names {item} more than once")
    return items


Text = Annotated[str, StringConstraints(min_length=1, max_length=NAME_MAX)]
Code = Annotated[str, AfterValidator(_code)]
Prefix = Annotated[str, AfterValidator(_prefix)]
ClockTime = Annotated[str, AfterValidator(_clock_time)]
Minutes = Annotated[int, Field(ge=1, le=480)]
HeadStart = Annotated[int, Field(ge=0, le=240)]


class _Spec(BaseModel):
    """A group of fields; a field that nobody knows is a mistake, not a remark."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty_fields(cls, fields: Any) -> Any:
        """Take ``fee:`` with nothing behind it as if it were not there."""
        if not isinstance(fields, dict):
            return fields
        known = cls.model_fields
        return {
            key: value
            for key, value in fields.items()
            if value is not None or key not in known
        }


class HoursSpec(_Spec):
    """When numbers are given on some days, in the site's own time."""

    days: Annotated[list[Weekday], Field(min_length=1), AfterValidator(_no_repeats)]
    opens: ClockTime
    closes: ClockTime

    @model_validator(mode="after")
    def _in_order(self) -> "HoursSpec":
        if self.opens >= self.closes:
            raise ValueError(f"opens at {self.opens}, but closes at {self.closes}")
        return self


def _no_overlap(hours: list[HoursSpec]) -> list[HoursSpec]:
    spans = defaultdict(list)
    for item in hours:
        for day in item.days:
            spans[day].append((item.opens, item.closes))
    for day, times in spans.items():
        for (_, closes), (opens, _) in pairwise(sorted(times)):
            if opens < closes:
                raise ValueError(f"two times overlap on {day}")
    return hours


Hours = Annotated[list[HoursSpec], AfterValidator(_no_overlap)]


class SiteSpec(_Spec):
    """The mall itself; the first language is the default one."""

    name: Text
    timezone: Annotated[str, AfterValidator(_timezone)]
    languages: Annotated[
        list[Language], Field(min_length=1), AfterValidator(_no_repeats)
    ]
    public_url: Annotated[str, AfterValidator(_public_url)]
    sample: bool = False
    hours: Annotated[Hours, Field(min_length=1)]
    policy: Policy = Policy()


class ServiceSpec(_Spec):
    """What a visitor comes for; without a prefix it draws from its agency's series."""

    code: Code
    name: Text
    name_en: Text
    prefix: Prefix | None = None
    typical_minutes: Minutes
    standard_minutes: Minutes | None = None
    fee: Text | None = None
    documents: list[Text] | None = None
    hours: Hours = []


class AgencySpec(_Spec):
    """An organisation with counters in the mall."""

    code: Code
    name: Text
    name_en: Text
    short_name: Annotated[str, StringConstraints(min_length=1, max_length=30)]
    symbol: Symbol
    prefix: Prefix | None = None
    hours: Hours = []
    services: Annotated[list[ServiceSpec], Field(min_length=1)]


class SoundSpaceSpec(_Spec):
    """Zones within earshot of each other."""

    code: Code
    name: Text


class ZoneSpec(_Spec):
    """A part of the hall."""

    code: Code
    name: Text
    sound_space: Code


class CounterSpec(_Spec):
    """A place where one officer serves ``AGENCY`` or ``AGENCY/SERVICE``."""

    code: Code
    name: Text
    zone: Code
    services: Annotated[list[Text], Field(min_length=1), AfterValidator(_no_repeats)]
    head_start_minutes: dict[str, HeadStart] = {}


class DisplaySpec(_Spec):
    """A screen in the hall and the zones whose calls it shows."""

    code: Code
    name: Text
    zones: Annotated[list[Code], Field(min_length=1), AfterValidator(_no_repeats)]


class PrinterSpec(_Spec):
    """A ticket printer in the network."""

    code: Code
    name: Text
    address: Annotated[str, AfterValidator(_printer_address)]
    paper: Literal["80mm", "58mm"] = "80mm"
    reports_status: bool = True


class KioskSpec(_Spec):
    """A touch screen for visitors; without a printer it shows numbers only."""

    code: Code
    name: Text
    printer: Code | None = None


class Mall(_Spec):
    """The whole import file."""

    site: SiteSpec
    agencies: Annotated[list[AgencySpec], Field(min_length=1)]
    sound_spaces: Annotated[list[SoundSpaceSpec], Field(min_length=1)]
    zones: Annotated[list[ZoneSpec], Field(min_length=1)]
    counters: Annotated[list[CounterSpec], Field(min_length=1)]
    displays: list[DisplaySpec] = []
    printers: list[PrinterSpec] = []
    kiosks: list[KioskSpec] = []
