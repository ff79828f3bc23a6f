"""``antrean user``: accounts of staff, beside a server that may be running.

``antrean user NAME --role ROLE`` adds, as ``antrean user add NAME --role ROLE`` does.
"""

import argparse
import getpass
import os
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import Connection, select

from app.auth.accounts.accounts import (
    ROLES_OF_AN_AGENCY,
    AccountChange,
    AccountView,
    NewAccount,
    account_views,
    add_account,
    change_account,
    reset_password,
    sign_out_everywhere,
    staff_id_of,
)
from app.auth.accounts.password_rule import require_strong
from app.auth.audit import Author
from app.auth.passwords import hash_password
from app.auth.secrets import new_one_time_password
from app.auth.usernames import fold_username
from app.clock import SystemClock
from app.commands.shared.options import add_data, settings_of
from app.commands.shared.site_folder import require_file, site_transaction
from app.commands.shared.terminal import CommandRefused, write_line
from app.errors import NotFound
from app.models import Role
from app.queueing import rows
from app.queueing.change import SYSTEM, Change

MAX_NAME_CHARACTERS = 100
HELP = (
    "add NAME, reset NAME, suspend NAME, resume NAME, move NAME, sign-out NAME, or list"
)
Rule = Callable[..., AccountView]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("words", nargs="+", metavar="ACTION NAME", help=HELP)
    parser.add_argument("--name", help="as colleagues read it")
    parser.add_argument("--role", choices=[str(role) for role in Role])
    parser.add_argument("--agency", action="append", default=[], metavar="CODE")
    add_data(parser)


def run(args: argparse.Namespace) -> int:
    """Do one thing to an account; raises ``CommandRefused``, ``NoSite``."""
    action, args.username = _action_and_name(args)
    ACTIONS[action](args)
    return 0


def _action_and_name(args: argparse.Namespace) -> tuple[str, str]:
    words: Sequence[str] = args.words
    if words == ["list"] and args.role is None:
        return "list", ""
    # without an action it adds, as it did before there were others; but whoever leaves
    # out the name behind an action wants no account that is called as the action is
    is_name_missing = len(words) == 1 and words[0] in ACTIONS
    action, username = words if len(words) == 2 else ("add", words[0])
    if len(words) > 2 or action not in ACTIONS or action == "list" or is_name_missing:
        raise CommandRefused(f"An action and one user name are expected: {HELP}.")
    return action, username


def _add(args: argparse.Namespace) -> None:
    """Add; the password is asked for once the rest is in order."""
    settings = settings_of(args)
    _require_complete(args)
    require_file(settings)
    password = _ask_password()
    require_strong(password, username=fold_username(args.username))
    password_hash = hash_password(password)
    with site_transaction(settings, SystemClock()) as (db, change):
        account = NewAccount(
            username=args.username,
            name=(args.username if args.name is None else args.name).strip(),
            role=args.role,
            agency_ids=_agency_ids(db, args.agency),
            password_hash=password_hash,
        )
        view = add_account(db, change, account=account, author=_author())
    write_line(f"{view.username} may sign in.")


def _reset(args: argparse.Namespace) -> None:
    password = new_one_time_password()
    rule = partial(reset_password, password_hash=hash_password(password))
    view = _change(args, rule)
    write_line(f"{view.username} may sign in once, to choose a new password, with:")
    write_line(password)


def _suspend(args: argparse.Namespace) -> None:
    view = _change(args, partial(change_account, wanted=AccountChange(suspended=True)))
    write_line(f"{view.username} is suspended and signed out everywhere.")


def _resume(args: argparse.Namespace) -> None:
    view = _change(args, partial(change_account, wanted=AccountChange(suspended=False)))
    write_line(f"{view.username} may sign in again.")


def _move(args: argparse.Namespace) -> None:
    """Give an account other agencies, another role, or both."""
    if not args.agency and args.role is None:
        raise CommandRefused("Move whereto? Add --agency CODE, --role ROLE, or both.")

    def rule(
        db: Connection, change: Change, *, staff_id: int, author: Author
    ) -> AccountView:
        agency_ids = _agency_ids(db, args.agency) if args.agency else None
        wanted = AccountChange(role=args.role, agency_ids=agency_ids)
        return change_account(
            db, change, staff_id=staff_id, wanted=wanted, author=author
        )

    write_line(f"{_change(args, rule).username} is moved.")


def _sign_out(args: argparse.Namespace) -> None:
    write_line(f"{_change(args, sign_out_everywhere).username} is signed out.")


def _list(args: argparse.Namespace) -> None:
    with site_transaction(settings_of(args), SystemClock()) as (db, _change):
        agency = rows.agency.c
        codes = {row.id: row.code for row in db.execute(select(agency.id, agency.code))}
        views = account_views(db, SYSTEM)
    for view in views:
        agencies = ",".join(codes[agency_id] for agency_id in view.agency_ids)
        state = "suspended" if view.suspended else "active"
        write_line("\t".join((view.username, view.role, agencies, state, view.name)))


ACTIONS: dict[str, Callable[[argparse.Namespace], None]] = {
    "add": _add,
    "reset": _reset,
    "suspend": _suspend,
    "resume": _resume,
    "move": _move,
    "sign-out": _sign_out,
    "list": _list,
}


def _change(args: argparse.Namespace, rule: Rule) -> AccountView:
    with site_transaction(settings_of(args), SystemClock()) as (db, change):
        try:
            staff_id = staff_id_of(db, args.username)
        except NotFound as unknown:
            raise CommandRefused(f"There is no user {args.username}.") from unknown
        return rule(db, change, staff_id=staff_id, author=_author())


def _author() -> Author:
    """Return who sits at this terminal, as the machine knows them."""
    try:
        person = getpass.getuser()
    except (KeyError, OSError):  # a user id without a name
        person = str(os.getuid())
    return Author(SYSTEM, f"terminal of {person}@{socket.gethostname()}")


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
            raise CommandRefused("The two passwords differ.")
    if not password:
        raise CommandRefused("No password was given; nobody was added.")
    return password


def _require_complete(args: argparse.Namespace) -> None:
    if args.role is None:
        raise CommandRefused("Which role? Add --role ROLE.")
    name = args.username if args.name is None else args.name
    for what, text in (("user name", args.username), ("name", name)):
        trimmed = text.strip()
        if not 1 <= len(trimmed) <= MAX_NAME_CHARACTERS or not trimmed.isprintable():
            raise CommandRefused(
                f"A {what} has 1 to {MAX_NAME_CHARACTERS} printable characters."
            )
    if args.role in ROLES_OF_AN_AGENCY and not args.agency:
        raise CommandRefused(
            f"The role {args.role} needs an agency: add --agency CODE."
        )


def _agency_ids(db: Connection, codes: Sequence[str]) -> frozenset[int]:
    agency = rows.agency.c
    ids_by_code = {
        row.code.casefold(): row.id
        for row in db.execute(
            select(agency.code, agency.id).where(agency.is_retired.is_(False))
        )
    }
    unknown = [code for code in codes if code.casefold() not in ids_by_code]
    if unknown:
        raise CommandRefused(f"There is no agency {', '.join(unknown)}.")
    return frozenset(ids_by_code[code.casefold()] for code in codes)
