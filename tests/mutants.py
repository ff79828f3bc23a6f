"""Mutation testing of the rules: change one thing, and some test must notice.

``python -m tests.mutants [line.ranking ...]``; the last step of ``./antrean test
--full``. cosmic-ray changes the source, statements at module level included;
a forked child imports the changed module in place of the real one and runs the
tests that need no server. Nothing is written to disk. Fails when a change that
no test notices is not listed, with its reason, in mutants.md.
"""

import os
import re
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import hypothesis.strategies  # noqa: F401 - loaded once, for every child
import pytest

from tests.mutating import Mutant, mutants_of
from tests.support.rules.empty import empty_database

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "app/docs/engineers/mutants.md"
TESTS = {
    "line.ranking": ("line/test_ranking",),
    "line.placement": (
        "line/test_placement",
        "line/test_way_back",
        "commands/test_lines",
        "commands/test_priority",
    ),
    "line.numbering": ("line/test_numbering",),
    "site.availability": (
        "site/test_common_availability",
        "site/test_availability",
        "site/test_serving_hours",
        "commands/test_closures",
        "site/test_quotas",
        "site/test_kiosk_limits",
        "commands/test_counter_states",
        "views/test_agencies",
        "views/test_board",
        "views/test_kept_list",
    ),
    "transition": (
        "test_transition",
        "commands/test_undoing",
        "commands/test_cancelling",
        "commands/test_issuing",
        "line/test_kept_lines",
    ),
    "site.kiosk_limits": ("site/test_kiosk_limits",),
}
# only the plugins that pyproject's options name, and the rules' own fixtures: each
# child loads them anew
OPTIONS = (
    *("-x", "-q", "--noconftest", "-p", "no:cacheprovider"),
    *("-p", "pytest_asyncio.plugin", "-p", "pytest_timeout"),
    *("-p", "tests.queueing.conftest"),
)
SERVERS = {"server", "staffed_server"}
AT_ONCE = os.cpu_count() or 1
CPU_SECONDS = 120
"""A child that takes more runs in circles: that was noticed."""
SURVIVED = 0


class RulesAlone:
    """Leaves out the tests that ask a server."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests that need no server."""
        items[:] = [
            item
            for item in items
            if not SERVERS & set(getattr(item, "fixturenames", ()))
        ]


class Verdict(NamedTuple):
    """What became of one mutant."""

    mutant: Mutant
    survived: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutants of these modules, or of all; returns 0 when all are listed."""
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    names = list(sys.argv[1:] if arguments is None else arguments) or list(TESTS)
    if unknown := set(names) - set(TESTS):
        print(f"No tests are named for {', '.join(sorted(unknown))}.")
        return 1
    with tempfile.TemporaryDirectory(prefix="antrean-mutants-") as folder:
        # migrated once, for every child; it loads what no mutant changes, too
        empty_database(Path(folder) / "empty.sqlite3")
        tempfile.tempdir = folder
        if os.waitpid(_child(None), 0)[1] != SURVIVED:
            print("The tests fail without any mutant.")
            return 1
        mutants = [mutant for name in names for mutant in mutants_of(name)]
        verdicts = list(_verdicts(mutants))
    return _report(names, verdicts, listed_as_harmless())


def listed_as_harmless() -> set[Mutant]:
    """Return the mutants that the manual's page lists as harmless."""
    listed = set()
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("- `"):
            module, where, before_line, *became = re.findall("`([^`]+)`", line)
            listed |= {Mutant(module, where, before_line, new) for new in became}
    return listed


def _report(
    names: Sequence[str], verdicts: Sequence[Verdict], listed: set[Mutant]
) -> int:
    tried = Counter(verdict.mutant.module for verdict in verdicts)
    survivors = [verdict.mutant for verdict in verdicts if verdict.survived]
    left = Counter(mutant.module for mutant in survivors)
    print()
    for name in names:
        print(f"{name}: {tried[name]} mutants, {left[name]} survived")
    for outdated in sorted(m for m in listed - set(survivors) if m.module in names):
        print(f"listed, but noticed or gone: {outdated.page_line}")
    unlisted = [mutant for mutant in survivors if mutant not in listed]
    for mutant in unlisted:
        print(f"survived: {mutant.page_line}")
    return 1 if unlisted else 0


def _verdicts(mutants: Sequence[Mutant]) -> Iterator[Verdict]:
    """Keep every core busy with one child; the parent has no threads to fork."""
    running: dict[int, Mutant] = {}
    for mutant in mutants:
        if len(running) == AT_ONCE:
            yield _next_verdict(running)
        running[_child(mutant)] = mutant
    while running:
        yield _next_verdict(running)


def _next_verdict(running: dict[int, Mutant]) -> Verdict:
    child, status = os.wait()
    verdict = Verdict(running.pop(child), status == SURVIVED)
    print("s" if verdict.survived else ".", end="", flush=True)
    return verdict


def _child(mutant: Mutant | None) -> int:
    """Fork a child that tries one mutant; its exit status is pytest's."""
    child = os.fork()
    if child:
        return child
    try:
        status = _try(mutant)
    except BaseException:  # a child must never return to the loop
        status = 1
    os._exit(status)


def _try(mutant: Mutant | None) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    if mutant is None:
        return _first_failure(
            sorted({test for some in TESTS.values() for test in some})
        )
    sys.meta_path.insert(0, mutant.finder())
    return _first_failure(TESTS[mutant.module])


def _first_failure(tests: Sequence[str]) -> int:
    """Run one file after the other: most mutants are noticed by the first."""
    options = [*OPTIONS, f"--basetemp={tempfile.gettempdir()}/{os.getpid()}"]
    for test in tests:
        path = f"tests/queueing/{test}.py"
        if status := pytest.main([*options, path], plugins=[RulesAlone()]):
            return int(status)
    return SURVIVED


if __name__ == "__main__":
    sys.exit(main())
