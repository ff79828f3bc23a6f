"""What an import has stored, and what stands beside it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from app.importing import ImportFailed
from app.models import metadata
from tests.importing.conftest import NOW, SMALL, Importer, edited, without

Dump = dict[str, list[tuple[Any, ...]]]
WITHOUT_COUNTER_2 = edited(
    ("  - {code: L02, name: Loket 2, zone: B, services: [IMI/BARU, DKC/KK]}\n", ""),
    ("services: [DKC]", "services: [DKC, IMI]"),
)
WITHOUT_IMI = edited(
    (SMALL[SMALL.index("  - code: IMI") : SMALL.index("counters:")], ""),
    ("IMI/BARU, ", ""),
)
WITHOUT_KK = without("- {code: KK").replace(", DKC/KK]", "]")


def dump(engine: Engine) -> Dump:
    with engine.begin() as db:
        return {
            each.name: sorted(tuple(row) for row in db.execute(select(each)))
            for each in metadata.sorted_tables
        }


def rows(engine: Engine, name: str, **where: Any) -> list[Any]:
    target = metadata.tables[name]
    statement = select(target).filter_by(**where).order_by(*target.primary_key)
    with engine.begin() as db:
        return list(db.execute(statement))


def add(engine: Engine, table_name: str, /, **values: Any) -> int:
    target = metadata.tables[table_name]
    with engine.begin() as db:
        new = insert(target).values(**values).returning(target.c.id)
        return int(db.execute(new).scalar_one())


def add_ticket(engine: Engine, service_code: str, counter_code: str = "L01") -> None:
    """Put a ticket that was called into the database, as the ledger would."""
    [service] = rows(engine, "service", code=service_code)
    [counter] = rows(engine, "counter", code=counter_code)
    ticket_id = add(
        engine, "ticket", service_day=date(2026, 11, 25), series_id=service.series_id,
        drawn=1, number="A-001", people=1, channel="kiosk", version=1, issued_at=NOW,
    )  # fmt: skip
    entry_id = add(
        engine, "entry", ticket_id=ticket_id, service_id=service.id, state="called",
        agency_id=service.agency_id, arrived_at=NOW, rank=1, counter_id=counter.id,
        call_count=1, parked_seconds=0,
    )  # fmt: skip
    add(
        engine, "ticket_event", ticket_id=ticket_id, entry_id=entry_id, name="called",
        from_state="waiting", to_state="called", at=NOW, actor="officer",
        counter_id=counter.id, data={},
    )  # fmt: skip


def refusals(run_import: Importer, text: str) -> list[str]:
    with pytest.raises(ImportFailed) as failed:
        run_import(text)
    assert all(problem.line == 0 for problem in failed.value.problems)
    return [str(problem) for problem in failed.value.problems]
