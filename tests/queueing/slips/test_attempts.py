"""When a slip is tried again, goes to a sibling, or is left to a person."""

from typing import Any

import pytest
from sqlalchemy import update

from app.models.states import PrintReason
from app.queueing import rows
from app.queueing.slips.attempts import Attempt, Outcome, end_attempt
from app.queueing.slips.print_jobs import begin_sending
from app.queueing.slips.printer_status import StatusReport, record_status
from printer.delivery import REASONS
from tests.support import mall
from tests.support.clock import MovableClock
from tests.support.database import Disk
from tests.support.rules.harness import RulesHarness

PASSING = sorted(REASONS - {"paper-end", "cover-open", "cutter", "error"})


BY_HAND = ("paper-end", "cover-open", "cutter", "error")


@pytest.fixture
def job(small_mall_rules: RulesHarness) -> RulesHarness:
    """Return the rules with one slip being sent to the first printer."""
    small_mall_rules.issue(mall.AKTA)
    assert small_mall_rules.do(begin_sending, job_id=1)
    return small_mall_rules


@pytest.fixture
def sibling(disk: Disk) -> None:
    set_printer(disk, mall.PRINTER_1, sibling_id=mall.PRINTER_2)


def test_a_slip_of_which_nothing_came_out_is_tried_three_times(
    job: RulesHarness, disk: Disk
) -> None:
    assert fail(job, "unreachable") is Outcome.AGAIN
    assert jobs(disk) == [(1, "queued", "unreachable")]
    assert job.facts >= {"ticket:1"}
    assert fail(job, "unreachable") is Outcome.AGAIN
    assert fail(job, "unreachable") is Outcome.ENDED
    assert jobs(disk) == [(1, "failed", "unreachable")]


@pytest.mark.parametrize("reason", sorted(REASONS))
@pytest.mark.usefixtures("sibling")
def test_what_may_have_come_out_is_left_to_a_person(
    job: RulesHarness, disk: Disk, reason: str
) -> None:
    assert end(job, "unknown", reason, nothing_printed=False) is Outcome.ENDED
    assert jobs(disk) == [(1, "unknown", reason)]


@pytest.mark.usefixtures("sibling")
def test_a_failure_that_does_not_vouch_for_nothing_is_left_to_a_person(
    job: RulesHarness, disk: Disk
) -> None:
    assert end(job, "failed", "unreachable", nothing_printed=False) is Outcome.ENDED
    assert jobs(disk) == [(1, "failed", "unreachable")]


@pytest.mark.usefixtures("sibling")
@pytest.mark.parametrize("reason", PASSING)
def test_what_may_pass_is_tried_once_more_then_the_sibling_prints(
    job: RulesHarness, disk: Disk, reason: str
) -> None:
    assert fail(job, reason) is Outcome.AGAIN
    assert fail(job, reason) is Outcome.ELSEWHERE
    assert jobs(disk) == [(1, "failed", reason), (2, "queued", None)]
    assert f"printer:{mall.PRINTER_2}" in job.facts


@pytest.mark.usefixtures("sibling")
@pytest.mark.parametrize("reason", BY_HAND)
def test_nobody_waits_for_a_hand_where_a_sibling_can_print(
    job: RulesHarness, disk: Disk, reason: str
) -> None:
    assert fail(job, reason) is Outcome.ELSEWHERE
    assert jobs(disk) == [(1, "failed", reason), (2, "queued", None)]


@pytest.mark.usefixtures("sibling")
def test_the_siblings_job_is_the_same_slip(job: RulesHarness, disk: Disk) -> None:
    set_job(disk, is_copy=True, ahead=4, staff_id=2)

    fail(job, "paper-end")

    kept = "SELECT is_copy, ahead, staff_id, instead_of_id, ticket_id FROM print_job"
    assert disk.rows(f"{kept} WHERE id = 2") == [(1, 4, 2, 1, 1)]


@pytest.mark.parametrize("reason", ["not-rendered", "no-ticket", "bad-address"])
def test_what_fails_the_same_way_again_is_not_tried_again(
    job: RulesHarness, disk: Disk, reason: str
) -> None:
    assert fail(job, reason) is Outcome.ENDED
    assert jobs(disk) == [(1, "failed", reason)]


@pytest.mark.usefixtures("sibling")
@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        ("bad-address", Outcome.ELSEWHERE),
        ("not-rendered", Outcome.ELSEWHERE),
        ("no-ticket", Outcome.ENDED),
        ("too-late", Outcome.ENDED),
    ],
)
def test_a_sibling_helps_only_where_the_printer_is_the_trouble(
    job: RulesHarness, reason: str, outcome: Outcome
) -> None:
    assert fail(job, reason) is outcome


@pytest.mark.usefixtures("sibling")
def test_what_is_unknown_stays_so_whatever_else_is_said_of_it(
    job: RulesHarness, disk: Disk
) -> None:
    assert end(job, "unknown", "agent-restart", nothing_printed=True) is Outcome.ENDED
    assert jobs(disk) == [(1, "unknown", "agent-restart")]


