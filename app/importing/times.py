"""The times in an import file: hours, breaks, quiet times, holidays, quotas."""

import re
from collections import defaultdict
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from app.importing.spec import Spec, Text, no_repeats


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


def _clock_time(text: str) -> str:
    # ASCII: else \d takes the digits of every script
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text, re.ASCII):
        raise ValueError(f"must be a time HH:MM from 00:00 to 23:59, not {text!r}")
    return text


def _date(value: object) -> date:
    text = value if isinstance(value, str) else ""
    try:
        # fromisoformat alone also takes 20261225 and 2026-W52-5
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"must be a date YYYY-MM-DD, not {text!r}")


ClockTime = Annotated[str, AfterValidator(_clock_time)]
Days = Annotated[list[Weekday], Field(min_length=1), AfterValidator(no_repeats)]


class IssuingSpec(Spec):
    """A time on some days in which numbers are given, in the site's own time."""

    days: Days
    opens: ClockTime
    closes: ClockTime

    @model_validator(mode="after")
    def _in_order(self) -> "IssuingSpec":
        if self.opens >= self.closes:
            raise ValueError(f"opens at {self.opens}, but closes at {self.closes}")
        return self


class HoursSpec(IssuingSpec):
    """When people are served; the last number may be given before the end."""

    last_ticket: ClockTime | None = None

    @model_validator(mode="after")
    def _last_within(self) -> "HoursSpec":
        last = self.last_ticket
        if last is not None and not self.opens < last <= self.closes:
            raise ValueError(
                f"last_ticket {last} is not between {self.opens} and {self.closes}"
            )
        return self


class RestSpec(Spec):
    """A break, or a quiet time, on some days."""

    days: Days
    begins: ClockTime
    ends: ClockTime

    @model_validator(mode="after")
    def _in_order(self) -> "RestSpec":
        if self.begins >= self.ends:
            raise ValueError(f"begins at {self.begins}, but ends at {self.ends}")
        return self


Line = TypeVar("Line", bound=IssuingSpec | RestSpec)
Period = tuple[str, str, str | None]
"""From, until, and when the last number is given."""


def period_of(item: IssuingSpec | RestSpec) -> Period:
    """Return the clock times of a line."""
    if isinstance(item, RestSpec):
        return item.begins, item.ends, None
    last = item.last_ticket if isinstance(item, HoursSpec) else None
    return item.opens, item.closes, last


def _no_overlap(items: list[Line]) -> list[Line]:
    spans = defaultdict(list)
    for item in items:
        for day in item.days:
            spans[day].append(period_of(item)[:2])
    for day, times in spans.items():
        for (_, closes), (opens, _) in pairwise(sorted(times)):
            if opens < closes:
                raise ValueError(f"two times overlap on {day}")
    return items


Hours = Annotated[list[HoursSpec], AfterValidator(_no_overlap)]
Issuing = Annotated[list[IssuingSpec], AfterValidator(_no_overlap)]
Rests = Annotated[list[RestSpec], AfterValidator(_no_overlap)]


class Times(Spec):
    """When a site, an agency or a service is there for people."""

    hours: Hours = []
    issuing_hours: Issuing = []
    breaks: Rests = []
    quiet_times: Rests = []


class HolidaySpec(Spec):
    """A day without service."""

    day: Annotated[date, BeforeValidator(_date)]
    name: Text


def _no_day_twice(holidays: list[HolidaySpec]) -> list[HolidaySpec]:
    no_repeats([holiday.day.isoformat() for holiday in holidays])
    return holidays


Holidays = Annotated[list[HolidaySpec], AfterValidator(_no_day_twice)]


class QuotaSpec(Spec):
    """So many people a day, released at a time; without a channel it is for all."""

    channel: Literal["kiosk", "reception"] | None = None
    opens: ClockTime = "00:00"
    people: Annotated[int, Field(ge=0, le=10_000)]


def _no_part_twice(quotas: list[QuotaSpec]) -> list[QuotaSpec]:
    no_repeats([f"{quota.channel or 'all'} at {quota.opens}" for quota in quotas])
    return quotas


Quotas = Annotated[list[QuotaSpec], AfterValidator(_no_part_twice)]


class SpareRollSpec(Spec):
    """Numbers that are printed beforehand for an outage, and never drawn."""

    first: Annotated[int, Field(ge=1, le=9999)]
    last: Annotated[int, Field(ge=1, le=9999)]

    @model_validator(mode="after")
    def _in_order(self) -> "SpareRollSpec":
        if self.first > self.last:
            raise ValueError(f"first is {self.first}, but last is {self.last}")
        return self
