"""What a visitor reads of closures and slips."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.kiosk.views import sheet
from app.kiosk.words import CLOSED, SlipNote, closed_words, slip_note
from app.models.states import PrintState
from app.queueing.slips import print_jobs
from app.web.i18n import Language
from printer.delivery import REASONS

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
        (23, "id", "Tutup sampai besok 08.00"),
        (15.5, "en", "Closed until tomorrow 00:30"),
        (6 * 24 - 1, "id", "Tutup sampai Senin 08.00"),
        (7 * 24 - 1, "id", "Tutup sampai 1 Des 2026"),
    ],
)
def test_a_closure_says_until_when(
    hours: float | None, language: Language, text: str
) -> None:
    assert closed("agency-hours", hours, language) == text


def test_every_reason_of_the_contract_has_words_of_its_own_kind() -> None:
    assert set(CLOSED) == set(CODES.split())
    assert closed("holiday", None) == "Libur"


def test_an_unknown_reason_is_closed_all_the_same() -> None:
    assert closed("flooded", None) == "Tutup sementara"


def test_only_a_printer_that_says_so_has_printed() -> None:
    undoubted = {state for state in PrintState if not note(state).needs_photo} - {
        PrintState.QUEUED,
        PrintState.SENDING,
    }

    assert undoubted == {PrintState.PRINTED}


@pytest.mark.parametrize("reason", sorted(REASONS | print_jobs.REASONS))
def test_a_failed_slip_asks_for_a_photograph(reason: str) -> None:
    failed = note(PrintState.FAILED, reason)

    assert failed.is_decided
    assert failed.advice == "Please photograph this screen."


@pytest.mark.parametrize("reason", sorted(REASONS | print_jobs.REASONS))
def test_an_unknown_slip_is_not_called_failed(reason: str) -> None:
    unknown = note(PrintState.UNKNOWN, reason)

    assert unknown.is_decided
    assert unknown.advice.startswith("If you have no slip")


def test_a_printer_that_keeps_silent_is_named_and_looked_at_again() -> None:
    for state in (PrintState.QUEUED, PrintState.SENDING):
        assert note(state).title == "Your slip is being printed"
        silent = slip_note(state, None, is_slow=True)
        assert silent.needs_photo
        assert not silent.is_decided


def test_paper_that_is_out_is_named() -> None:
    assert note(PrintState.FAILED, "paper-end").title == "The printer is out of paper"


def test_a_kiosk_without_a_printer_says_so() -> None:
    assert slip_note(None, None, is_slow=False).title == "This kiosk prints no slips"


@pytest.mark.parametrize(
    ("number", "size", "items"),
    [(1, 2, ["a", "b"]), (2, 2, ["c"]), (9, 2, ["c"]), (1, 3, ["a", "b", "c"])],
)
def test_a_sheet_is_a_part_of_the_list(
    number: int, size: int, items: list[str]
) -> None:
    assert sheet(["a", "b", "c"], number=number, size=size).items == items


def test_an_empty_list_is_one_empty_sheet() -> None:
    assert sheet([], number=1, size=5) == ([], 1, 1)


def note(state: PrintState, reason: str | None = None) -> SlipNote:
    return slip_note(state, reason, is_slow=False)


def test_a_slip_that_comes_out_elsewhere_is_named_with_its_location() -> None:
    notes = {
        state: slip_note(state, None, is_slow=False, location="Kios 2")
        for state in ("queued", "printed", "sent", "failed", "unknown")
    }

    assert notes["queued"].title == "Your slip is being printed at %(place)s"
    assert (
        notes["printed"].title == notes["sent"].title == "Take your slip at %(place)s"
    )
    assert notes["printed"].location == "Kios 2"
    for state in (PrintState.FAILED, PrintState.UNKNOWN):
        assert notes[state] == note(state)
