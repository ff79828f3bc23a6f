"""Issuing a number at the kiosk: one showing of a page issues at most one."""

from functools import partial

from pydantic import BaseModel
from sqlalchemy import Connection

from app.kiosk.choices import Choices
from app.ledger import Answer, RequestKey
from app.ledger.command import Run
from app.queueing.change import Actor, Change
from app.queueing.commands import issuing
from app.queueing.commands.issuing import TicketRequest
from app.queueing.site.kiosk_rate import RateUse

SCOPE = "POST /kiosk/tickets"


class IssuedTicket(BaseModel):
    """Which ticket was issued for a showing of the page."""

    ticket_id: int


def issue_command(
    choices: Choices, *, language: str, actor: Actor, rate_use: RateUse
) -> Run:
    """Return the command that issues one number for all that a visitor chose."""
    ticket_request = TicketRequest(
        choices.services, choices.people, choices.priority, language, choices.assistance
    )
    return partial(
        _issue, ticket_request=ticket_request, actor=actor, rate_use=rate_use
    )


def request_key(actor: Actor, nonce: str) -> RequestKey:
    """Return the key of one showing of a page at this kiosk.

    Its body is the showing itself: a second touch, on whichever tile, is
    answered with the number that the first one got.
    """
    return RequestKey(f"{actor.credential} {SCOPE}", nonce, nonce)


def issued_ticket_id(answer: Answer) -> int:
    """Return the ticket of an answer, also of a repeated one."""
    return IssuedTicket.model_validate_json(answer.text or "").ticket_id


def _issue(
    db: Connection,
    change: Change,
    *,
    ticket_request: TicketRequest,
    actor: Actor,
    rate_use: RateUse,
) -> IssuedTicket:
    return IssuedTicket(
        ticket_id=issuing.issue(
            db, change, ticket_request=ticket_request, actor=actor, rate_use=rate_use
        )
    )
