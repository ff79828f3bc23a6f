"""The manual's page of states, made from the table itself (``states.COMMANDS``).

A test fails where the page differs from what the program does; ``write_page``
writes it anew.
"""

from collections.abc import Iterable
from pathlib import Path

from app.models import EntryState
from app.queueing.states import COMMANDS, Rule, is_allowed

PAGE = Path(__file__).parents[1] / "docs" / "engineers" / "states.md"
_HEAD = """\
# States and commands

Made from the program's own table (`app.queueing.states_page`), not written by
hand; `python -c "from app.queueing.states_page import write_page; write_page()"`
writes it anew. An **entry** is one wait at one service, and what came of it. Where
a cell names a state, the command leads there; `=` leaves the state as it is; `…`
depends on what is undone; an empty cell is refused with 409 `wrong-state`, which
names the state and changes nothing.

`issue`, `add` and `walk_up` begin a new entry. `come_due` and `expire` are given by
time alone: a requeued entry's minutes are over; the service day ends.
"""
_MEANING = """\
| State | Means |
|---|---|
| `reserved` | booked, not yet arrived |
| `waiting` | in the line of its service |
| `called` | announced at a counter, on its way |
| `serving` | at the counter |
| `parked` | set aside by an officer, to be taken up again |
| `no_show` | called and did not come; may come back the same day |
| `served` · `transferred` · `cancelled` · `expired` | ended; only `undo` leads back |
"""


def states_page() -> str:
    """Return the page, as Markdown."""
    return "\n".join([_HEAD, _MEANING, _beginnings(), _pairs(), _events()])


def write_page(to: Path = PAGE) -> None:
    """Write the page into the manual."""
    to.write_text(states_page(), encoding="utf-8")


def _beginnings() -> str:
    lines = [
        f"| `{name}` | `{rule.to}` | `{rule.event}` |"
        for name, rule in COMMANDS.items()
        if not rule.from_states
    ]
    head = "## What begins an entry\n\n| Command | State | Event |\n|---|---|---|"
    return "\n".join([head, *lines, ""])


def _pairs() -> str:
    names = [name for name, rule in COMMANDS.items() if rule.from_states]
    lines = [_row(f"`{name}`", _cells(name)) for name in names]
    head = _row("Command", (f"`{state}`" for state in EntryState))
    rule = _row("---", ("---" for _ in EntryState))
    return "\n".join(["## Every command in every state\n", head, rule, *lines, ""])


def _cells(command: str) -> Iterable[str]:
    rule = COMMANDS[command]
    for state in EntryState:
        yield _leads_to(command, rule, state) if is_allowed(command, state) else ""


def _leads_to(command: str, rule: Rule, state: EntryState) -> str:
    if rule.to is None:
        return "…" if command == "undo" else "="
    return "=" if rule.to == state else f"`{rule.to}`"


def _events() -> str:
    lines = [f"| `{name}` | `{rule.event}` |" for name, rule in COMMANDS.items()]
    head = "## What is written\n\n| Command | Event |\n|---|---|"
    return "\n".join([head, *lines, ""])


def _row(first: str, rest: Iterable[str]) -> str:
    return f"| {first} | {' | '.join(rest)} |"
