"""What some operations took, and how it is printed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from tests.bench.target import Target

PROCESS = "process"
Cpu = Mapping[str, float]


@dataclass(slots=True)
class Sample:
    """Operations: seconds of each, seconds in all, CPU seconds by thread.

    ``refused`` counts answers that were no success; they are not in ``took``.
    """

    took: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    refused: int = 0

    def __iadd__(self, other: "Sample") -> Self:
        """Add what was measured in another slice of the same run."""
        self.took += other.took
        self.seconds += other.seconds
        self.spend(other.cpu)
        self.refused += other.refused
        return self

    def spend(self, cpu: Cpu) -> None:
        """Add CPU seconds, by thread."""
        for thread, seconds in cpu.items():
            self.cpu[thread] = self.cpu.get(thread, 0.0) + seconds

    @property
    def rate(self) -> float:
        """Return operations per second."""
        return len(self.took) / self.seconds if self.seconds else 0.0

    def quantile(self, share: float) -> float:
        """Return the milliseconds within which a share of them was done."""
        if not self.took:
            return float("nan")
        ranked = sorted(self.took)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))] * 1000

    def cpu_each(self, thread: str = PROCESS) -> float:
        """Return CPU microseconds for one operation, of the process or a thread."""
        done = len(self.took) + self.refused
        if not done or thread not in self.cpu:
            return float("nan")
        return self.cpu[thread] / done * 1e6


class Table(NamedTuple):
    """One part's figures, printed as Markdown, and those of them with a target."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    targets: Sequence[Target] = ()

    def text(self) -> str:
        """Return the table with its columns aligned."""
        lines = [self.head, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
        body = [_line(cells, widths) for cells in (self.head, rule, *self.rows)]
        notes = [line for note in self.notes for line in ("", note)]
        return "\n".join([f"### {self.title}", "", *body, *notes, ""])


def minus(after: Cpu, before: Cpu) -> dict[str, float]:
    """Return what was spent between two readings of a process's CPU seconds."""
    return {name: after[name] - before.get(name, 0.0) for name in after}


def figure(value: float) -> str:
    """Write a measured value with three digits that mean something."""
    if value != value:
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def share(part: float, whole: float) -> str:
    """Write a ratio, or a dash when there is nothing to compare with."""
    found = ratio(part, whole)
    return "-" if found != found else f"{found:.2f}"


def ratio(part: float, whole: float) -> float:
    """Return a ratio, or not a number when there is nothing to compare with."""
    return part / whole if part and whole else float("nan")


def _line(cells: Iterable[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]
    return f"| {' | '.join(padded)} |"
