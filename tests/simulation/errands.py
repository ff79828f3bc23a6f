"""One ticket in three lines at once, against three tickets one after the other.

``python -m tests.simulation.errands`` prints the tables of errands.md:
10,000 visits to three agencies, then smaller runs for other malls.
"""

import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from tests.bench.sample import Table
from tests.simulation.figures import mean, quantile
from tests.simulation.mall import Plan, simulated
from tests.simulation.running import Day, Visit
from tests.simulation.visitors import HALF_HOURS, Habits, Visitor, visitors_of

SEED = 2026
FIRST_DAY = datetime(2026, 1, 5, tzinfo=UTC)
STRETCH_DAYS = 25
"""Days in one database; then a new one, as retention would."""
FULL_VISITS = 10_000
OTHER_VISITS = 700
PLAN = Plan(agencies=6, counters_each=2)
MINUTES = 8.0
OPEN_MINUTES = 390
EVEN = (1,) * len(HALF_HOURS)
HEAD = (
    "three errands",
    "busy",
    "visits of three",
    "together, mean",
    "one by one",
    "ratio",
    "others' P90",
    "before",
    "grows by",
)


class Case(NamedTuple):
    """A mall's load: who has three errands, how busy its counters are, and when."""

    several: float = 0.025
    busy: float = 0.80
    profile: Sequence[int] = HALF_HOURS

    @property
    def habits(self) -> Habits:
        """Return the visitors that keep the counters so busy."""
        counters = PLAN.agencies * PLAN.counters_each
        errands = self.busy * counters * OPEN_MINUTES / MINUTES
        return Habits(
            a_day=errands / (1 + 2 * self.several),
            services=PLAN.agencies,
            minutes=MINUTES,
            several=self.several,
            profile=self.profile,
        )


CASE = Case()
OTHERS = (
    Case(several=0.01),
    Case(several=0.05),
    Case(several=0.10),
    Case(busy=0.70),
    Case(busy=0.90),
    Case(several=0.10, profile=EVEN),
)


@dataclass
class World:
    """Minutes of one way of going: in the building, and the others' waits."""

    building: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    def add(self, visit: Visit) -> None:
        """Count a visit."""
        if len(visit.visitor.errands) > 1:
            self.building.append(visit.minutes)
        else:
            self.others.append(visit.entries[0].waited)


class Comparison(NamedTuple):
    """The same visitors on the same days, going both ways."""

    together: World
    one_by_one: World

    @property
    def building_ratio(self) -> float:
        """Return the mean time in the building, together of one by one."""
        return mean(self.together.building) / mean(self.one_by_one.building)

    @property
    def others_growth(self) -> float:
        """Return by what share the others' P90 wait grows."""
        return (
            quantile(self.together.others, 0.9) / quantile(self.one_by_one.others, 0.9)
            - 1
        )


def compare(
    case: Case, visits: int, folder: Path, stretch_days: int = STRETCH_DAYS
) -> Comparison:
    """Simulate both ways, a process each, until so many visits of three errands."""
    both = ((case, visits, folder, stretch_days, way) for way in (True, False))
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        return Comparison(*processes.map(_go, both))


def go(
    case: Case, visits: int, folder: Path, stretch_days: int, *, together: bool
) -> World:
    """Simulate one way, in whole stretches; the seed lets the same visitors come."""
    dice = random.Random(SEED)  # noqa: S311 (no secret)
    world = World()
    for number, days in enumerate(_stretches(case, dice, stretch_days)):
        path = folder / f"{together}-{case.several}-{case.busy}-{number}.sqlite3"
        with simulated(path, PLAN) as mall:
            for visitors in days:
                for visit in Day(mall, together=together).run(visitors):
                    world.add(visit)
        path.unlink()
        if len(world.building) >= visits:
            break
    return world


def _go(arguments: tuple[Case, int, Path, int, bool]) -> World:
    case, visits, folder, stretch_days, together = arguments
    return go(case, visits, folder, stretch_days, together=together)


def errands(visits: int = FULL_VISITS, others: int = OTHER_VISITS) -> Iterator[Table]:
    """Yield the table of the mall that the manual speaks of, and of other malls."""
    with tempfile.TemporaryDirectory() as folder:
        yield _table("Three errands", [CASE], visits, Path(folder))
        yield _table("Other malls", OTHERS, others, Path(folder))


def _stretches(
    case: Case, dice: random.Random, days: int
) -> Iterator[list[list[Visitor]]]:
    number = 0
    while True:
        stretch = []
        for _ in range(days):
            day = FIRST_DAY + timedelta(days=number)
            stretch.append(visitors_of(day, case.habits, dice))
            number += 1
        yield stretch


def _table(title: str, cases: Sequence[Case], visits: int, folder: Path) -> Table:
    lines = [_line(case, compare(case, visits, folder)) for case in cases]
    notes = (
        f"Minutes. Seed {SEED}, {datetime.now(UTC):%Y-%m-%d}; {PLAN.agencies} agencies "
        f"with {PLAN.counters_each} counters each, {MINUTES:.0f} minutes an errand on "
        "average (lognormal).",
    )
    return Table(title, HEAD, lines, notes)


def _line(case: Case, found: Comparison) -> Sequence[str]:
    even = ", even day" if case.profile == EVEN else ""
    return (
        f"{case.several:.1%} of visitors",
        f"{case.busy:.0%}{even}",
        f"{len(found.together.building):,}",
        f"{mean(found.together.building):.1f}",
        f"{mean(found.one_by_one.building):.1f}",
        f"{found.building_ratio:.2f}",
        f"{quantile(found.together.others, 0.9):.1f}",
        f"{quantile(found.one_by_one.others, 0.9):.1f}",
        f"{found.others_growth:+.1%}",
    )


if __name__ == "__main__":
    for table in errands():
        sys.stdout.write(f"{table.text()}\n\n")
        sys.stdout.flush()
