"""``./antrean bench``: figures, each beside its reference; nothing is asserted.

What has a goal and a floor stands together in the last table of a run.
"""

import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any

import uvloop

from app.process import raise_descriptor_limit
from tests.bench.measures.calls import calls
from tests.bench.measures.cpu_cost import cpu_cost
from tests.bench.measures.dead_printer import dead_printer
from tests.bench.measures.memory import memory
from tests.bench.measures.paper import paper
from tests.bench.measures.screens.displays import displays
from tests.bench.measures.screens.one_display import one_display
from tests.bench.measures.screens.painting import painting
from tests.bench.measures.slips import slips
from tests.bench.measures.tickets import tickets
from tests.bench.measures.years.history import history
from tests.bench.measures.years.start import start
from tests.bench.sample import Table, figure
from tests.bench.setup.environment import Environment, own_core
from tests.bench.setup.machine import machine
from tests.bench.setup.slow_disk import slow_disk
from tests.bench.target import Target

Part = Callable[[Environment, float], Coroutine[Any, Any, Table]]
JOBS: tuple[Part, ...] = (cpu_cost, tickets, calls, slow_disk)
SCREENS: tuple[Part, ...] = (displays, one_display, painting)
PRINTING: tuple[Part, ...] = (slips, paper, dead_printer)
# the start first: its mall of years is still without anybody who waits
YEARS: tuple[Part, ...] = (start, history)
PARTS: tuple[Part, ...] = (*JOBS, *SCREENS, memory, *YEARS, *PRINTING)
SLIP_TIMES = 5
"""So much longer is measured what waits for slips: each takes a tenth of a second."""
HEAD = ("measured", "as", "here", "goal", "floor", "reached")


def run_bench(
    seconds: float, say: Callable[[str], None] | None = None, *, part: str | None = None
) -> int:
    """Measure each figure for so many seconds and say the tables as they come.

    ``part`` names the one that is measured, else all are; 1 where there is none so.
    """
    tell = say or _print
    names = [each.__name__ for each in PARTS]
    if part is not None and part not in names:
        tell(f"There is no part {part}; there are {', '.join(names)}.")
        return 1
    raise_descriptor_limit()  # a thousand sockets; the servers inherit it
    targets: list[Target] = []
    with own_core() as core, tempfile.TemporaryDirectory() as folder:
        environment = Environment(Path(folder), core)
        tell(machine(core))
        for measure in PARTS:
            if part in (None, measure.__name__):
                times = SLIP_TIMES if measure in (paper, dead_printer) else 1
                table = uvloop.run(measure(environment, seconds * times))
                targets += table.targets
                tell(table.text())
    if targets:
        tell(targets_table(targets).text())
    return 0


def targets_table(targets: Iterable[Target]) -> Table:
    """Return which goals and floors a run has reached."""
    return Table("Goals and floors", HEAD, [_row(target) for target in targets])


def _row(target: Target) -> Sequence[str]:
    return (
        target.measured,
        target.unit,
        figure(target.value),
        f"{target.goal:g}",
        f"{target.floor:g}",
        target.reached(),
    )


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
