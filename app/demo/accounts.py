"""The demo's accounts and device tokens, made once and kept in ``demo.json``."""

import json
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Select, Table, insert, select

from app.auth.devices import add_token
from app.auth.passwords import hash_password
from app.auth.secrets import new_secret
from app.models import Role, StaffAgency
from app.models.states import DeviceKind
from app.queueing import rows
from app.queueing.change import Change
from app.queueing.counters import agencies_of
from app.queueing.rows import new_id, table_of

WORDS = ("melati", "durian", "angsoduo", "batanghari", "pinang", "kenanga")
_link = table_of(StaffAgency)


class Account(BaseModel):
    """A user name and its password, for people who try the demo."""

    username: str
    password: str


class AgencyAccount(Account):
    """A supervisor's account."""

    agency_ids: list[int]


class CounterAccount(Account):
    """An officer's account, for one counter."""

    counter_id: int


class DemoFile(BaseModel):
    """What ``demo.json`` holds (contract.md#the-demos-file)."""

    url: str
    admin: Account
    reception: Account
    supervisors: list[AgencyAccount]
    officers: list[CounterAccount]
    kiosk_token: str
    kiosk_tokens: dict[str, str]
    display_tokens: dict[str, str]

    def write(self, path: Path) -> None:
        """Write the file whole, readable by its owner alone."""
        draft = path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.chmod(0o600)
        draft.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")
        draft.replace(path)


def read_demo_file(path: Path) -> DemoFile | None:
    """Return the accounts of an earlier start; None when there are none."""
    try:
        return DemoFile.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return None


def make_accounts(db: Connection, change: Change, url: str) -> DemoFile:
    """Make every account of the demo; one password, for there is nothing to guard."""
    password = f"{secrets.choice(WORDS)}-{secrets.randbelow(9000) + 1000}"
    people = _People(db, hash_password(password))
    people.add("admin", "Admin demo", Role.ADMIN, ())
    people.add("resepsi", "Resepsi demo", Role.RECEPTION, ())
    supervisors = [
        AgencyAccount(
            username=people.add(
                f"kepala-{agency.code.lower()}",
                f"Penyelia {agency.short_name}",
                Role.SUPERVISOR,
                [agency.id],
            ),
            password=password,
            agency_ids=[agency.id],
        )
        for agency in db.execute(_in_use(rows.agency))
    ]
    officers = [
        CounterAccount(
            username=people.add(
                counter.name.lower().replace(" ", ""),
                f"Petugas {counter.name}",
                Role.OFFICER,
                agencies_of(db, counter.id),
            ),
            password=password,
            counter_id=counter.id,
        )
        for counter in db.execute(_in_use(rows.counter))
    ]
    kiosks = _tokens(db, change, DeviceKind.KIOSK)
    return DemoFile(
        url=url,
        admin=Account(username="admin", password=password),
        reception=Account(username="resepsi", password=password),
        supervisors=supervisors,
        officers=officers,
        kiosk_token=next(iter(kiosks.values())),
        kiosk_tokens=kiosks,
        display_tokens=_tokens(db, change, DeviceKind.DISPLAY),
    )


class _People:
    """Adds members of staff who share one password's hash."""

    def __init__(self, db: Connection, password_hash: str) -> None:
        self._db = db
        self._hash = password_hash

    def add(self, username: str, name: str, role: str, agencies: Iterable[int]) -> str:
        made = self._db.execute(
            insert(rows.staff).values(
                username=username,
                name=name,
                role=role,
                password_hash=self._hash,
                is_active=True,
            )
        )
        links: list[dict[str, Any]] = [
            {"staff_id": new_id(made), "agency_id": agency_id} for agency_id in agencies
        ]
        if links:
            self._db.execute(insert(_link), links)
        return username


def _in_use(table: Table) -> Select[Any]:
    """Select the rows of the mall as it is; what is retired needs no accounts."""
    return select(table).where(table.c.is_retired.is_(False)).order_by(table.c.id)


def _tokens(db: Connection, change: Change, kind: str) -> dict[str, str]:
    kinds = _in_use(rows.device).where(rows.device.c.kind == kind)
    ids = [row.id for row in db.execute(kinds)]
    made = {str(device_id): new_secret() for device_id in ids}
    for device_id, secret in made.items():
        add_token(db, change, device_id=int(device_id), secret=secret)
    return made
