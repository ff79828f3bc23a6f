"""What a status report changes: its state, its roll, how near that is to its end."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.queueing.site.policy import Policy
from app.queueing.slips.printer_status import (
    PrinterStatusRow,
    StatusReport,
    after_report,
    record_status,
    slips_per_roll,
    would_change_status,
)
from tests.support import mall
from tests.support.clock import MORNING
from tests.support.rules.harness import RulesHarness

POLICY = Policy(roll_metres_80mm=5, slip_mm=500)  # ten slips, the ninth warns


FRESH = PrinterStatusRow("80mm", None, None, None, False, False, None, 0)


LATER = MORNING + timedelta(minutes=5)


PRINTED = StatusReport("ready", near_end=False, slips=1)


def after(
    row: PrinterStatusRow, *reports: StatusReport, now: datetime = LATER
) -> PrinterStatusRow:
    for report in reports:
        row = after_report(row, report, now=now, policy=POLICY)
    return row


@pytest.mark.parametrize("reason", ["paper-end", "cover-open"])
@pytest.mark.parametrize("between", [[], ["unreachable"], ["cannot-tell"]])
def test_a_roll_was_changed_when_somebody_had_been_at_it(
    reason: str, between: list[str]
) -> None:
    used = FRESH._replace(slips_on_roll=7)

    row = after(
        used,
        StatusReport(reason),
        *map(StatusReport, between),
        StatusReport("ready", False),
    )

    assert (row.slips_on_roll, row.roll_since) == (0, LATER)
    assert not row.roll_touched


@pytest.mark.parametrize("reason", ["cutter", "offline", "unreachable", "error"])
def test_other_faults_change_no_roll(reason: str) -> None:
    used = FRESH._replace(slips_on_roll=7)

    row = after(used, StatusReport(reason), StatusReport("ready", False))

    assert (row.slips_on_roll, row.roll_since) == (7, None)


def test_the_slip_that_shows_the_new_roll_is_its_first() -> None:
    used = FRESH._replace(slips_on_roll=7)

    assert after(used, StatusReport("paper-end"), PRINTED).slips_on_roll == 1


def test_a_roll_still_near_its_end_is_not_taken_for_a_new_one() -> None:
    near = after(FRESH._replace(slips_on_roll=7), StatusReport("ready", near_end=True))

    row = after(
        near, StatusReport("cover-open", True), StatusReport("ready", near_end=True)
    )

    assert (row.slips_on_roll, row.roll_since) == (7, None)
    assert row.near_end_since is not None


def test_a_sensor_that_was_not_asked_tells_no_new_roll() -> None:
    near = after(FRESH, StatusReport("ready", near_end=True))

    unasked = after(near, StatusReport("cover-open"), StatusReport("ready"))
    answered = after(unasked, StatusReport("ready", near_end=False))

    assert (unasked.roll_since, answered.roll_since) == (None, LATER)


def test_the_sensor_warns_and_takes_it_back() -> None:
    near = after(FRESH, StatusReport("ready", near_end=True), now=MORNING)
    assert near.near_end_since == MORNING

    still = after(
        near, StatusReport("ready", True, slips=1), StatusReport("unreachable")
    )
    assert still.near_end_since == MORNING

    assert after(still, StatusReport("ready", near_end=False)).near_end_since is None


def test_slips_are_counted_where_there_is_no_sensor() -> None:
    row = after(FRESH, *[PRINTED] * 8)
    assert row.near_end_since is None

    row = after(row, PRINTED, now=MORNING)
    assert (row.slips_on_roll, row.near_end_since) == (9, MORNING)

    assert after(row, StatusReport("paper-end"), PRINTED).near_end_since is None


def test_slips_are_not_counted_where_there_is_a_sensor() -> None:
    knows = FRESH._replace(tells_near_end=True)

    assert after(knows, *[PRINTED] * 12).near_end_since is None


def test_a_state_has_lasted_since_it_was_first_told() -> None:
    first = after(FRESH, StatusReport("offline"), now=MORNING)

    assert after(first, StatusReport("offline")).state_since == MORNING
    assert after(first, StatusReport("ready")).state_since == LATER


@pytest.mark.parametrize(("paper", "slips"), [("80mm-plain", 312), ("58mm", 187)])
def test_a_roll_gives_as_many_slips_as_its_length_says(paper: str, slips: int) -> None:
    assert slips_per_roll(Policy(), paper) == slips


def test_only_news_is_written(small_mall_rules: RulesHarness) -> None:
    ready: dict[str, Any] = {
        "printer_id": mall.PRINTER_1,
        "report": StatusReport("ready", near_end=False),
    }
    assert small_mall_rules.see(would_change_status, **ready, now=MORNING)

    small_mall_rules.do(record_status, **ready)

    assert not small_mall_rules.see(would_change_status, **ready, now=LATER)
