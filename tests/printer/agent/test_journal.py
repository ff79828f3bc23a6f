"""The agent's journal: nothing lost, nothing begun twice, whatever ends it."""

import sqlite3
from pathlib import Path

import pytest

from printer.agent.journal import RETENTION_SECONDS, Journal, JournalJob


class Wall:
    """A clock on the wall of the kiosk's PC."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


@pytest.fixture
def journal(file: Path, wall: Wall) -> Journal:
    return Journal(file, wall)


def test_begins_in_the_order_of_taking(journal: Journal) -> None:
    for key in ("b", "a", "c"):
        journal.take(key, key.encode(), 300)

    begun = [journal.begin_next() for _ in range(4)]

    assert begun == [("b", b"b"), ("a", b"a"), ("c", b"c"), None]


def test_keeps_what_it_has_taken_through_a_restart(
    journal: Journal, file: Path, wall: Wall
) -> None:
    journal.take("a", b"slip", 300)
    journal.close()

    assert Journal(file, wall).begin_next() == ("a", b"slip")


def test_leaves_to_a_person_what_a_restart_cut_off(
    journal: Journal, file: Path
) -> None:
    journal.take("a", b"slip", 300)
    journal.begin_next()
    journal.close()

    again = Journal(file)

    assert again.unsettled_jobs() == [
        JournalJob("a", "unknown", "agent-restart", False)
    ]
    assert again.begin_next() is None


def test_never_begins_a_job_again_that_is_sent_again(journal: Journal) -> None:
    journal.take("a", b"slip", 300)
    journal.begin_next()

    while_sending = journal.take("a", b"slip", 300)
    journal.end("a", "printed", None, nothing_printed=False)
    journal.settle("a")
    afterwards = journal.take("a", b"slip", 300)

    assert while_sending.state == "sending"
    assert afterwards == JournalJob("a", "printed", None, False)
    assert journal.begin_next() is None


def test_does_not_print_what_nobody_waits_for_any_more(
    journal: Journal, wall: Wall
) -> None:
    journal.take("old", b"slip", 300)
    wall.seconds += 200
    journal.take("new", b"slip", 300)
    wall.seconds += 101

    assert journal.begin_next() == ("new", b"slip")
    assert journal.job("old") == JournalJob("old", "failed", "too-late", True)


def test_does_not_print_what_a_clock_set_back_makes_look_fresh(
    journal: Journal, wall: Wall
) -> None:
    journal.take("a", b"a", 20.0)
    wall.seconds -= 400.0

    assert journal.begin_next() is None
    (ended,) = journal.unsettled_jobs()
    assert (ended.state, ended.nothing_printed) == ("failed", True)


def test_drops_only_what_was_not_begun(journal: Journal) -> None:
    journal.take("a", b"slip", 300)
    journal.take("b", b"slip", 300)
    journal.begin_next()

    assert not journal.drop("a")
    assert journal.drop("b")
    assert not journal.drop("c")
    assert journal.job("b") is None


def test_an_end_stands(journal: Journal) -> None:
    journal.take("a", b"slip", 300)
    journal.settle("a")
    journal.end("a", "printed", None, nothing_printed=False)
    journal.begin_next()
    journal.settle("a")
    journal.end("a", "failed", "paper-end", nothing_printed=True)
    journal.end("a", "printed", None, nothing_printed=False)

    assert journal.unsettled_jobs() == [JournalJob("a", "failed", "paper-end", True)]
    journal.settle("a")
    assert journal.unsettled_jobs() == []


def test_keeps_no_slip_that_is_over(journal: Journal, file: Path) -> None:
    """Its QR code opens a visitor's ticket."""
    journal.take("a", b"the-token-of-a-ticket", 300)
    journal.begin_next()
    journal.end("a", "printed", None, nothing_printed=False)
    journal.close()

    assert b"the-token-of-a-ticket" not in file.read_bytes()


def test_forgets_settled_jobs_after_a_week(journal: Journal, wall: Wall) -> None:
    for key in ("settled", "unsettled"):
        journal.take(key, b"slip", 300)
        journal.begin_next()
        journal.end(key, "printed", None, nothing_printed=False)
    journal.settle("settled")
    wall.seconds += RETENTION_SECONDS + 1

    journal.take("new", b"slip", 300)

    assert journal.job("settled") is None
    assert [job.key for job in journal.unsettled_jobs()] == ["unsettled", "new"]


def test_says_so_when_it_cannot_write(journal: Journal, file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("DROP TABLE job")
    other.close()

    with pytest.raises(sqlite3.Error):
        journal.take("a", b"slip", 300)
