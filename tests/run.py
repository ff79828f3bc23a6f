"""``./antrean test``: lint, types, layers and tests; one line for each step.

Lint, types and the tests that ask a running server run beside the others, on the
other core: the two halves take as long as the longer one. Browser tests come last,
in processes of their own: Playwright leaves an event loop running, in which no
test that awaits can run. ``--full`` ends with mutation testing of the rules.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

LINT: list[tuple[str, list[str]]] = [
    ("ruff check", ["ruff", "check", "."]),
    ("ruff format", ["ruff", "format", "--check", "."]),
    ("mypy", ["mypy"]),
    ("layers", ["lint-imports", "--no-cache"]),
]


FAST = "not browser and not slow and not full"
ASKED = ("tests/api/test_operations.py", "tests/queueing/commands/test_issuing.py")
"""What the fast tier asks a running server: that it lives, and gives numbers."""


@dataclass(frozen=True)
class Step:
    """How one step ended."""

    name: str
    status: int
    seconds: float
    output: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a tier; returns 0 when every step passed."""
    args = _parser().parse_args(arguments)
    os.chdir(ROOT)
    with ThreadPoolExecutor(1) as beside:
        other_core = beside.submit(_on_the_other_core, args)
        steps = [_show(step) for step in _tests(args, other_core)]
    failed = [step.name for step in steps if step.status]
    print(f"\nfailed: {', '.join(failed)}" if failed else "\nall steps passed")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="antrean test", description=__doc__)
    tier = parser.add_mutually_exclusive_group()
    tier.add_argument("--fast", action="store_true", help="under 90 seconds")
    tier.add_argument("--full", action="store_true", help="everything, by hand")
    tier.add_argument("--faults", action="store_true", help="long fault runs, by hand")
    return parser


def _tests(args: argparse.Namespace, other_core: "Future[list[Step]]") -> list[Step]:
    steps = []
    full = "" if args.full else " and not full"
    if args.fast:
        steps.append(_pytest("tests", f"{FAST} and not served"))
        steps.append(_pytest("a server", FAST, *ASKED))
    elif args.faults:
        steps.append(_pytest("faults", "full and not browser"))
    else:
        steps.append(_pytest("tests", f"not browser and not served{full}"))
    steps += other_core.result()
    if not args.fast and not args.faults:
        steps.append(_pytest("scripts", f"browser{full}", "--ignore=tests/browser"))
        steps.append(_pytest("browser", f"browser{full}", "tests/browser"))
    if args.full:
        steps.append(_aloud("mutants", ["-m", "tests.mutants"]))
    return steps


def _pytest(name: str, marks: str, *where: str) -> Step:
    return _aloud(name, ["-m", "pytest", "-q", "-m", marks, *where])


def _aloud(name: str, arguments: list[str]) -> Step:
    began = time.monotonic()
    command = [sys.executable, *arguments]
    status = subprocess.run(command, check=False).returncode  # noqa: S603
    return Step(name, status, time.monotonic() - began)


def _on_the_other_core(args: argparse.Namespace) -> list[Step]:
    steps = [_run(name, [str(BIN / tool), *rest]) for name, (tool, *rest) in LINT]
    if not args.fast and not args.faults:
        marks = f"served and not browser{'' if args.full else ' and not full'}"
        # the cache of pytest is the other half's
        command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", marks]
        steps.append(_run("with a server", [sys.executable, *command]))
    return steps


def _run(name: str, command: list[str]) -> Step:
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Step(name, done.returncode, time.monotonic() - began, done.stdout)


def _show(step: Step) -> Step:
    verdict = "failed" if step.status else "passed"
    if step.output:
        print(step.output if step.status else _last_line(step.output), flush=True)
    print(f"-- {step.name}: {verdict} in {step.seconds:.0f} s", flush=True)
    return step


def _last_line(output: str) -> str:
    return output.rstrip().rpartition("\n")[2]


if __name__ == "__main__":
    sys.exit(main())
