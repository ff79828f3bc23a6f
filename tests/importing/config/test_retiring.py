"""What was used is retired from a day on, and leaves no gap and no trace on screens."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, update

from app.importing import import_mall, read_mall
from app.models import Counter, Entry, StaffAgency
from app.queueing.change import Change
from app.queueing.service_day import begin_day
from app.queueing.site.rulebook import read_rulebook
from app.queueing.views.agencies import agency_views
from tests.importing.conftest import NOW, SMALL, Importer, edited
from tests.importing.stored import (
    WITHOUT_COUNTER_2,
    WITHOUT_IMI,
    WITHOUT_KK,
    add,
    add_ticket,
    dump,
    refusals,
    rows,
)

TODAY = date(2026, 11, 25)
"""The service day after the first import."""
TOMORROW = TODAY + timedelta(days=1)
KK = "name_en: Family card, typical_minutes: 15"
L02 = "zone: B, services: [IMI/BARU, DKC/KK]"
IMI = "symbol: passport\n"


def kk_retired(day: date) -> str:
    return edited((KK, f"{KK}, retired: {day}"))


def imi_retired(day: date) -> str:
    return edited((IMI, f"{IMI}    retired: {day}\n"))


def counter_retired(day: date) -> str:
    return edited(
        (L02, f"{L02}, retired: {day}"), ("services: [DKC]", "services: [DKC, IMI]")
    )


@contextmanager
def day_begun(engine: Engine, day: date) -> Iterator[Connection]:
    """Let a service day begin as the ledger does."""
    with engine.begin() as db:
        change = Change(
            datetime.combine(day, datetime.min.time(), UTC), TODAY, read_rulebook(db)
        )
        begin_day(db, change, day=day)
        yield db


def offered(engine: Engine) -> dict[str, list[str]]:
    with engine.begin() as db:
        return {
            agency.code: [service.code for service in agency.services]
            for agency in agency_views(db, NOW)
        }


def row(engine: Engine, table: str, row_id: int) -> Any:
    [found] = rows(engine, table, id=row_id)
    return found


@pytest.mark.parametrize(
    ("retired", "table", "row_id", "left"),
    [
        (kk_retired, "service", 2, {"DKC": ["KTP"], "IMI": ["BARU"]}),
        (imi_retired, "agency", 2, {"DKC": ["KTP", "KK"]}),
        (counter_retired, "counter", 2, {"DKC": ["KTP", "KK"], "IMI": ["BARU"]}),
    ],
)
def test_it_stays_until_its_day_begins_and_is_gone_then(
    engine: Engine,
    run_import: Importer,
    retired: Any,
    table: str,
    row_id: int,
    left: dict[str, list[str]],
) -> None:
    run_import(SMALL)
    add_ticket(engine, "KK", "L02")

    run_import(retired(TOMORROW))

    everything = {"DKC": ["KTP", "KK"], "IMI": ["BARU"]}
    assert offered(engine) == everything
    assert not row(engine, table, row_id).is_retired
    with day_begun(engine, TOMORROW):
        pass
    assert offered(engine) == left
    assert row(engine, table, row_id).is_retired
    # history names it still
    assert len(rows(engine, "ticket_event")) > 0
    assert rows(engine, "entry")[0].service_id == 2


@pytest.mark.parametrize(
    ("retired", "without"),
    [
        (kk_retired, WITHOUT_KK),
        (imi_retired, WITHOUT_IMI),
        (counter_retired, WITHOUT_COUNTER_2),
    ],
)
def test_then_the_file_may_keep_it_or_leave_it_out(
    engine: Engine, run_import: Importer, retired: Any, without: str
) -> None:
    run_import(SMALL)
    add_ticket(engine, "KK", "L02")
    run_import(retired(TOMORROW))
    with day_begun(engine, TOMORROW):
        pass
    before = dump(engine)

    assert run_import(retired(TOMORROW)).rows_created == 0
    assert run_import(without).rows_created == 0

    after = dump(engine)
    for table in ("agency", "service", "counter", "entry", "ticket_event"):
        assert len(after[table]) == len(before[table]), table


def test_its_code_its_prefix_and_its_names_are_anothers_to_have(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    add_ticket(engine, "BARU", "L02")
    run_import(imi_retired(TOMORROW))
    with day_begun(engine, TOMORROW):
        pass

    run_import(SMALL)

    old, new = (r for r in rows(engine, "agency") if r.name == "Imigrasi")
    assert (old.is_retired, new.is_retired, new.code) == (True, False, "IMI")
    assert rows(engine, "entry")[0].agency_id == old.id
    assert [r.prefix for r in rows(engine, "series")].count("N") == 1
    assert offered(engine)["IMI"] == ["BARU"]


def test_its_staff_and_its_counters_go_on_without_it(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    staff_id = add(
        engine, "staff", username="sari", name="Sari", role="officer",
        password_hash="-", is_active=True,  # noqa: S106
    )  # fmt: skip
    with engine.begin() as db:
        for agency_id in (1, 2):
            link = {"staff_id": staff_id, "agency_id": agency_id}
            db.execute(insert(StaffAgency).values(link))

    run_import(imi_retired(TOMORROW))
    with day_begun(engine, TOMORROW):
        pass

    assert [r.agency_id for r in rows(engine, "staff_agency")] == [1]
    assert [r.service_id for r in rows(engine, "counter_service", counter_id=2)] == [2]


def test_an_agency_goes_with_the_last_of_its_services(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    text = edited(("prefix: N,", f"prefix: N, retired: {TOMORROW},"))
    run_import(text)

    with day_begun(engine, TOMORROW):
        pass

    assert row(engine, "agency", 2).is_retired
    assert run_import(text).rows_created == 0


def test_until_its_day_it_may_be_taken_back(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    run_import(kk_retired(TOMORROW))
    run_import(SMALL)

    with day_begun(engine, TOMORROW):
        pass

    assert offered(engine)["DKC"] == ["KTP", "KK"]


@pytest.mark.parametrize(
    ("retired", "path"),
    [
        (kk_retired, "agencies.DKC.services.KK"),
        (counter_retired, "counters.L02"),
    ],
)
@pytest.mark.parametrize("state", ["called", "waiting", "served"])
def test_what_was_used_today_is_retired_tomorrow_at_the_earliest(
    engine: Engine, run_import: Importer, retired: Any, path: str, state: str
) -> None:
    run_import(SMALL)
    add_ticket(engine, "KK", "L02")
    with engine.begin() as db:  # also of who has left: an undo would bring them back
        db.execute(update(Entry).values(state=state))
    before = dump(engine)

    assert refusals(run_import, retired(TODAY)) == [
        f"{path}: was used today: the first day from which it can be retired is"
        f" {TOMORROW}"
    ]
    assert dump(engine) == before


def test_an_open_counter_is_not_retired_under_its_officer(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    with engine.begin() as db:
        db.execute(update(Counter).values(state="open"))

    assert refusals(run_import, counter_retired(TODAY)) == [
        f"counters.L02: is open: close it first, or retire it from {TOMORROW} on"
    ]


@pytest.mark.parametrize("retired", [kk_retired, imi_retired, counter_retired])
def test_what_nobody_used_today_goes_at_once(
    engine: Engine, run_import: Importer, retired: Any
) -> None:
    run_import(SMALL)

    run_import(retired(TODAY - timedelta(days=3)))

    gone = [
        r
        for table in ("agency", "service", "counter")
        for r in rows(engine, table)
        if r.is_retired
    ]
    assert len(gone) == (2 if retired is imi_retired else 1)
    assert run_import(retired(TODAY - timedelta(days=3))).rows_changed == 0


def test_a_zone_is_hidden_with_its_sound_space_where_a_retired_counter_stood(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    run_import(counter_retired(TODAY))
    text = WITHOUT_COUNTER_2.replace("zones: [A, B]", "zones: [A]")
    text = text.replace("  - {code: B, name: Zona B, sound_space: L2}\n", "")
    text = text.replace("  - {code: L2, name: Lantai 2}\n", "")

    run_import(text)

    assert [r.is_retired for r in rows(engine, "zone")] == [False, True]
    assert [r.is_retired for r in rows(engine, "sound_space")] == [False, True]
    assert [r.code for r in rows(engine, "zone")] == ["A", "B#2"]
    # its code is another's to have, and the retired counter keeps its own
    run_import(SMALL)
    assert [r.code for r in rows(engine, "zone")] == ["A", "B#2", "B"]
    assert row(engine, "counter", 2).zone_id == 2
    assert run_import(SMALL).rows_created == 0


def test_a_new_site_is_made_without_what_is_over(
    engine: Engine, run_import: Importer
) -> None:
    run_import(imi_retired(date(2026, 1, 1)))

    assert offered(engine) == {"DKC": ["KTP", "KK"]}
    with engine.begin() as db:
        import_mall(db, read_mall(imi_retired(date(2026, 1, 1))), now=NOW)
    assert len(rows(engine, "agency")) == 1