@pytest.mark.usefixtures("sibling")
def test_a_slip_does_not_come_back_to_a_printer_that_is_well_again(
    job: RulesHarness, disk: Disk
) -> None:
    set_printer(disk, mall.PRINTER_2, sibling_id=mall.PRINTER_1)
    fail(job, "paper-end")
    job.do(record_status, printer_id=mall.PRINTER_1, report=StatusReport("ready"))

    outcomes = [fail(job, "paper-end", job_id=2) for _ in range(3)]

    assert outcomes == [Outcome.AGAIN, Outcome.AGAIN, Outcome.ENDED]


@pytest.mark.usefixtures("sibling")
def test_a_slip_goes_to_a_sibling_once(job: RulesHarness, disk: Disk) -> None:
    set_printer(disk, mall.PRINTER_2, sibling_id=mall.PRINTER_1)
    fail(job, "paper-end")

    assert fail(job, "paper-end", job_id=2) is Outcome.AGAIN
    assert fail(job, "paper-end", job_id=2) is Outcome.AGAIN
    assert fail(job, "paper-end", job_id=2) is Outcome.ENDED
    assert jobs(disk) == [(1, "failed", "paper-end"), (2, "failed", "paper-end")]


@pytest.mark.usefixtures("sibling")
def test_a_sibling_that_fails_as_well_is_sent_nothing(
    job: RulesHarness, disk: Disk
) -> None:
    job.do(record_status, printer_id=mall.PRINTER_2, report=StatusReport("paper-end"))

    assert [fail(job, "cover-open") for _ in range(3)][-1] is Outcome.ENDED
    assert jobs(disk) == [(1, "failed", "cover-open")]


@pytest.mark.usefixtures("sibling")
def test_a_printer_known_to_fail_is_not_waited_for(
    job: RulesHarness, disk: Disk
) -> None:
    job.do(record_status, printer_id=mall.PRINTER_1, report=StatusReport("unreachable"))

    assert fail(job, "unreachable") is Outcome.ELSEWHERE


def test_an_end_that_stands_is_not_written_over(job: RulesHarness, disk: Disk) -> None:
    end(job, "printed", None, nothing_printed=False)

    assert fail(job, "unreachable") is Outcome.ENDED
    assert jobs(disk) == [(1, "printed", None)]


def test_a_printer_is_how_it_last_said_and_since_when(
    job: RulesHarness, disk: Disk, clock: MovableClock
) -> None:
    fail(job, "paper-end")
    first = since(disk)
    clock.move(minutes=1)
    fail(job, "paper-end")
    assert since(disk) == first

    end(job, "printed", None, nothing_printed=False)

    state, at = since(disk)
    assert (first[0], state) == ("paper-end", "ready")
    assert at is not None
    assert first[1] is not None
    assert at > first[1]


@pytest.mark.parametrize("reason", sorted(set(PrintReason) - {"bad-address"}))
def test_a_fault_that_is_not_the_printers_says_nothing_of_it(
    job: RulesHarness, disk: Disk, reason: str
) -> None:
    fail(job, reason)

    assert since(disk) == (None, None)


@pytest.mark.parametrize(
    ("state", "says", "slips"),
    [("printed", "ready", 1), ("sent", "cannot-tell", 1), ("unknown", "stalled", 0)],
)
def test_slips_are_counted_on_their_roll(
    job: RulesHarness, disk: Disk, state: str, says: str, slips: int
) -> None:
    reason = "stalled" if state == "unknown" else None
    end(job, state, reason, nothing_printed=False)

    query = "SELECT state, slips_on_roll FROM printer WHERE id = 1"
    assert disk.rows(query) == [(says, slips)]


def end(
    rules: RulesHarness, state: str, reason: str | None, *, nothing_printed: bool
) -> Any:
    attempt = Attempt(state, reason, nothing_printed)
    return rules.do(end_attempt, job_id=1, attempt=attempt)


def fail(rules: RulesHarness, reason: str, *, job_id: int = 1) -> Any:
    attempt = Attempt("failed", reason, nothing_printed=True)
    return rules.do(end_attempt, job_id=job_id, attempt=attempt)


def jobs(disk: Disk) -> list[tuple[int, str, str | None]]:
    return disk.rows("SELECT printer_id, state, reason FROM print_job ORDER BY id")


def since(disk: Disk) -> tuple[str | None, str | None]:
    [row] = disk.rows("SELECT state, state_since FROM printer WHERE id = 1")
    return row  # type: ignore[no-any-return]


def set_printer(disk: Disk, printer_id: int, **columns: Any) -> None:
    with disk.writing() as db:
        chosen = update(rows.printer).where(rows.printer.c.id == printer_id)
        db.execute(chosen.values(columns))


def set_job(disk: Disk, **columns: Any) -> None:
    with disk.writing() as db:
        db.execute(update(rows.print_job).values(columns))
