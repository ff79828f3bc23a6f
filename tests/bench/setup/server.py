"""The processes that are measured; each tells its CPU times when asked.

``python -m tests.bench.setup.server antrean DIR | bare | broadcast``: prints its port,
then, for each line on standard input, the CPU seconds of the process and of each of
its threads as JSON; the teller's own are left out. It ends when standard input does.
"""

import json
import logging
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import uvloop
from fastapi import FastAPI

from app.commands.shared.server import bind, serve
from tests.bench.sample import PROCESS

NEVER = 1e9
TELLER = "teller"


def main(kind: str, *folder: str) -> None:
    """Serve one of the three until standard input ends."""
    # a dead printer is part of what is measured: its warnings are no news
    logging.getLogger("app.printing").setLevel(logging.ERROR)
    listening = bind("127.0.0.1", 0)
    _say(listening.getsockname()[1])
    threading.Thread(target=_tell, name=TELLER, daemon=True).start()
    if kind == "broadcast":
        _serve_broadcast(listening)
    else:
        serve(_antrean(Path(folder[0])) if kind == "antrean" else _bare(), listening)


def _antrean(folder: Path) -> FastAPI:
    from app.ledger import night_work
    from app.main import create_app
    from app.settings import Settings

    # what a night does of years would fall into some of the measured moments
    night_work.INTERVAL_SECONDS = NEVER
    return create_app(Settings(data=folder))


def _bare() -> FastAPI:
    from tests.bench.measures.bare import app

    return app


def _serve_broadcast(listening: socket.socket) -> None:
    from tests.bench.measures.screens.bare_broadcast import serve_broadcast

    uvloop.run(serve_broadcast(listening))


def _tell() -> None:
    for _ in sys.stdin:
        _say(_cpu_seconds())
    os.kill(os.getpid(), signal.SIGTERM)


def _cpu_seconds() -> dict[str, float]:
    answer = {
        thread.name: time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
        for thread in threading.enumerate()
        if thread.ident is not None
    }
    return {**answer, PROCESS: time.process_time() - answer[TELLER]}


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
