"""Choosing one's own password: one way for the API and for the page."""

from functools import partial

from starlette.requests import Request

from app.auth.access import secret_of
from app.auth.accounts.accounts import AccountView
from app.auth.accounts.own_password import choose_password, own_password
from app.auth.accounts.password_rule import WeakPassword, require_strong
from app.auth.audit import Author
from app.context import context_of
from app.queueing.change import Actor
from app.web.staff_sign_in import address_of, check_own_password


async def replace_password(
    request: Request, actor: Actor, old: str, new: str
) -> AccountView:
    """Replace one's password, and end one's sign-ins elsewhere.

    Raises ``BadCredentials``, ``TooManyAttempts``, ``Busy`` and ``WeakPassword``.
    """
    context = context_of(request)
    mine = await context.readers.read(
        partial(own_password, staff_id=actor.staff_id or 0)
    )
    require_strong(new, username=mine.username)
    await check_own_password(request, mine.username, old, mine.password_hash)
    if new == old:
        raise WeakPassword("same")
    run = partial(
        choose_password,
        old_hash=mine.password_hash,
        new_hash=await context.passwords.hash(new),
        secret=secret_of(request, actor),
        author=Author(actor, address_of(request)),
    )
    answer = await context.ledger.do(run)
    account: AccountView = answer.value
    return account
