"""A file that would harm who is here today is refused whole, with its reason."""

import pytest
from sqlalchemy import Engine, update

from app.importing import find_problems, read_mall
from app.models import Entry
from tests.importing.conftest import NOW, SMALL, Importer, edited
from tests.importing.stored import add_ticket, dump, refusals

WITHOUT_KK_AT_2 = edited(("[IMI/BARU, DKC/KK]", "[IMI/BARU]"))
AT_2 = (
    "counters.L02.services: somebody is served there, or waits for this counter alone,"
    " with DKC/KK: take it away when they are done"
)


@pytest.mark.parametrize("state", ["called", "serving"])
def test_a_counter_keeps_the_service_of_who_is_there(
    engine: Engine, run_import: Importer, state: str
) -> None:
    run_import(SMALL)
    add_ticket(engine, "KK", "L02")
    with engine.begin() as db:
        db.execute(update(Entry).values(state=state))
    before = dump(engine)

    assert refusals(run_import, WITHOUT_KK_AT_2) == [AT_2]
    assert dump(engine) == before


def test_a_counter_keeps_the_service_of_who_waits_for_it_alone(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    add_ticket(engine, "KK", "L01")
    with engine.begin() as db:
        tied = {"counter_id": None, "state": "waiting", "tied_counter_id": 2}
        db.execute(update(Entry).values(tied))

    assert refusals(run_import, WITHOUT_KK_AT_2) == [AT_2]


def test_a_counter_may_lose_a_service_that_others_call(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    add_ticket(engine, "KK", "L01")
    with engine.begin() as db:
        db.execute(update(Entry).values(counter_id=None, state="waiting"))

    assert run_import(WITHOUT_KK_AT_2).rows_removed == 1


PRACTICE = edited(
    ("sound_space: L2}", "sound_space: L2, practice: true}"),
    ("IMI/BARU, DKC/KK]", "IMI/BARU]"),
    ("zones: [A, B]", "zones: [A]"),
)


def test_numbers_of_today_do_not_turn_into_practice(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    add_ticket(engine, "BARU", "L01")

    assert refusals(run_import, PRACTICE) == [
        "agencies.IMI.services.BARU: has numbers of today, and would change between"
        " practice and earnest: do it before the first number of a day"
    ]


def test_before_the_first_number_a_zone_may_turn_into_practice(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)

    assert run_import(PRACTICE).rows_changed > 0


def test_the_time_zone_changes_only_without_a_server(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    mall = read_mall(edited(("Asia/Jakarta", "Asia/Jayapura")))

    with engine.begin() as db:
        alone = find_problems(db, mall, now=NOW)
        served = find_problems(db, mall, now=NOW, is_served=True)

    assert alone == []
    assert [problem.where for problem in served] == ["site.timezone"]
