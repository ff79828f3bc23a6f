"""The times in an import file: hours, breaks, quiet times, holidays, quotas."""

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from app.importing.spec import Spec, Text, no_repeats
from app.models.states import HoursKind


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


class OpeningSpec(Spec):
    """A time of one day in which numbers are given, in the site's own time."""

    opens: ClockTime
    closes: ClockTime

    @model_validator(mode="after")
    def _in_order(self) -> "OpeningSpec":
        if self.opens >= self.closes:
            raise ValueError(f"opens at {self.opens}, but closes at {self.closes}")
        return self


class ServingSpec(OpeningSpec):
    """When people are served; the last number may be given before the end."""

    last_ticket: ClockTime | None = None

    @model_validator(mode="after")
    def _last_within(self) -> "ServingSpec":
        last = self.last_ticket
        if last is not None and not self.opens < last <= self.closes:
            raise ValueError(
                f"last_ticket {last} is not between {self.opens} and {self.closes}"
            )
        return self


class PauseSpec(Spec):
    """A break, or a quiet time, of one day."""

    begins: ClockTime
    ends: ClockTime

    @model_validator(mode="after")
    def _in_order(self) -> "PauseSpec":
        if self.begins >= self.ends:
            raise ValueError(f"begins at {self.begins}, but ends at {self.ends}")
        return self


class IssuingSpec(OpeningSpec):
    """When numbers are given on some days."""

    days: Days


class HoursSpec(ServingSpec):
    """When people are served on some days."""

    days: Days


class RestSpec(PauseSpec):
    """A break, or a quiet time, on some days."""

    days: Days


Time = TypeVar("Time", bound=OpeningSpec | PauseSpec)
Line = TypeVar("Line", bound=IssuingSpec | HoursSpec | RestSpec)
Period = tuple[str, str, str | None]
"""From, until, and when the last number is given."""


def period_of(item: OpeningSpec | PauseSpec) -> Period:
    """Return the clock times of a line."""
    if isinstance(item, PauseSpec):
        return item.begins, item.ends, None
    last = item.last_ticket if isinstance(item, ServingSpec) else None
    return item.opens, item.closes, last


def _no_overlap(items: list[Line]) -> list[Line]:
    for day in Weekday:
        _require_apart([item for item in items if day in item.days], f"on {day}")
    return items


def _no_overlap_that_day(items: list[Time] | None) -> list[Time] | None:
    _require_apart(items or [], "on that day")
    return items


def _require_apart(items: Sequence[OpeningSpec | PauseSpec], when: str) -> None:
    times = sorted(period_of(item)[:2] for item in items)
    for (_, closes), (opens, _) in pairwise(times):
        if opens < closes:
            raise ValueError(f"two times overlap {when}")


Hours = Annotated[list[HoursSpec], AfterValidator(_no_overlap)]
Issuing = Annotated[list[IssuingSpec], AfterValidator(_no_overlap)]
Rests = Annotated[list[RestSpec], AfterValidator(_no_overlap)]
Date = Annotated[date, BeforeValidator(_date)]


class SpecialHoursSpec(Spec):
    """The times of one date; a kind that is named takes the place of the week's.

    An empty list says that there is nothing of that kind on that date.
    """

    day: Date
    hours: Annotated[list[ServingSpec] | None, AfterValidator(_no_overlap_that_day)] = (
        None
    )
    issuing_hours: Annotated[
        list[OpeningSpec] | None, AfterValidator(_no_overlap_that_day)
    ] = None
    breaks: Annotated[list[PauseSpec] | None, AfterValidator(_no_overlap_that_day)] = (
        None
    )
    quiet_times: Annotated[
        list[PauseSpec] | None, AfterValidator(_no_overlap_that_day)
    ] = None

    @model_validator(mode="after")
    def _says_something(self) -> "SpecialHoursSpec":
        if not self.model_fields_set - {"day"}:
            raise ValueError("names no hours, issuing_hours, breaks or quiet_times")
        return self

    def by_kind(self) -> dict[HoursKind, Sequence[OpeningSpec | PauseSpec]]:
        """Return the times of each kind that takes the place of the week's."""
        times: dict[HoursKind, Sequence[OpeningSpec | PauseSpec] | None] = {
            HoursKind.SERVING: self.hours,
            HoursKind.ISSUING: self.issuing_hours,
            HoursKind.BREAK: self.breaks,
            HoursKind.QUIET: self.quiet_times,
        }
        return {kind: items for kind, items in times.items() if items is not None}


def _no_special_day_twice(items: list[SpecialHoursSpec]) -> list[SpecialHoursSpec]:
    no_repeats([item.day.isoformat() for item in items])
    return items


class Times(Spec):
    """When a site, an agency or a service is there for people."""

    hours: Hours = []
    issuing_hours: Issuing = []
    breaks: Rests = []
    quiet_times: Rests = []
    special_hours: Annotated[
        list[SpecialHoursSpec], AfterValidator(_no_special_day_twice)
    ] = []

    def by_kind(self) -> dict[HoursKind, Sequence[IssuingSpec | HoursSpec | RestSpec]]:
        """Return the lines of the week of each kind."""
        return {
            HoursKind.SERVING: self.hours,
            HoursKind.ISSUING: self.issuing_hours,
            HoursKind.BREAK: self.breaks,
            HoursKind.QUIET: self.quiet_times,
        }


class HolidaySpec(Spec):
    """A day without service."""

    day: Date
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
