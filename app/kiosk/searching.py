"""The kiosk's search: what was typed, key by key, and what it found."""

from collections.abc import Sequence
from datetime import datetime
from string import ascii_uppercase, digits
from typing import Final

from sqlalchemy import Connection

from app.kiosk.service import ServiceOf, services_by_id
from app.searching.search import Found

KEYS: Final = ascii_uppercase + digits
BACK: Final = "back"
CLEAR: Final = "clear"
SPACE: Final = "space"
MOST_TYPED: Final = 40
"""Letters that the keyboard gives; an address may hold as many as a search takes."""
LIKELY_SHEETS: Final = 2
"""What lies further down is no longer what was meant: better another word."""
KEY_PATTERN: Final = f"^([{KEYS}]|{BACK}|{CLEAR}|{SPACE})?$"


def pressed(typed: str, key: str) -> str:
    """Return what stands there after a key of the screen's keyboard."""
    if key == BACK:
        return typed[:-1]
    if key == CLEAR:
        return ""
    if len(typed) >= MOST_TYPED:
        return typed
    return typed + (" " if key == SPACE else key)


def services_found(
    db: Connection, found: Sequence[Found], *, now: datetime
) -> list[ServiceOf]:
    """Return what was found as the lists show it, in the order of the search."""
    known = services_by_id(db, now=now)
    return [known[each.service_id] for each in found if each.service_id in known]
