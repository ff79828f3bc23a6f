"""Which command leads from which state to which: the table of design §2 as data."""

from app.models import EntryState as S

COMMANDS: dict[str, tuple[frozenset[S], S]] = {
    "call_next": (frozenset({S.WAITING}), S.CALLED),
    "recall": (frozenset({S.CALLED}), S.CALLED),
    "start": (frozenset({S.CALLED}), S.SERVING),
    "serve": (frozenset({S.SERVING, S.CALLED}), S.SERVED),
    "no_show": (frozenset({S.CALLED}), S.NO_SHOW),
    "return": (frozenset({S.CALLED}), S.WAITING),
    "cancel": (
        frozenset({S.RESERVED, S.WAITING, S.CALLED, S.PARKED, S.NO_SHOW}),
        S.CANCELLED,
    ),
    "expire": (
        frozenset({S.RESERVED, S.WAITING, S.CALLED, S.SERVING, S.PARKED}),
        S.EXPIRED,
    ),
}

EVENT_NAMES: dict[str, str] = {
    "issue": "issued",
    "walk_up": "walked_up",
    "call_next": "called",
    "recall": "recalled",
    "start": "started",
    "serve": "served",
    "no_show": "no_show",
    "return": "returned",
    "cancel": "cancelled",
    "expire": "expired",
}


def is_allowed(command: str, state: str) -> bool:
    """Tell whether a command may be given for an entry in this state."""
    return state in COMMANDS[command][0]
