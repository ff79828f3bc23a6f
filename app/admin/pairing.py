"""Pairing a screen from the administration: done, or why not."""

from functools import partial

from app.admin.forms import PairRequest
from app.auth.pairing import approve_pairing
from app.errors import Invalid, NotFound
from app.ledger import Ledger
from app.queueing.change import Actor


async def pair(ledger: Ledger, asked: PairRequest, who: Actor) -> str | None:
    """Say which device a screen is; return the problem (``words.REFUSALS``) or None."""
    if asked.problem:
        return asked.problem
    approve = partial(
        approve_pairing, code=asked.code, device_id=asked.device_id, who=who
    )
    try:
        await ledger.do(approve)
    except NotFound:
        return "no-code"
    except Invalid:
        return "other-kind"
    return None
