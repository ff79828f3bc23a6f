"""``antrean user``: add a member of staff."""

import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from app.auth.passwords import hash_password
from app.changing_site import changing_site, require_file
from app.clock import Clock
from app.errors import AntreanError
from app.models import Role, StaffAgency
from app.queueing import rows
from app.queueing.rows import new_id, table_of
from app.settings import Settings

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
LONGEST_NAME = 100
OF_AN_AGENCY = (Role.OFFICER, Role.SUPERVISOR)


class MemberRefused(AntreanError):
    """This member of staff cannot be added."""


class Member(NamedTuple):
    """Who is to be added; ``agencies`` are codes, in any case of letters."""

    username: str
    name: str
    role: str
    agencies: Sequence[str]


def run_add_user(
    settings: Settings, clock: Clock, member: Member, ask_password: Callable[[], str]
) -> int:
    """Add a member of staff; the password is asked for once the rest is in order.

    Raises ``MemberRefused`` with a sentence, and ``NoSite``.
    """
    _check(member)
    require_file(settings)
    password_hash = hash_password(_checked(ask_password()))
    with changing_site(settings, clock) as (db, _change):
        _add(db, member, _agency_ids(db, member.agencies), password_hash)
    sys.stdout.write(f"{member.username} may sign in.\n")
    return 0


def _check(member: Member) -> None:
    for what, text in (("user name", member.username), ("name", member.name)):
        if not _is_plain(text, LONGEST_NAME) or text != text.strip():
            raise MemberRefused(
                f"A {what} has 1 to {LONGEST_NAME} printable characters,"
                " and no space at its ends."
            )
    if member.role in OF_AN_AGENCY and not member.agencies:
        raise MemberRefused(
            f"The role {member.role} needs an agency: add --agency CODE."
        )


def _checked(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD or not _is_plain(password, LONGEST_PASSWORD):
        raise MemberRefused(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD}"
            " printable characters."
        )
    return password


def _is_plain(text: str, longest: int) -> bool:
    """Tell whether signing in takes this text (``app.api.session``)."""
    return 1 <= len(text) <= longest and text.isprintable()


def _agency_ids(db: Connection, codes: Sequence[str]) -> list[int]:
    agency = rows.agency.c
    known = {
        row.code.casefold(): row.id
        for row in db.execute(select(agency.code, agency.id))
    }
    unknown = [code for code in codes if code.casefold() not in known]
    if unknown:
        raise MemberRefused(f"There is no agency {', '.join(unknown)}.")
    return sorted({known[code.casefold()] for code in codes})


def _add(
    db: Connection, member: Member, agency_ids: list[int], password_hash: str
) -> None:
    taken = select(rows.staff.c.id).where(rows.staff.c.username == member.username)
    if db.execute(taken).first():
        raise MemberRefused(f"{member.username} exists already.")
    made = db.execute(
        insert(rows.staff).values(
            username=member.username,
            name=member.name,
            role=member.role,
            password_hash=password_hash,
            is_active=True,
        )
    )
    for agency_id in agency_ids:
        link = {"staff_id": new_id(made), "agency_id": agency_id}
        db.execute(insert(table_of(StaffAgency)).values(link))
