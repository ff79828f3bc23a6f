"""One attack on a real server, and an officer who works meanwhile."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import psutil

from tests.bench.sample import Sample, Table, figure, share
from tests.bench.setup.clients import Clients
from tests.bench.setup.site import BenchCounter, Site, seed
from tests.faults.attacks import ATTACKS
from tests.support.process import ROOT, ServerProcess

_STARTED = re.compile(r"Antrean serves http://127\.0\.0\.1:(\d+)/")
PAUSE_SECONDS = 0.02
BEGINNING_SECONDS = 1.0
HEADS = (
    "attack",
    "quiet p99 ms",
    "attacked p50 ms",
    "p99 ms",
    "p99 / quiet",
    "calls",
    "failed",
    "memory +MB",
    "most descriptors",
    "answers",
)


class AttackedServer(ServerProcess):
    """``antrean serve`` over a seeded site, with so many descriptors and no more."""

    def __init__(self, folder: Path, *, descriptors: int | None = None) -> None:
        super().__init__(folder, "serve")
        if descriptors:
            self.prefix = ("prlimit", f"--nofile={descriptors}:{descriptors}")
        self.site = Site.read(folder)
        # of an earlier server it would name another port
        (folder / "server.log").unlink(missing_ok=True)

    def _find_port(self) -> int:
        started = _STARTED.search(self.log())
        return int(started.group(1)) if started else 0


@dataclass
class Trial:
    """What was seen during one attack."""

    name: str
    quiet: Sample
    attacked: Sample
    outcomes: dict[str, int]
    rss_before: int = 0
    rss_most: int = 0
    descriptors_most: int = 0
    log: str = ""
    failures: list[str] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """How many times the quiet 99th percentile the attacked one is."""
        return self.attacked.quantile(0.99) / self.quiet.quantile(0.99)

    def row(self) -> Sequence[str]:
        """Return the trial as a row of the table."""
        answers = ", ".join(
            f"{status}: {count}"
            for status, count in sorted(self.outcomes.items())
            if status != "seconds"
        )
        return (
            ATTACKS[self.name][0],
            figure(self.quiet.quantile(0.99)),
            figure(self.attacked.quantile(0.5)),
            figure(self.attacked.quantile(0.99)),
            share(self.attacked.quantile(0.99), self.quiet.quantile(0.99)),
            str(len(self.attacked.took)),
            str(self.attacked.refused + len(self.failures)),
            figure((self.rss_most - self.rss_before) / 2**20),
            str(self.descriptors_most),
            answers,
        )


class Officer:
    """One counter: visitors come at the reception's desk, are called and served."""

    def __init__(self, site: Site, counter: BenchCounter, office: Clients) -> None:
        self._site, self._counter, self._office = site, counter, office

    async def work(self, sample: Sample, seconds: float) -> list[str]:
        """Call as often as the time allows, and note how long; return what failed."""
        failures = []
        until = perf_counter() + seconds
        while perf_counter() < until:
            try:
                await self._serve_one(sample)
            except (OSError, RuntimeError, TimeoutError) as error:
                failures.append(repr(error)[:200])
                await self._finish()
            await asyncio.sleep(PAUSE_SECONDS)
        return failures

    async def _finish(self) -> None:
        """Serve whoever a failure left at the counter, or all after it fails too."""
        with suppress(OSError, RuntimeError, TimeoutError):
            async with asyncio.timeout(10):
                await self._office.ask(self._counter.command("serve"))

    async def _serve_one(self, sample: Sample) -> None:
        service_id = self._counter.service_ids[0]
        async with asyncio.timeout(10):
            await self._office.ask(self._site.issue(service_id))
            began = perf_counter()
            await self._office.ask(self._counter.command("call-next"))
            sample.took.append(perf_counter() - began)
            await self._office.ask(self._counter.command("serve"))


async def run_trial(server: AttackedServer, name: str, seconds: float) -> Trial:
    """Let the officer work in quiet, through the attack, and in quiet again."""
    site, counter = server.site, server.site.counters[0]
    process = psutil.Process(server.pid)
    quiet, attacked = Sample(), Sample()
    async with Clients(server.port, 1) as office:
        await office.ask(counter.command("open"))
        officer = Officer(site, counter, office)
        tickets = [await _ticket(office, site) for _ in range(100)]
        await officer.work(Sample(), 1.0)
        failures = await officer.work(quiet, seconds / 2)
        trial = Trial(name, quiet, attacked, {}, process.memory_info().rss)
        with _attacker(server, name, tickets, seconds + BEGINNING_SECONDS) as attacker:
            watching = asyncio.create_task(_watch(process, trial))
            await asyncio.sleep(BEGINNING_SECONDS * 0.5)
            failures += await officer.work(attacked, seconds)
            watching.cancel()
            output = await asyncio.to_thread(attacker.communicate)
        trial.outcomes = json.loads(output[0] or "{}")
        trial.failures = failures + await officer.work(quiet, seconds / 2)
        await office.ask(counter.command("close"))
    trial.log = server.log()
    return trial


async def _ticket(office: Clients, site: Site) -> str:
    # of another line than the officer's: it stays where it is
    answer = await office.ask(site.issue(site.service_ids[-1]))
    return str(json.loads(answer)["token"])


async def _watch(process: psutil.Process, trial: Trial) -> None:
    while True:
        trial.rss_most = max(trial.rss_most, process.memory_info().rss)
        trial.descriptors_most = max(trial.descriptors_most, process.num_fds())
        await asyncio.sleep(0.1)


@contextmanager
def _attacker(
    server: AttackedServer, name: str, tickets: list[str], seconds: float
) -> Iterator["subprocess.Popen[str]"]:
    target = {
        "port": server.port,
        "seconds": seconds,
        "tickets": tickets,
        "display": server.site.hall_display,
    }
    with subprocess.Popen(  # noqa: S603 (our own words)
        [sys.executable, "-m", "tests.faults.attacks", name],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as attacker:
        assert attacker.stdin is not None
        attacker.stdin.write(json.dumps(target) + "\n")
        attacker.stdin.flush()
        yield attacker


def new_site(folder: Path) -> Path:
    """Seed a site in a folder, and return it."""
    seed(folder)
    return folder


def table(title: str, trials: Sequence[Trial]) -> str:
    """Return the trials as a table."""
    return Table(title, HEADS, [trial.row() for trial in trials]).text()
