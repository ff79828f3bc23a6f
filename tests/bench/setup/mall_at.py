"""A seeded mall, served from a moment of our choice by any copy of the project.

``python tests/bench/setup/mall_at.py DIR MOMENT``, with ``PYTHONPATH`` naming a copy of
the project, serves that copy: it prints its port, then, for each line on standard
input, the CPU seconds of each thread but its teller's as JSON. It imports nothing of
that copy's tests.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.clock import SystemClock
from app.commands.shared.server import bind, serve
from app.ledger import night_work
from app.main import create_app
from app.settings import Settings

if TYPE_CHECKING:
    from tests.bench.setup.environment import Server

NEVER = 1e9
TELLER = "teller"


class ClockFrom(SystemClock):
    """The machine's clock, set to a moment when it is made."""

    def __init__(self, moment: datetime) -> None:
        self._ahead = moment - super().now()

    def now(self) -> datetime:
        """Return the present moment of a day that began at our moment."""
        return super().now() + self._ahead


@contextmanager
def mall_at(
    folder: Path, moment: datetime, tree: Path, core: int | None
) -> Iterator["Server"]:
    """Serve a seeded mall by another copy of the project, from a moment on."""
    from tests.bench.setup.environment import Server

    popen = subprocess.Popen(  # noqa: S603 (our own module)
        [sys.executable, __file__, str(folder), moment.isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
    )
    if core is not None:
        os.sched_setaffinity(popen.pid, {core})
    try:
        yield Server(popen)
    finally:
        popen.communicate()


def _main(folder: str, moment: str) -> None:
    # what a night does would fall into some of the measured moments
    night_work.INTERVAL_SECONDS = NEVER
    clock = ClockFrom(datetime.fromisoformat(moment))
    app = create_app(Settings(data=Path(folder)), clock=clock)
    listening = bind("127.0.0.1", 0)
    _say(listening.getsockname()[1])
    threading.Thread(target=_tell, name=TELLER, daemon=True).start()
    serve(app, listening)


def _tell() -> None:
    for _ in sys.stdin:
        _say(
            {
                f"{thread.name} {thread.ident}": time.clock_gettime(
                    time.pthread_getcpuclockid(thread.ident)
                )
                for thread in threading.enumerate()
                if thread.ident is not None and thread.name != TELLER
            }
        )
    os.kill(os.getpid(), signal.SIGTERM)


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _main(*sys.argv[1:])
