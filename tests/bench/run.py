"""``./antrean bench``: figures, each beside its reference; nothing is asserted."""

import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

from tests.bench.ground import Ground, own_core
from tests.bench.machine import machine
from tests.bench.sample import Table
from tests.bench.tickets import tickets

Part = Callable[[Ground, float], Awaitable[Table]]
PARTS: tuple[Part, ...] = (tickets,)


def run_bench(seconds: float) -> int:
    """Measure each figure for so many seconds and print the tables as they come."""
    with own_core() as core, tempfile.TemporaryDirectory() as folder:
        ground = Ground(Path(folder), core)
        _print(machine(core))
        for part in PARTS:
            _print(uvloop.run(part(ground, seconds)).text())
    return 0


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
