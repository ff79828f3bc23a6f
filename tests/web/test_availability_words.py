"""What a visitor reads of what is closed: why, and when it opens again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.web.availability_words import CLOSED, closed_words
from app.web.i18n import Language

ZONE = ZoneInfo("Asia/Jakarta")
TUESDAY_NINE = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
CODES = (
    "site-hours agency-hours service-hours break holiday last-ticket quota absent "
    "by-hand"
)


def closed(reason: str, hours: float | None, language: Language = "id") -> str:
    until = None if hours is None else TUESDAY_NINE + timedelta(hours=hours)
    return closed_words(reason, until, now=TUESDAY_NINE, zone=ZONE, language=language)


@pytest.mark.parametrize(
    ("hours", "language", "text"),
    [
        (None, "id", "Tutup"),
        (4, "id", "Tutup sampai 13.00"),
        (4, "en", "Closed until 13:00"),
        (23, "id", "Tutup. Dibuka lagi besok pukul 08.00"),
        (15.5, "en", "Closed. Opens again tomorrow at 00:30"),
        (15, "id", "Tutup. Dibuka lagi besok"),
        (6 * 24 - 1, "id", "Tutup. Dibuka lagi Senin pukul 08.00"),
        (6 * 24 - 9, "en", "Closed. Opens again on Monday"),
        (7 * 24 - 1, "id", "Tutup. Dibuka lagi 1 Des 2026 pukul 08.00"),
    ],
)
def test_a_closure_says_until_when(
    hours: float | None, language: Language, text: str
) -> None:
    assert closed("agency-hours", hours, language) == text


@pytest.mark.parametrize(
    ("reason", "hours", "text"),
    [
        ("break", 4, "Istirahat sampai 13.00"),
        ("last-ticket", 4, "Nomor terakhir sudah diberikan. Dibuka lagi pukul 13.00"),
        ("quota", 23, "Nomor hari ini habis. Dibuka lagi besok pukul 08.00"),
        ("last-ticket", None, "Nomor terakhir sudah diberikan"),
        ("holiday", 23, "Libur. Dibuka lagi besok pukul 08.00"),
    ],
)
def test_what_happened_once_does_not_last_until_something(
    reason: str, hours: float | None, text: str
) -> None:
    assert closed(reason, hours) == text


def test_every_reason_of_the_contract_has_words_of_its_own_kind() -> None:
    assert set(CLOSED) == set(CODES.split())
    assert closed("holiday", None) == "Libur"


def test_an_unknown_reason_is_closed_all_the_same() -> None:
    assert closed("flooded", None) == "Tutup sementara"
