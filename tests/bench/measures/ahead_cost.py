"""What it costs to say how many are ahead, by the number who wait.

``python -m tests.bench.measures.ahead_cost`` prints the table of figures-rules.md. A
mall of 48 counters of twelve services each: every fourth service of a counter is
another's too, so that its lines hang together as in a mall of shared counters. All
lengths are measured in turns, so that all see the same noise.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from sqlalchemy import update

from app.clock import local_date
from app.db.engines import writer_engine
from app.db.migration import migrate
from app.importing import import_mall, read_mall
from app.queueing import rows
from app.queueing.change import SYSTEM, Change
from app.queueing.commands.issuing import TicketRequest, issue
from app.queueing.line.ahead import waiting_ahead
from app.queueing.line.kept_lines import KEY, WriterLines, lines_of
from app.queueing.rows import entries_of
from app.queueing.site.rulebook import read_rulebook
from app.queueing.views.agencies import agency_views
from app.queueing.views.tickets import issued_ticket, ticket_view
from tests.bench.sample import Table, figure
from tests.support.clock import MORNING

WAITING = (100, 1_000, 10_000)
AGENCIES = 32
SERVICES = 4
COUNTERS = 48
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
ROUNDS = 100
WARM_ROUNDS = 5
HEAD = (
    "waiting",
    "issue, with its answer",
    "ahead of one",
    "a ticket",
    "GET /agencies",
)
_SITE = """\
site: {{name: M, timezone: Asia/Jakarta, languages: [id], public_url: http://mal.example,
  hours: [{{days: [tue], opens: 08:00, closes: 15:30}}]}}
sound_spaces: [{{code: L1, name: Lantai 1}}]
zones: [{{code: A, name: Zona A, sound_space: L1}}]
counters: [{counters}]
agencies: [{agencies}]
"""
_AGENCY = (
    "{{code: A{n}, name: I{n}, name_en: A{n}, short_name: A{n}, symbol: building,"
    " prefix: {prefix}, services: [{services}]}}"
)
_SERVICE = "{{code: S{n}, name: L{n}, name_en: S{n}, typical_minutes: 5}}"
_COUNTER = "{{code: C{n}, name: Loket {n}, zone: A, services: [A{a}, A{b}, A{c}]}}"


Outcome = TypeVar("Outcome")


class Hall:
    """A mall with every counter open, in which so many wait."""

    def __init__(self, path: Path, waiting: int) -> None:
        migrate(path)
        self.waiting = waiting
        self._engine = writer_engine(path)
        with self._engine.begin() as db:
            import_mall(db, read_mall(mall_text()), now=MORNING)
            opened = {"state": "open", "opened_at": MORNING, "open_since": MORNING}
            db.execute(update(rows.counter).values(opened))
            rules = read_rulebook(db)
        self._change = Change(MORNING, local_date(MORNING, rules.site.zone), rules)
        self.db = self._engine.connect()
        self._keep_lines()
        self.costs: dict[str, list[float]] = {name: [] for name in HEAD[1:]}
        with self.db.begin():
            for number in range(waiting):
                self._issue(number)

    def measure(self, number: int, *, is_warm: bool) -> None:
        """Do each once, in a transaction that is taken back."""
        with self.db.begin() as transaction:
            spent, ticket_id = _cpu(lambda: self._issue_and_show(number))
            # a change of another line, so that it is counted anew
            other_id = self._issue(number + 1)
            (entry,) = entries_of(self.db, ticket_id)
            costs = [
                spent,
                _cpu(lambda: waiting_ahead(self.db, entry))[0],
                _cpu(lambda: ticket_view(self.db, other_id))[0],
                _cpu(lambda: agency_views(self.db, MORNING))[0],
            ]
            transaction.rollback()
        self._keep_lines()
        if is_warm:
            for name, cost in zip(self.costs, costs, strict=True):
                self.costs[name].append(cost)

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()
        self._engine.dispose()

    def _keep_lines(self) -> None:
        """Keep the lines with the connection, as the writer does."""
        self.db.info[KEY] = WriterLines()
        with self.db.begin():
            lines_of(self.db)

    def _issue(self, number: int) -> int:
        request = TicketRequest([number % (AGENCIES * SERVICES) + 1])
        return issue(self.db, self._change, ticket_request=request, actor=SYSTEM)

    def _issue_and_show(self, number: int) -> int:
        return issued_ticket(self.db, self._issue(number)).id


def run_ahead_cost(rounds: int = ROUNDS, lengths: Sequence[int] = WAITING) -> Table:
    """Measure every length in turns; return the table of medians, in CPU µs."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_halls:
        halls = []
        for length in lengths:
            halls.append(Hall(Path(folder) / f"{length}.sqlite3", length))
            open_halls.callback(halls[-1].close)
        for number in range(WARM_ROUNDS + rounds):
            for hall in halls:
                hall.measure(number, is_warm=number >= WARM_ROUNDS)
        lines = [
            (
                f"{hall.waiting:,}",
                *map(figure, map(statistics.median, hall.costs.values())),
            )
            for hall in halls
        ]
    return Table("Cost of how many are ahead (CPU µs)", HEAD, lines)


def mall_text() -> str:
    """Return the import file."""
    services = ", ".join(_SERVICE.format(n=n) for n in range(SERVICES))
    agencies = [
        _AGENCY.format(n=n, prefix=_prefix(n), services=services)
        for n in range(AGENCIES)
    ]
    counters = [
        _COUNTER.format(n=n, a=n % AGENCIES, b=(n + 1) % AGENCIES, c=(n + 5) % AGENCIES)
        for n in range(COUNTERS)
    ]
    return _SITE.format(counters=", ".join(counters), agencies=", ".join(agencies))


def _prefix(number: int) -> str:
    first, second = divmod(number, len(LETTERS))
    return LETTERS[first] + LETTERS[second]


def _cpu(action: Callable[[], Outcome]) -> tuple[float, Outcome]:
    began = time.thread_time_ns()
    value = action()
    return (time.thread_time_ns() - began) / 1000, value


if __name__ == "__main__":
    sys.stdout.write(f"{run_ahead_cost().text()}\n")
