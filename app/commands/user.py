"""``antrean user``: add a member of staff."""

import argparse
import getpass
import sys
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from app.auth.passwords import hash_password
from app.clock import SystemClock
from app.commands.shared.options import add_data, settings_of
from app.commands.shared.site_folder import require_file, site_transaction
from app.commands.shared.terminal import write_line
from app.errors import AntreanError
from app.models import Role, StaffAgency
from app.queueing import rows
from app.queueing.rows import new_id, table_of

MIN_PASSWORD_CHARACTERS = 8
MAX_PASSWORD_CHARACTERS = 200
MAX_NAME_CHARACTERS = 100
ROLES_OF_AN_AGENCY = (Role.OFFICER, Role.SUPERVISOR)


class MemberRefused(AntreanError):
    """This member of staff cannot be added."""


class Member(NamedTuple):
    """Who is to be added; ``agencies`` are codes, in any case of letters."""

    username: str
    name: str
    role: str
    agencies: Sequence[str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("username")
    parser.add_argument("--name", help="as colleagues read it")
    parser.add_argument("--role", required=True, choices=[str(role) for role in Role])
    parser.add_argument("--agency", action="append", default=[], metavar="CODE")
    add_data(parser)


def run(args: argparse.Namespace) -> int:
    """Add a member of staff; the password is asked for once the rest is in order.

    At a terminal it is asked for twice. Raises ``MemberRefused`` with a sentence,
    and ``NoSite``.
    """
    settings = settings_of(args)
    name = args.username if args.name is None else args.name
    member = Member(args.username, name, args.role, args.agency)
    _require_valid(member)
    require_file(settings)
    password_hash = hash_password(_valid_password(_ask_password()))
    with site_transaction(settings, SystemClock()) as (db, _change):
        _add(db, member, _agency_ids(db, member.agencies), password_hash)
    write_line(f"{member.username} may sign in.")
    return 0


def _ask_password() -> str:
    """Return the password; without a terminal it is the first line of the input."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        try:
            password = getpass.getpass("Password: ")
            again = getpass.getpass("Again: ")
        except EOFError:
            password = again = ""
        if again != password:
            raise MemberRefused("The two passwords differ.")
    if not password:
        raise MemberRefused("No password was given; nobody was added.")
    return password


def _require_valid(member: Member) -> None:
    for what, text in (("user name", member.username), ("name", member.name)):
        if not _is_plain(text, MAX_NAME_CHARACTERS) or text != text.strip():
            raise MemberRefused(
                f"A {what} has 1 to {MAX_NAME_CHARACTERS} printable characters,"
                " and no space at its ends."
            )
    if member.role in ROLES_OF_AN_AGENCY and not member.agencies:
        raise MemberRefused(
            f"The role {member.role} needs an agency: add --agency CODE."
        )


def _valid_password(password: str) -> str:
    if len(password) < MIN_PASSWORD_CHARACTERS or not _is_plain(
        password, MAX_PASSWORD_CHARACTERS
    ):
        raise MemberRefused(
            f"A password has {MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS}"
            " printable characters."
        )
    return password


def _is_plain(text: str, max_characters: int) -> bool:
    """Tell whether signing in takes this text (``app.api.routes.session``)."""
    return 1 <= len(text) <= max_characters and text.isprintable()


def _agency_ids(db: Connection, codes: Sequence[str]) -> list[int]:
    agency = rows.agency.c
    ids_by_code = {
        row.code.casefold(): row.id
        for row in db.execute(select(agency.code, agency.id))
    }
    unknown = [code for code in codes if code.casefold() not in ids_by_code]
    if unknown:
        raise MemberRefused(f"There is no agency {', '.join(unknown)}.")
    return sorted({ids_by_code[code.casefold()] for code in codes})


def _add(
    db: Connection, member: Member, agency_ids: list[int], password_hash: str
) -> None:
    same_username = select(rows.staff.c.id).where(
        rows.staff.c.username == member.username
    )
    if db.execute(same_username).first():
        raise MemberRefused(f"{member.username} exists already.")
    result = db.execute(
        insert(rows.staff).values(
            username=member.username,
            name=member.name,
            role=member.role,
            password_hash=password_hash,
            is_active=True,
        )
    )
    for agency_id in agency_ids:
        link = {"staff_id": new_id(result), "agency_id": agency_id}
        db.execute(insert(table_of(StaffAgency)).values(link))
