"""In which states a button may be pressed: the rules' own table, for templates.

A script compares the state that the server sent with these words (``data-when``); it
knows no rule itself.
"""

from collections.abc import Collection

from app.models import EntryState
from app.queueing.states import COMMANDS


def states_of(command: str, among: Collection[EntryState] = tuple(EntryState)) -> str:
    """Return the states, of those a page tells apart, in which a command is allowed."""
    return state_words(COMMANDS[command].from_states.intersection(among))


def state_words(states: Collection[EntryState]) -> str:
    """Return states as a template writes them: ``called serving``."""
    return " ".join(state for state in EntryState if state in states)
