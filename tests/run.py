"""``./antrean test``: lint, types, layers and tests; one line for each step.

The last lines say what was skipped and why, then whether every step passed.

Three lanes run side by side, for most tests wait more than they reckon (the plain
run keeps two cores busy for less than half of its time): the rules and whatever needs
no server; lint, types and the tests that ask a running server; the pages in a browser.
The browser's have processes of their own: Playwright leaves an event loop running, in
which no test that awaits can run. ``--full`` ends with mutation testing of the rules.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

LINT: list[tuple[str, list[str]]] = [
    ("ruff check", ["ruff", "check", "."]),
    ("ruff format", ["ruff", "format", "--check", "."]),
    ("mypy", ["mypy"]),
    ("layers", ["lint-imports", "--no-cache"]),
]

FAST = "not browser and not slow and not full"
SERVER_FILES = (
    "tests/api/test_operations.py",
    "tests/queueing/commands/test_issuing.py",
)
"""What the fast tier tries on a running server: that it lives, and gives numbers."""
NO_CACHE = ("-p", "no:cacheprovider")
"""Of several runs of pytest at once, the one on screen keeps the cache."""


@dataclass(frozen=True)
class Step:
    """How one step ended; of tests that were skipped, the reason of each."""

    name: str
    status: int
    seconds: float
    output: str = ""
    skip_reasons: tuple[str, ...] = ()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a tier; returns 0 when every step passed."""
    args = _parser().parse_args(arguments)
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as lanes:
        tier = Tier(args, Path(folder))
        beside = [lanes.submit(tier.served_steps), lanes.submit(tier.browser_steps)]
        steps = [_report(step) for step in tier.steps(beside)]
    print("\n" + "\n".join(summary(steps)))
    return 1 if any(step.status for step in steps) else 0


def summary(steps: Sequence[Step]) -> Iterator[str]:
    """Yield what was skipped, a line for each reason, and what failed."""
    reasons = Counter(reason for step in steps for reason in step.skip_reasons)
    for reason, number in sorted(reasons.items()):
        yield f"skipped {number}: {reason}"
    if not reasons:
        yield "skipped none"
    failed = [step.name for step in steps if step.status]
    yield f"failed: {', '.join(failed)}" if failed else "all steps passed"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="antrean test", description=__doc__)
    tier = parser.add_mutually_exclusive_group()
    tier.add_argument("--fast", action="store_true", help="under 90 seconds")
    tier.add_argument("--full", action="store_true", help="everything, by hand")
    tier.add_argument("--faults", action="store_true", help="long fault runs, by hand")
    return parser


class Tier:
    """The steps of one tier; its test reports lie in a folder."""

    def __init__(self, args: argparse.Namespace, folder: Path) -> None:
        self._args, self._folder = args, folder
        self._numbers = count()  # both cores draw from it
        self._full = "" if args.full else " and not full"

    def steps(self, beside: "Sequence[Future[list[Step]]]") -> Iterator[Step]:
        """Run the first lane, and yield each step of all lanes as it ends."""
        args, full = self._args, self._full
        if args.fast:
            yield self._tests("tests", f"{FAST} and not served")
            yield self._tests("a server", FAST, *SERVER_FILES)
        elif args.faults:
            yield self._tests("faults", "full and not browser")
        else:
            yield self._tests("tests", f"not browser and not served{full}")
            yield self._tests("scripts", f"browser{full}", "--ignore=tests/browser")
        for lane in beside:
            yield from lane.result()
        if args.full:
            yield _run("mutants", [sys.executable, "-m", "tests.mutants"])

    def served_steps(self) -> list[Step]:
        """Run, without a word, lint, types and the tests that ask a server."""
        steps = [
            _run(name, [str(BIN / tool), *options], is_quiet=True)
            for name, (tool, *options) in LINT
        ]
        if self._has_every_lane:
            marks = f"served and not browser{self._full}"
            steps.append(self._tests("with a server", marks, is_quiet=True))
        return steps

    def browser_steps(self) -> list[Step]:
        """Run, without a word, the pages in a browser."""
        if not self._has_every_lane:
            return []
        marks = f"browser{self._full}"
        return [self._tests("browser", marks, "tests/browser", is_quiet=True)]

    @property
    def _has_every_lane(self) -> bool:
        return not self._args.fast and not self._args.faults

    def _tests(
        self, name: str, marks: str, *options: str, is_quiet: bool = False
    ) -> Step:
        report = self._folder / f"{next(self._numbers)}.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}"]
        command += NO_CACHE if is_quiet else ()
        step = _run(name, [*command, "-m", marks, *options], is_quiet=is_quiet)
        return replace(step, skip_reasons=tuple(skip_reasons(report)))


def skip_reasons(report: Path) -> Iterator[str]:
    """Yield the reason of each skipped test in pytest's report."""
    if not report.exists():  # pytest did not get so far
        return
    root = ElementTree.parse(report).getroot()  # noqa: S314 - pytest has just written it
    for skipped in root.iter("skipped"):
        if skipped.get("type") == "pytest.skip":  # an expected failure is another
            yield skipped.get("message", "no reason given")


def _run(name: str, command: list[str], *, is_quiet: bool = False) -> Step:
    """Run a command; a quiet one's output is kept, for another step's is on screen."""
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603
        command,
        check=False,
        stdout=subprocess.PIPE if is_quiet else None,
        stderr=subprocess.STDOUT if is_quiet else None,
        text=True,
    )
    return Step(name, done.returncode, time.monotonic() - began, done.stdout or "")


def _report(step: Step) -> Step:
    verdict = "failed" if step.status else "passed"
    if step.output:
        print(step.output if step.status else _last_line(step.output), flush=True)
    print(f"-- {step.name}: {verdict} in {step.seconds:.0f} s", flush=True)
    return step


def _last_line(output: str) -> str:
    return output.rstrip().rpartition("\n")[2]


if __name__ == "__main__":
    sys.exit(main())
