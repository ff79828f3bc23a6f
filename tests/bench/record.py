"""Writes a run into the manual: ``python -m tests.bench.record [PART]``.

Everything below the page's last heading is replaced by the new run. A part measured
alone stands behind it, with its own day and machine, until the next run.
"""

import sys
from pathlib import Path

from tests.bench.run import run_bench

PAGE = Path(__file__).parents[2] / "app/docs/engineers/figures.md"
HEADING = "## The run\n"
APART = "## Measured again: {part}\n"
SECONDS = 3.0


def record(page: Path, seconds: float, part: str | None = None) -> None:
    """Run the benchmarks, or a part of them, and write their tables into a page."""
    answer: list[str] = []
    text = page.read_text(encoding="utf-8")
    if HEADING not in text:
        raise ValueError(f"{page} has no heading {HEADING.strip()!r}")
    if run_bench(seconds, answer.append, part=part):
        raise ValueError(f"there is no part {part}")
    if part is None:
        heading, kept = HEADING, text.partition(HEADING)[0]
    else:
        heading = APART.format(part=part)
        kept = _without(text, heading)
    whole = "\n".join([f"{kept.rstrip()}\n\n{heading}", *answer]).rstrip()
    page.write_text(f"{whole}\n", encoding="utf-8")


def _without(text: str, heading: str) -> str:
    """Return a page without a part that was measured again before."""
    before, _, section = text.partition(heading)
    _, begins, later = section.partition("\n## ")
    return before + begins.lstrip() + later


if __name__ == "__main__":
    record(PAGE, SECONDS, *sys.argv[1:2])
