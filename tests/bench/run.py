"""``./antrean bench``: figures, each beside its reference; nothing is asserted."""

import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import uvloop

from tests.bench.measures.calls import calls
from tests.bench.measures.cpu_cost import cpu_cost
from tests.bench.measures.dead_printer import dead_printer
from tests.bench.measures.paper import paper
from tests.bench.measures.screens import screens
from tests.bench.measures.slips import slips
from tests.bench.measures.tickets import tickets
from tests.bench.sample import Table
from tests.bench.setup.environment import Environment, own_core
from tests.bench.setup.machine import machine
from tests.bench.setup.slow_disk import slow_disk

Part = Callable[[Environment, float], Coroutine[Any, Any, Table]]
PRINTING: tuple[Part, ...] = (slips, paper, dead_printer)
PARTS: tuple[Part, ...] = (cpu_cost, tickets, calls, screens, slow_disk, *PRINTING)


def run_bench(seconds: float, say: Callable[[str], None] | None = None) -> int:
    """Measure each figure for so many seconds and say the tables as they come."""
    tell = say or _print
    with own_core() as core, tempfile.TemporaryDirectory() as folder:
        environment = Environment(Path(folder), core)
        tell(machine(core))
        for part in PARTS:
            tell(uvloop.run(part(environment, seconds)).text())
    return 0


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
