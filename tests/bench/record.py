"""Writes a run into the manual: ``python -m tests.bench.record [SECONDS]``.

Everything below the page's last heading is replaced by the new run.
"""

import sys
from pathlib import Path

from tests.bench.run import run_bench

PAGE = Path(__file__).parents[2] / "app/docs/engineers/figures.md"
HEADING = "## The run\n"


def record(page: Path, seconds: float) -> None:
    """Run the benchmarks and write their tables into a page."""
    answer: list[str] = []
    run_bench(seconds, answer.append)
    kept, found, _ = page.read_text(encoding="utf-8").partition(HEADING)
    if not found:
        raise ValueError(f"{page} has no heading {HEADING.strip()!r}")
    text = "\n".join([kept + HEADING, *answer]).rstrip()
    page.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    record(PAGE, float((sys.argv[1:] or ["3"])[0]))
