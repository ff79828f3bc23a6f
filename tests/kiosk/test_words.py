"""What a visitor reads of slips, and in how many sheets a list is shown."""

import pytest

from app.kiosk.views import sheet
from app.kiosk.words import SlipNote, slip_note
from app.models.states import PrintState
from app.queueing.slips import print_jobs
from printer.delivery import REASONS


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

    assert notes["queued"].title == "Your slip is being printed at %(location)s"
    take = "Take your slip at %(location)s"
    assert notes["printed"].title == notes["sent"].title == take
    assert notes["printed"].location == "Kios 2"
    for state in (PrintState.FAILED, PrintState.UNKNOWN):
        assert notes[state] == note(state)
