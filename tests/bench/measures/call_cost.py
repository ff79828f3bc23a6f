"""What call-next costs by the length of the line and by the past behind it.

``python -m tests.bench.measures.call_cost`` prints the table of figures-rules.md.
All lines and both pasts are measured in turns, so that all see the same noise.
"""

import platform
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, update

from app.api.commands import counter_command, show_ticket
from app.clock import local_date
from app.db.engines import writer_engine
from app.db.migration import migrate
from app.importing import import_mall, read_mall
from app.queueing import rows
from app.queueing.change import SYSTEM, Actor, Change
from app.queueing.commands.calling import call_next
from app.queueing.commands.issuing import TicketRequest, issue
from app.queueing.commands.serving import serve
from app.queueing.site.rulebook import read_rulebook
from tests.bench.sample import Table, figure
from tests.bench.setup.history import Size, write_history
from tests.support.clock import MORNING

WAITING = (10, 1_000, 10_000)
PASTS = (0, 2_000_000)
ROUNDS = 400
WARM_ROUNDS = 20
SERVICES = 4
SEED = 11
OFFICER_ID = 1
PREFIXES = "ABCDEF"
HEAD = ("waiting", "tickets of history", "CPU µs", "with commit", "of the smallest")
_SITE = """\
site:
  name: Mal Ukur
  timezone: Asia/Jakarta
  languages: [id]
  public_url: http://mal.example
  hours: [{{days: [tue], opens: 08:00, closes: 15:30}}]
sound_spaces: [{{code: L1, name: Lantai 1}}]
zones: [{{code: A, name: Zona A, sound_space: L1}}]
counters: [{counters}]
agencies:
{agencies}
"""
_AGENCY = """\
  - {{code: {code}, name: I {code}, name_en: A {code}, short_name: {code},
     symbol: building, prefix: {prefix}, services: [{services}]}}
"""
_SERVICE = "{{code: S{n}, name: L{n}, name_en: S{n}, typical_minutes: 5}}"
_COUNTER = "{{code: {code}, name: Loket {code}, zone: A, services: [{code}]}}"


class Cost(NamedTuple):
    """CPU microseconds of one call-next: the command alone, and with its commit."""

    command: float
    whole: float


class Mall:
    """One database: a line of each length, each at a counter of its own, in order."""

    def __init__(self, path: Path, history: int, lengths: Sequence[int]) -> None:
        self._lengths = lengths
        migrate(path)
        self._engine = writer_engine(path)
        agencies = frozenset(range(1, len(lengths) + 1))
        self.officer = Actor("staff", "officer", OFFICER_ID, agency_ids=agencies)
        with self._engine.begin() as db:
            import_mall(db, read_mall(mall_text(lengths)), now=MORNING)
            self._employ(db)
            rules = read_rulebook(db)
        self._change = Change(MORNING, local_date(MORNING, rules.site.zone), rules)
        self.past: Size = write_history(path, history, before=self._change.day)
        self.db = self._engine.connect()
        self.costs: dict[int, list[Cost]] = {length: [] for length in lengths}

    def fill(self) -> None:
        """Let people wait: in each line as many as its length says."""
        for counter_id, length in enumerate(self._lengths, start=1):
            with self.db.begin():
                for counter in range(length):
                    self._issue(counter_id, counter)

    def call(self, counter_id: int) -> Cost:
        """Call next at a counter as the API does, and make good for the next time."""
        actor = self.officer
        run = counter_command(
            call_next, show_ticket(actor), counter_id=counter_id, actor=actor
        )
        began = time.thread_time_ns()
        with self.db.begin():
            inside = time.thread_time_ns()
            called = run(self.db, self._change)
            done = time.thread_time_ns()
        ended = time.thread_time_ns()
        if called is None:
            raise RuntimeError("nobody waits")
        with self.db.begin():
            serve(self.db, self._change, counter_id=counter_id, actor=self.officer)
            self._issue(counter_id, random.randrange(SERVICES))  # noqa: S311
        return Cost((done - inside) / 1000, (ended - began) / 1000)

    def note(self, counter_id: int, cost: Cost) -> None:
        """Keep what a call has cost, by the length of the counter's line."""
        self.costs[self._lengths[counter_id - 1]].append(cost)

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()
        self._engine.dispose()

    def _issue(self, counter_id: int, counter: int) -> None:
        service_id = (counter_id - 1) * SERVICES + counter % SERVICES + 1
        issue(
            self.db,
            self._change,
            ticket_request=TicketRequest([service_id]),
            actor=SYSTEM,
        )

    def _employ(self, db: Connection) -> None:
        db.execute(
            rows.staff.insert().values(
                id=OFFICER_ID,
                username="ukur",
                name="Ukur",
                role="officer",
                password_hash="-",  # noqa: S106 (nobody signs in)
                is_active=True,
            )
        )
        open_columns = {"state": "open", "holder_id": OFFICER_ID, "opened_at": MORNING}
        db.execute(update(rows.counter).values(**open_columns, open_since=MORNING))


