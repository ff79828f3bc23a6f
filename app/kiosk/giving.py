"""Giving a number at the kiosk: one showing of a page gives at most one."""

from functools import partial

from pydantic import BaseModel
from sqlalchemy import Connection

from app.kiosk.chosen import Chosen
from app.ledger import Answer, RequestKey
from app.ledger.command import Run
from app.queueing import issuing
from app.queueing.change import Actor, Change
from app.queueing.issuing import Wish

SCOPE = "POST /kiosk/tickets"


class Given(BaseModel):
    """Which ticket a showing of the page came to."""

    ticket_id: int


def give(chosen: Chosen, *, language: str, who: Actor) -> Run:
    """Return the command that issues one number for all that a visitor chose."""
    wish = Wish(
        chosen.services, chosen.people, chosen.priority, language, chosen.assistance
    )
    return partial(_issue, wish=wish, who=who)


def key_of_showing(who: Actor, nonce: str) -> RequestKey:
    """Return the key of one showing of a page at this kiosk.

    Its body is the showing itself: a second touch, on whichever tile, is
    answered with the number that the first one got.
    """
    return RequestKey(f"{who.credential} {SCOPE}", nonce, nonce)


def ticket_of(answer: Answer) -> int:
    """Return the ticket of an answer, also of a repeated one."""
    return Given.model_validate_json(answer.text or "").ticket_id


def _issue(db: Connection, change: Change, *, wish: Wish, who: Actor) -> Given:
    return Given(ticket_id=issuing.issue(db, change, wish=wish, who=who))
