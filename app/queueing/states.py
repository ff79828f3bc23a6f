"""Which command leads from which state to which: the table of states.md as data.

The manual's page of states is generated from it (`states_page`), and every
pair of state and command is allowed or refused by it alone.
"""

from typing import NamedTuple

from app.models import EntryState as S

AT_A_COUNTER = frozenset({S.CALLED, S.SERVING})
BEFORE_SERVING = frozenset({S.RESERVED, S.WAITING, S.CALLED, S.PARKED, S.NO_SHOW})
SET_ASIDE = frozenset({S.PARKED, S.NO_SHOW})


class Rule(NamedTuple):
    """What a command does to an entry; ``to`` None: the state stays as it is.

    ``event`` is the past tense under which it is written.
    """

    event: str
    from_states: frozenset[S]
    to: S | None


COMMANDS: dict[str, Rule] = {
    "issue": Rule("issued", frozenset(), S.WAITING),
    "walk_up": Rule("walked_up", frozenset(), S.SERVING),
    "add": Rule("added", frozenset(), S.WAITING),
    "call_next": Rule("called", frozenset({S.WAITING}), S.CALLED),
    "call": Rule("called", frozenset({S.WAITING}) | SET_ASIDE, S.CALLED),
    "recall": Rule("recalled", frozenset({S.CALLED}), S.CALLED),
    "start": Rule("started", frozenset({S.CALLED}), S.SERVING),
    # from called too: it counts as served, but in no walking or serving time
    "serve": Rule("served", AT_A_COUNTER, S.SERVED),
    "no_show": Rule("no_show", frozenset({S.CALLED}), S.NO_SHOW),
    "return": Rule("returned", frozenset({S.CALLED}), S.WAITING),
    "park": Rule("parked", AT_A_COUNTER, S.PARKED),
    "resume": Rule("resumed", frozenset({S.PARKED}), S.CALLED),
    "take": Rule("taken", frozenset({S.WAITING}) | SET_ASIDE, S.SERVING),
    "take_over": Rule("taken_over", AT_A_COUNTER, None),
    "requeue": Rule("requeued", SET_ASIDE, S.WAITING),
    "come_due": Rule("requeued", frozenset({S.WAITING}), S.WAITING),
    "transfer": Rule(
        "transferred", frozenset({S.WAITING}) | AT_A_COUNTER | SET_ASIDE, S.TRANSFERRED
    ),
    "set_priority": Rule("priority_set", frozenset({S.WAITING}), S.WAITING),
    "cancel": Rule("cancelled", BEFORE_SERVING, S.CANCELLED),
    "release": Rule("released", frozenset({S.CALLED}), S.WAITING),
    # not from expired: what the end of the day did is taken back by nobody
    "undo": Rule(
        "undone",
        frozenset(
            {
                S.SERVING,
                S.SERVED,
                S.NO_SHOW,
                S.PARKED,
                S.CANCELLED,
                S.WAITING,
                S.CALLED,
                S.TRANSFERRED,
            }
        ),
        None,
    ),
    "expire": Rule(
        "expired",
        frozenset({S.RESERVED, S.WAITING, S.PARKED}) | AT_A_COUNTER,
        S.EXPIRED,
    ),
}

# no call: the hall has heard it, and a wrong one is returned
UNDOABLE = frozenset(
    {"started", "served", "no_show", "parked", "cancelled", "requeued", "transferred"}
)
CALLS = frozenset({"called", "resumed"})
"""Events whose id becomes the call's id."""
CALL_STAYS_SHOWN = (S.SERVING, S.SERVED, S.NO_SHOW)
"""Where a call may lead without having been a mistake: the hall goes on to show it."""
CALL_WITHDRAWN = frozenset({"returned", "released"})


def is_allowed(command: str, state: str) -> bool:
    """Tell whether a command may be given for an entry in this state."""
    return state in COMMANDS[command].from_states


def event_name(command: str) -> str:
    """Return the past tense under which a command is written."""
    return COMMANDS[command].event
