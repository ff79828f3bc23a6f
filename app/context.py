"""What a running server consists of, for routes to reach."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from starlette.requests import HTTPConnection

from app.auth.attempts import Attempts
from app.auth.credentials import Credentials
from app.auth.passwords import PasswordChecker
from app.clock import Now
from app.db.damage import DamageWitness
from app.db.engines import Readers
from app.ledger import Ledger
from app.printing.dispatcher import Dispatcher
from app.queueing.site.rates import Rates
from app.realtime import Hub
from app.search import Search
from app.settings import Settings
from app.voice.voice import Voice


@dataclass(slots=True)
class Context:
    """One server: its settings, clock, database, ledger, hub and the rest.

    ``clock`` is the ledger's time, by which commands are judged: the machine's
    may have been set back, and then a page would show what no command finds.
    """

    settings: Settings
    clock: Now
    readers: Readers
    ledger: Ledger
    hub: Hub
    credentials: Credentials
    printing: Dispatcher
    passwords: PasswordChecker
    attempts: Attempts
    rates: Rates
    search: Search
    voice: Voice
    damage: DamageWitness
    is_demo: bool = False
    site_changed: asyncio.Event = field(default_factory=asyncio.Event)
    at_end: list[Callable[[], None]] = field(default_factory=list)
    """What has to be put away before the process is gone, by a signal too."""


def context_of(connection: HTTPConnection) -> Context:
    """Return the running server that a request or socket has reached."""
    return cast(Context, connection.app.state.context)
