"""What is wrong with an import file: every problem at once, each with its line."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from app.errors import AntreanError


def N_(text: str) -> str:  # noqa: N802 (the name gettext's tools look for)
    """Mark an English text for the catalogue, which lies floors above."""
    return text


REASONS: Mapping[str, str] = {
    "history": N_(
        "is not in the file any more, but it still has %(what)s: keep it there and add"
        " retired: %(day)s or a later day"
    ),
    "linked": N_(
        "is not in the file any more, but cannot be removed: it still has %(what)s"
    ),
    "open": N_("is not in the file any more, but cannot be removed: it is open"),
    "used-today": N_(
        "was used today: the first day from which it can be retired is %(day)s"
    ),
    "open-today": N_("is open: close it first, or retire it from %(day)s on"),
    "roll-begun": N_("its roll begins at %(first)s, but today %(last)s was given"),
    "at-counter": N_(
        "somebody is served there, or waits for this counter alone, with %(what)s:"
        " take it away when they are done"
    ),
    "practice": N_(
        "has numbers of today, and would change between practice and earnest:"
        " do it before the first number of a day"
    ),
    "timezone": N_("can be changed only while the server is stopped"),
}
"""By code, why what the database holds forbids an import; pages translate them."""
LINKS: Mapping[str, str] = {
    "entry": N_("tickets"),
    "ticket": N_("tickets"),
    "ticket_event": N_("tickets"),
    "announcement": N_("announcements"),
    "print_job": N_("slips that wait"),
    "staff": N_("staff"),
    "staff_agency": N_("staff"),
    "closure": N_("closures by hand"),
    "quota_use": N_("people counted against its quota"),
    "device_token": N_("a paired screen"),
}
"""By table, what a row may still have."""


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One wrong line; ``line`` is 0 when the cause is in the database instead.

    Then ``code`` is one of ``REASONS``, and ``values`` are what stands in its text.
    """

    line: int
    where: str
    cause: str
    code: str = ""
    values: Mapping[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def of_database(cls, where: str, code: str, **values: object) -> "Problem":
        """Return a problem whose cause is in the database."""
        texts = {name: str(value) for name, value in values.items()}
        return cls(0, where, REASONS[code] % texts, code, texts)

    def translated(self, translate: Callable[[str], str]) -> "Problem":
        """Return it in another language; of the file's own lines English is told."""
        if not self.code:
            return self
        texts = dict(self.values)
        if texts.get("what") in LINKS.values():
            texts["what"] = translate(texts["what"])
        return replace(self, cause=translate(REASONS[self.code]) % texts)

    def __str__(self) -> str:
        """Return ``line 12, zones.A.name: is missing``."""
        line = f"line {self.line}" if self.line else ""
        return f"{', '.join(filter(None, (line, self.where)))}: {self.cause}"


class MallWarning(NamedTuple):
    """What a mall may be, and yet harms: told before it is, and not refused."""

    path: str
    reason: str

    def __str__(self) -> str:
        """Return ``zones.A.name: too long for a display, which shortens it.``."""
        return f"{self.path}: {self.reason}"


class ImportFailed(AntreanError):
    """The import file has wrong lines; nothing of it was imported."""

    status_code = 422
    code = "import-failed"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__(
            "\n".join(str(problem) for problem in self.problems),
            refused=[
                {"path": each.where, "reason": each.cause, "line": each.line or None}
                for each in self.problems
            ],
        )

    def translated(self, translate: Callable[[str], str]) -> "ImportFailed":
        """Return the same refusal, what the database forbids in another language."""
        return ImportFailed(each.translated(translate) for each in self.problems)
