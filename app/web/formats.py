"""Dates, times and figures as people here write them: `08.15`, `24 November 2026`."""

from datetime import date, datetime, tzinfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from app.web.i18n import Language

LOCALES: dict[Language, str] = {"id": "id_ID", "en": "en_GB"}
"""British English, because its clock has 24 hours like the one in the hall."""


def clock_time(moment: datetime, zone: tzinfo, language: Language) -> str:
    """Return hours and minutes in `zone`: `08.15` in Indonesian, `08:15` in English.

    Raises ValueError for a naive datetime, whose zone nobody knows.
    """
    return format_time(_local(moment, zone), "short", locale=LOCALES[language])


def long_date(day: date | datetime, zone: tzinfo, language: Language) -> str:
    """Return `Selasa, 24 November 2026`; a datetime counts by its day in `zone`."""
    if isinstance(day, datetime):
        day = _local(day, zone).date()
    return format_date(day, "full", locale=LOCALES[language])


def short_date(day: date | datetime, zone: tzinfo, language: Language) -> str:
    """Return `24 Nov 2026`; a datetime counts by its day in `zone`."""
    if isinstance(day, datetime):
        day = _local(day, zone).date()
    return format_date(day, "medium", locale=LOCALES[language])


def figure(value: float, language: Language) -> str:
    """Return a number with the language's separators: `1.234,5` or `1,234.5`."""
    return format_decimal(value, locale=LOCALES[language])


def _local(moment: datetime, zone: tzinfo) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A naive datetime has no place on a screen.")
    return moment.astimezone(zone)