def run_call_cost(
    rounds: int = ROUNDS,
    pasts: Sequence[int] = PASTS,
    lengths: Sequence[int] = WAITING,
) -> Table:
    """Measure every length and past in turns; return the table of medians."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_malls:
        malls = []
        for past in pasts:
            mall = Mall(Path(folder) / f"{past}.sqlite3", past, lengths)
            open_malls.callback(mall.close)
            mall.fill()
            malls.append(mall)
        _take_turns(malls, rounds)
        return _table(malls, rounds)


def mall_text(lengths: Sequence[int]) -> str:
    """Return the import file: an agency with a counter for each length of line."""
    codes = [f"A{length}" for length in lengths]
    services = ", ".join(_SERVICE.format(n=n) for n in range(SERVICES))
    agencies = [
        _AGENCY.format(code=code, prefix=prefix, services=services)
        for code, prefix in zip(codes, PREFIXES, strict=False)
    ]
    counters = ", ".join(_COUNTER.format(code=code) for code in codes)
    return _SITE.format(counters=counters, agencies="".join(agencies))


def _take_turns(malls: Sequence[Mall], rounds: int) -> None:
    dice = random.Random(SEED)  # noqa: S311 (no secret)
    turns = [
        (mall, counter) for mall in malls for counter in range(1, len(mall.costs) + 1)
    ]
    for round_ in range(WARM_ROUNDS + rounds):
        dice.shuffle(turns)
        for mall, counter_id in turns:
            cost = mall.call(counter_id)
            if round_ >= WARM_ROUNDS:
                mall.note(counter_id, cost)


def _table(malls: Sequence[Mall], rounds: int) -> Table:
    medians = {
        (length, mall.past.tickets): _median(costs)
        for mall in malls
        for length, costs in mall.costs.items()
    }
    smallest = next(iter(medians.values()))
    lines = [
        (
            f"{waiting:,}",
            f"{tickets:,}",
            figure(cost.command),
            figure(cost.whole),
            f"{cost.command / smallest.command:.2f}",
        )
        for (waiting, tickets), cost in medians.items()
    ]
    notes = [
        f"{datetime.now(UTC):%Y-%m-%d} · Python {platform.python_version()} · "
        f"SQLite {sqlite3.sqlite_version}. Medians of {rounds} calls each, taken in "
        "turns; one thread's CPU time of the command with its answer, and of the whole "
        "transaction.",
        *(
            f"History: {mall.past.tickets:,} tickets, {mall.past.events:,} events, "
            f"{mall.past.bytes / 1e9:.1f} GB."
            for mall in malls
            if mall.past.tickets
        ),
    ]
    return Table("Cost of call-next", HEAD, lines, notes)


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.command for cost in costs),
        statistics.median(cost.whole for cost in costs),
    )


if __name__ == "__main__":
    sys.stdout.write(f"{run_call_cost().text()}\n")
