"""From the start of the process to the first good answer of ``/readyz``.

`./antrean serve` on a mall with two million tickets behind it and on a new one, in
turns, beside what Python takes to import the program.
"""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import psutil

from tests.bench.sample import PROCESS, Sample, Table, figure, share
from tests.bench.setup.environment import Environment, free_port
from tests.bench.setup.years import old_site, years_of
from tests.bench.target import Target

STEP_SECONDS = 0.005
LONGEST_START = 60.0
STARTS_PER_SECOND = 2
IMPORTS = "import app.cli, app.commands.serve, app.commands.shared.server, app.main"
SAY_CPU = "print(time.process_time())"
HEAD = (
    "measured",
    "starts",
    "p50 s",
    "longest s",
    "CPU s",
    "CPU, of the new mall",
)
NOTES = (
    "`./antrean serve` as a site runs it, from the start of its process until /readyz "
    "answers 200, asked every 5 ms.",
)


async def start(environment: Environment, seconds: float) -> Table:
    """Measure two starts of each for every second asked for, after one."""
    tickets = years_of(seconds)
    old, new = old_site(environment, tickets).folder, environment.site("started").folder
    starts, others, imports = Sample(), Sample(), Sample()
    for number in range(1 + max(1, round(seconds * STARTS_PER_SECOND))):
        took = _start(environment, old), _start(environment, new), _import(environment)
        if number > 0:
            for sample, each in zip((starts, others, imports), took, strict=True):
                sample += each
    name = f"start to ready, {tickets:,} tickets of history"
    rows = [
        _row(name, starts, others),
        _row("start to ready, a new mall", others, others),
        _row("a process that only imports the program", imports, others),
    ]
    target = Target(name, "s, p50", starts.quantile(0.5) / 1000, 1.5, 2.5)
    return Table("Start to ready", HEAD, rows, NOTES, [target])


def _start(environment: Environment, folder: Path) -> Sample:
    """Start a server, return what it took until it was ready, and end it."""
    port = free_port()
    order = ["-m", "app.cli", "serve", "--data", str(folder), "--port", str(port)]
    began = perf_counter()
    with _process(environment, order) as process:
        while not _is_ready(port):
            if process.poll() is not None or perf_counter() - began > LONGEST_START:
                raise RuntimeError("a measured server did not become ready")
            time.sleep(STEP_SECONDS)
        took, spent = perf_counter() - began, psutil.Process(process.pid).cpu_times()
        process.terminate()
    return Sample([took], cpu={PROCESS: spent.user + spent.system})


def _import(environment: Environment) -> Sample:
    began = perf_counter()
    with _process(environment, ["-c", f"{IMPORTS}, time; {SAY_CPU}"]) as process:
        answer, _ = process.communicate()
    return Sample([perf_counter() - began], cpu={PROCESS: float(answer)})


@contextmanager
def _process(
    environment: Environment, order: Sequence[str]
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run Python on the servers' core."""
    with subprocess.Popen(  # noqa: S603 (our own modules)
        [sys.executable, *order], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        if environment.server_core is not None:
            os.sched_setaffinity(process.pid, {environment.server_core})
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_START)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except ConnectionError:
        return False
    finally:
        connection.close()


def _row(what: str, sample: Sample, new: Sample) -> Sequence[str]:
    p50, longest = (sample.quantile(part) / 1000 for part in (0.5, 1.0))
    return (
        what,
        str(len(sample.took)),
        figure(p50),
        figure(longest),
        figure(sample.cpu_each() / 1e6),
        share(sample.cpu_each(), new.cpu_each()),
    )
