"""The kiosk's search: what was typed, key by key, and the services it matches."""

from collections.abc import Sequence
from datetime import datetime
from string import ascii_uppercase, digits
from typing import Final

from sqlalchemy import Connection

from app.kiosk.service import ServiceWithAgency, services_by_id
from app.search.search import SearchResult

KEYS: Final = ascii_uppercase + digits
BACK: Final = "back"
CLEAR: Final = "clear"
SPACE: Final = "space"
MAX_LETTERS: Final = 40
"""Letters that the keyboard gives; an address may hold as many as a search takes."""
MAX_SHEETS: Final = 2
"""What lies further down is no longer what was meant: better another word."""
KEY_PATTERN: Final = f"^([{KEYS}]|{BACK}|{CLEAR}|{SPACE})?$"


def text_after_key(typed: str, key: str) -> str:
    """Return what stands there after a key of the screen's keyboard."""
    if key == BACK:
        return typed[:-1]
    if key == CLEAR:
        return ""
    if len(typed) >= MAX_LETTERS:
        return typed
    return typed + (" " if key == SPACE else key)


def services_of_hits(
    db: Connection, hits: Sequence[SearchResult], *, now: datetime
) -> list[ServiceWithAgency]:
    """Return the services of the hits as lists show them, in their order."""
    services = services_by_id(db, now=now)
    return [services[hit.service_id] for hit in hits if hit.service_id in services]
