"""The ground of a run: a folder, the cores, the seeded mall, the processes."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

import psutil

from tests.bench.sample import PROCESS, Sample
from tests.bench.setup.site import Site, seed

STEP_SECONDS = 0.02
STARTING_STEPS = 1000


class Process:
    """A process of ours that answers one line of JSON for each line it gets."""

    def __init__(self, popen: "subprocess.Popen[str]") -> None:
        self._popen = popen

    def read(self) -> Any:
        """Return its next answer; raises RuntimeError when it has died."""
        line = _pipe(self._popen.stdout).readline()
        if not line:
            raise RuntimeError(f"a measured process ended: {self._popen.args!r}")
        return json.loads(line)

    def ask(self, line: str = "") -> Any:
        """Send a line and return the answer."""
        stdin = _pipe(self._popen.stdin)
        stdin.write(f"{line}\n")
        stdin.flush()
        return self.read()


class Memory(NamedTuple):
    """MB of 10^6 bytes: in all, and with shared pages by the process's share."""

    rss: float
    pss: float


class Server(Process):
    """A server that is measured; ``port`` is where."""

    def __init__(self, popen: "subprocess.Popen[str]") -> None:
        super().__init__(popen)
        self.port: int = self.read()
        self._await_listening()

    def cpu(self) -> dict[str, float]:
        """Return the CPU seconds so far, of the process and by thread."""
        return dict(self.ask())

    def memory(self) -> Memory:
        """Return what the process takes."""
        taken = psutil.Process(self._popen.pid).memory_full_info()
        # only Linux tells the second
        return Memory(taken.rss / 1e6, getattr(taken, "pss", float("nan")) / 1e6)

    def _await_listening(self) -> None:
        """Wait until it has started; it listens last."""
        for _ in range(STARTING_STEPS):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
            except ConnectionRefusedError:
                time.sleep(STEP_SECONDS)
            else:
                return
        raise RuntimeError("a measured server did not start")


class Disk(Process):
    """The bare inserts that every durable figure stands beside."""

    def insert_for(self, seconds: float) -> Sample:
        """Insert and commit, one at a time."""
        answer = self.ask(str(seconds))
        return Sample(answer["took"], answer["seconds"], {PROCESS: answer["cpu"]})


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a run takes place; ``server_core`` is None when there is only one."""

    folder: Path
    server_core: int | None

    def site(self, name: str) -> Site:
        """Return a fresh copy of the seeded mall."""
        seeded = self.folder / "seeded"
        if not seeded.exists():
            seed(seeded)
        return Site.read(Path(shutil.copytree(seeded, self.folder / name)))

    @contextmanager
    def antrean(self, site: Site, **more: str) -> Iterator[Server]:
        """Run the product on a site; ``more`` is its environment's."""
        with self._run(
            "tests.bench.setup.server", "antrean", str(site.folder), **more
        ) as p:
            yield Server(p)

    @contextmanager
    def bare_broadcast(self) -> Iterator[Server]:
        """Run a server that is nothing but ``websockets.broadcast``."""
        with self._run("tests.bench.setup.server", "broadcast") as popen:
            yield Server(popen)

    @contextmanager
    def bare(self) -> Iterator[Server]:
        """Run a bare FastAPI server of the same set-up."""
        with self._run("tests.bench.setup.server", "bare") as popen:
            yield Server(popen)

    @contextmanager
    def disk(self, name: str, **more: str) -> Iterator[Disk]:
        """Run the bare inserts into a file of their own."""
        with self._run(
            "tests.bench.setup.disk", str(self.folder / name), **more
        ) as popen:
            yield Disk(popen)

    @contextmanager
    def _run(
        self, module: str, *arguments: str, **more: str
    ) -> Iterator["subprocess.Popen[str]"]:
        popen = subprocess.Popen(  # noqa: S603 (our own module)
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # what it renders at the least priority is no part of other figures
            env={**os.environ, "ANTREAN_VOICE": "false", **more},
        )
        if self.server_core is not None:
            os.sched_setaffinity(popen.pid, {self.server_core})
        try:
            yield popen
        finally:
            popen.communicate()


@contextmanager
def own_core() -> Iterator[int | None]:
    """Keep this process on one core; yield another for the servers, if any."""
    if not hasattr(os, "sched_setaffinity"):
        yield None
        return
    allowed = os.sched_getaffinity(0)
    first, *rest = sorted(allowed)
    if not rest:
        yield None
        return
    os.sched_setaffinity(0, {rest[0]})
    try:
        yield first
    finally:
        os.sched_setaffinity(0, allowed)


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
