"""Pairing a screen from the administration: done, or why not."""

from functools import partial

from app.admin.forms import PairRequest
from app.auth.pairing import approve_pairing
from app.errors import Invalid, NotFound
from app.ledger import Ledger
from app.queueing.change import Actor


async def pair(ledger: Ledger, request: PairRequest, actor: Actor) -> str | None:
    """Set which device a screen is; return the problem (``words.REFUSALS``) or None."""
    if request.problem:
        return request.problem
    approve = partial(
        approve_pairing, code=request.code, device_id=request.device_id, actor=actor
    )
    try:
        await ledger.do(approve)
    except NotFound:
        return "no-code"
    except Invalid:
        return "other-kind"
    return None
