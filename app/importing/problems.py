"""What is wrong with an import file: every problem at once, each with its line."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from app.errors import AntreanError


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One wrong line; ``line`` is 0 when the cause is in the database instead."""

    line: int
    where: str
    cause: str

    def __str__(self) -> str:
        """Return ``line 12, zones.A.name: is missing``."""
        line = f"line {self.line}" if self.line else ""
        return f"{', '.join(filter(None, (line, self.where)))}: {self.cause}"


class ImportFailed(AntreanError):
    """The import file has wrong lines; nothing of it was imported."""

    status_code = 422
    code = "import-failed"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__(
            "\n".join(str(problem) for problem in self.problems),
            problems=[asdict(problem) for problem in self.problems],
        )
