"""Accounts of staff: an admin's, and a supervisor's for officers of the own agencies.

A password is in no answer that is stored for a repeat: a reset takes no key, and the
key of a new account stands for its body without the password.
"""

import hashlib
from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from app.api.commands import BySupervisor
from app.api.document.refusals import refuses
from app.api.http.inputs import (
    Body,
    ChosenPassword,
    EnumText,
    Id,
    PathId,
    PlainText,
    UserName,
)
from app.api.routing.direct_route import api_router
from app.auth.access import Supervisor
from app.auth.accounts.accounts import (
    AccountChange,
    AccountView,
    LastAdmin,
    NewAccount,
    UsernameTaken,
    account_views,
    add_account,
    change_account,
    reset_password,
    sign_out_everywhere,
)
from app.auth.accounts.password_rule import WeakPassword, require_strong
from app.auth.audit import Author
from app.auth.secrets import new_one_time_password
from app.auth.usernames import fold_username
from app.context import context_of
from app.models import Role
from app.queueing.change import Actor
from app.web.staff_sign_in import address_of

router = api_router("accounts", prefix="/users")

Name = Annotated[PlainText, Field(min_length=1, max_length=100)]
AgencyIds = Annotated[list[Id], Field(max_length=1000)]


class AccountBody(Body):
    """A new account; ``name`` is as colleagues read it, else the user name."""

    username: UserName
    name: Name | None = None
    password: ChosenPassword
    role: EnumText[Role]
    agency_ids: AgencyIds = []


class AccountChangeBody(Body):
    """What shall be otherwise of an account."""

    role: EnumText[Role] | None = None
    agency_ids: AgencyIds | None = None
    suspended: bool | None = None

    def change(self) -> AccountChange:
        """Return it as the rules take it."""
        agencies = None if self.agency_ids is None else frozenset(self.agency_ids)
        return AccountChange(self.role, agencies, self.suspended)


class ResetAccountView(AccountView):
    """An account, and its one-time password: told once, here."""

    password: str


@router.get("", response_model=list[AccountView])
async def users(request: Request, actor: Supervisor) -> list[AccountView]:
    """List the accounts that the caller may change."""
    return await context_of(request).readers.read(partial(account_views, actor=actor))


@router.post("", response_model=AccountView, status_code=201)
@refuses(UsernameTaken, WeakPassword)
async def add(request: Request, sender: BySupervisor, body: AccountBody) -> Response:
    """Make an account."""
    require_strong(body.password, username=fold_username(body.username))
    account = NewAccount(
        username=body.username,
        name=body.name or body.username.strip(),
        role=body.role,
        agency_ids=frozenset(body.agency_ids),
        password_hash=await context_of(request).passwords.hash(body.password),
    )
    author = _author(request, sender.actor)
    run = partial(add_account, account=account, author=author)
    return await _without_password(sender, body).run(run, status=201)


@router.patch("/{user_id}", response_model=AccountView)
@refuses(LastAdmin)
async def change(
    request: Request, sender: BySupervisor, user_id: PathId, body: AccountChangeBody
) -> Response:
    """Move an officer, give another role, suspend or resume; effective at once."""
    return await sender.run(
        partial(
            change_account,
            staff_id=user_id,
            wanted=body.change(),
            author=_author(request, sender.actor),
        )
    )


@router.post("/{user_id}/reset-password", response_model=ResetAccountView)
async def reset(
    request: Request, actor: Supervisor, user_id: PathId
) -> ResetAccountView:
    """Make a one-time password; every sign-in of the account ends."""
    context, password = context_of(request), new_one_time_password()
    answer = await context.ledger.do(
        partial(
            reset_password,
            staff_id=user_id,
            password_hash=await context.passwords.hash(password),
            author=_author(request, actor),
        )
    )
    return ResetAccountView(**answer.value.model_dump(), password=password)


@router.post("/{user_id}/sign-out", response_model=AccountView)
async def sign_out(request: Request, sender: BySupervisor, user_id: PathId) -> Response:
    """End every sign-in of an account."""
    author = _author(request, sender.actor)
    return await sender.run(
        partial(sign_out_everywhere, staff_id=user_id, author=author)
    )


def _author(request: Request, actor: Actor) -> Author:
    return Author(actor, address_of(request))


def _without_password(sender: BySupervisor, body: AccountBody) -> BySupervisor:
    if sender.key is None:
        return sender
    # a fast hash of a password would lie on the disk, to be guessed at leisure
    text = body.model_dump_json(exclude={"password"})
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return replace(sender, key=replace(sender.key, body_sha256=sha256))
