"""How a head start for priority classes changes the regular visitors' waits.

``python -m tests.simulation.fairness`` prints the table of fairness.md.
"""

import random
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tests.bench.sample import Table
from tests.simulation.figures import quantile
from tests.simulation.mall import Plan, simulated
from tests.simulation.running import Day, Visit
from tests.simulation.visitors import Habits, Visitor, visitors_of

SEED = 2026
DAYS = 60
FIRST_DAY = datetime(2026, 1, 5, tzinfo=UTC)
COUNTERS = 3
MINUTES = 8.0
BUSY = 0.85
"""Share of the counters' time that the day's visitors need."""
OPEN_MINUTES = 390
SHARES = (0.15, 0.40)
HEAD_STARTS = (0, 10, 20, 30)
HEAD = (
    "priority share",
    "head start",
    "regular P50",
    "regular P90",
    "longest",
    "priority P50",
    "priority P90",
    "passed by, P90",
    "most",
)


class Result(NamedTuple):
    """The visits of some days at one line, under one head start."""

    visits: list[Visit]
    head_start: timedelta


def simulate(share: float, head_start: int, days: int, folder: Path) -> Result:
    """Let the same visitors come on the same days, whatever the head start."""
    dice = random.Random(SEED)  # noqa: S311 (no secret)
    a_day = BUSY * COUNTERS * OPEN_MINUTES / MINUTES
    habits = Habits(a_day, services=1, minutes=MINUTES, priority=share)
    plan = Plan(agencies=1, counters_each=COUNTERS, head_start_minutes=head_start)
    visits: list[Visit] = []
    with simulated(folder / f"{share}-{head_start}.sqlite3", plan) as mall:
        for number in range(days):
            day = FIRST_DAY + timedelta(days=number)
            visits += Day(mall, together=True).run(visitors_of(day, habits, dice))
    return Result(visits, timedelta(minutes=head_start))


def waits(visits: Iterable[Visit], *, regular: bool) -> list[float]:
    """Return the minutes from joining the line to the call."""
    return [
        visit.entries[0].waited
        for visit in visits
        if (visit.visitor.priority == "regular") is regular
    ]


def passed_by(visits: Sequence[Visit]) -> Iterator[tuple[Visit, list[Visitor]]]:
    """Yield each regular visit of a line with the later arrivals called before it."""
    for index, visit in enumerate(visits):
        if visit.visitor.priority != "regular":
            continue
        called = _called(visit)
        later = []
        for other in visits[index + 1 :]:
            if other.visitor.arrives > called:
                break
            if _called(other) < called:
                later.append(other.visitor)
        yield visit, later


def fairness(days: int = DAYS) -> Table:
    """Simulate every share and head start and return the table."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for share in SHARES:
            for head_start in HEAD_STARTS:
                result = simulate(share, head_start, days, Path(folder))
                lines.append(_line(share, head_start, result))
    notes = (
        f"Minutes. {days} days, seed {SEED}, {datetime.now(UTC):%Y-%m-%d}; "
        f"{COUNTERS} counters, {MINUTES:.0f} minutes each on average (lognormal), "
        f"{BUSY:.0%} of their time taken, a peak from 09:00 to 11:00.",
    )
    return Table("Waits by head start", HEAD, lines, notes)


def _line(share: float, head_start: int, result: Result) -> Sequence[str]:
    regular = waits(result.visits, regular=True)
    first = waits(result.visits, regular=False)
    passed = [len(later) for _, later in passed_by(result.visits)]
    return (
        f"{share:.0%}",
        f"{head_start} min" if head_start else "none",
        f"{quantile(regular, 0.5):.1f}",
        f"{quantile(regular, 0.9):.1f}",
        f"{max(regular):.0f}",
        f"{quantile(first, 0.5):.1f}",
        f"{quantile(first, 0.9):.1f}",
        str(quantile(passed, 0.9)),
        str(max(passed)),
    )


def _called(visit: Visit) -> datetime:
    called = visit.entries[0].called
    assert called is not None
    return called


if __name__ == "__main__":
    sys.stdout.write(f"{fairness().text()}\n")
