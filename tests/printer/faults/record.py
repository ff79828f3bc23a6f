"""Writes the manual's table: ``python -m tests.printer.faults.record``.

Each cell is a run: nothing in it is written by hand.
"""

import asyncio
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from app.kiosk.words import slip_note
from printer.advice import ADVICE
from tests.printer.faults.catalogue import FAULTS, Fault
from tests.printer.faults.trial import Outcome, run_trials
from tests.printer.faults.ways import WAYS, End

PAGE = Path(__file__).parents[3] / "app/docs/reference/faults.md"
HEADING = "## The table\n"
COLUMNS = (
    *("fault", "way", "the job ends", "came out", "the visitor reads"),
    *("staff read", "next visitor"),
)
AGENT_RESTART = "The agent was restarted while printing. Look whether a slip came out."

Outcomes = Mapping[tuple[str, str], Outcome]


def table(outcomes: Outcomes) -> str:
    """Return the whole table; ways on which all is the same share a row."""
    lines = [_row(COLUMNS), _row("---" for _ in COLUMNS)]
    for fault in FAULTS:
        lines += [
            row_of(fault, ways, outcome) for outcome, ways in _alike(fault, outcomes)
        ]
    return "\n".join(lines) + "\n"


def row_of(fault: Fault, ways: Iterable[str], outcome: Outcome) -> str:
    """Return a table's row."""
    end = outcome.end
    served = "served" if outcome.next_came_out else "NOT SERVED"
    return _row(
        (
            fault.words,
            ", ".join(ways),
            f"`{end.state}`" + (f", `{end.reason}`" if end.reason else ""),
            outcome.paper,
            _visitor_reads(end),
            _staff_read(end),
            f"{served}, `{outcome.next_end.state}`",
        )
    )


def rows_in(page: str) -> dict[tuple[str, str], str]:
    """Return the page's rows without the ways, for each fault and way."""
    rows: dict[tuple[str, str], str] = {}
    for line in page.partition(HEADING)[2].splitlines()[3:]:
        fault, ways, *rest = line.strip("| ").split(" | ")
        rows |= {(fault, way): " | ".join(rest) for way in ways.split(", ")}
    return rows


def _alike(fault: Fault, outcomes: Outcomes) -> Iterable[tuple[Outcome, list[str]]]:
    rows: dict[Outcome, list[str]] = {}
    for way in WAYS:
        if (fault.words, way) in outcomes:
            rows.setdefault(outcomes[fault.words, way], []).append(way)
    return rows.items()


def _visitor_reads(end: End) -> str:
    note = slip_note(end.state, end.reason, is_slow=False)
    return f"the number, its QR code, and “{note.title}”"


def _staff_read(end: End) -> str:
    code = end.reason or end.state
    if end.reason == "agent-restart":
        return AGENT_RESTART
    if end.reason is None:
        return "nothing"
    return ADVICE[code].english


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def record(page: Path) -> None:
    """Run every fault and write the table below the page's last heading."""
    outcomes = asyncio.run(run_trials(FAULTS, tuple(WAYS)))
    head, rows, _ = page.read_text(encoding="utf-8").partition(HEADING)
    if not rows:
        raise ValueError(f"{page} has no heading {HEADING.strip()!r}")
    page.write_text(f"{head}{HEADING}\n{table(outcomes)}", encoding="utf-8")
    sys.stdout.write(f"{len(outcomes)} runs\n")


if __name__ == "__main__":
    record(PAGE)
