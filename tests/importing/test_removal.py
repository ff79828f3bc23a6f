"""What a file no longer names goes, unless something still needs it."""

from hashlib import sha256

from sqlalchemy import Engine, insert, update

from app.models import Counter, Entry, StaffAgency
from tests.importing.conftest import NOW, SMALL, Importer, without
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


def test_removes_what_the_file_no_longer_names(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)

    summary = run_import(WITHOUT_COUNTER_2)

    assert [row.code for row in rows(engine, "counter")] == ["L01"]
    assert len(rows(engine, "counter_service")) == 3
    assert summary.rows_removed == 3


def test_removes_an_agency_with_all_that_is_its_own(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)

    run_import(WITHOUT_IMI)

    assert [row.code for row in rows(engine, "agency")] == ["DKC"]
    assert [row.code for row in rows(engine, "service")] == ["KTP", "KK"]
    assert [row.prefix for row in rows(engine, "series")] == ["A"]


def test_removes_a_printer_whose_kiosk_moved_to_another(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)

    run_import(without("- {code: P1").replace("printer: P1", "printer: P2"))

    [printer] = rows(engine, "printer")
    assert rows(engine, "device", kind="kiosk")[0].printer_id == printer.id


def test_removes_a_zone_whose_counters_moved(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    text = without("- {code: B,").replace("zone: B", "zone: A")

    run_import(text.replace("zones: [A, B]", "zones: [A]"))

    assert [row.code for row in rows(engine, "zone")] == ["A"]
    assert len(rows(engine, "display_zone")) == 1


def test_refuses_to_remove_what_has_tickets(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    add_ticket(engine, "KK", "L02")
    before = dump(engine)

    assert refusals(run_import, WITHOUT_KK) == [
        "agencies.DKC.services.KK: is not in the file any more, but it still has"
        " tickets: keep it there and add retired: 2026-11-26 or a later day"
    ]
    assert refusals(run_import, WITHOUT_COUNTER_2) == [
        "counters.L02: is not in the file any more, but it still has"
        " tickets: keep it there and add retired: 2026-11-26 or a later day"
    ]
    assert dump(engine) == before


def test_refuses_to_remove_a_counter_that_only_its_events_remember(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    add_ticket(engine, "KK", "L02")
    with engine.begin() as db:  # returned to the line: the entry has left the counter
        db.execute(update(Entry).values(counter_id=None, state="waiting"))

    assert "counters.L02" in refusals(run_import, WITHOUT_COUNTER_2)[0]


def test_refuses_to_remove_an_open_counter(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    with engine.begin() as db:
        db.execute(update(Counter).values(state="open"))

    assert refusals(run_import, WITHOUT_COUNTER_2)[0].endswith("it is open")


def test_refuses_to_remove_an_agency_with_staff(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    [agency] = rows(engine, "agency", code="IMI")
    staff_id = add(
        engine, "staff", username="sari", name="Sari", role="officer",
        password_hash="-", is_active=True,  # noqa: S106
    )  # fmt: skip
    with engine.begin() as db:
        link = {"staff_id": staff_id, "agency_id": agency.id}
        db.execute(insert(StaffAgency).values(link))

    assert refusals(run_import, WITHOUT_IMI) == [
        "agencies.IMI: is not in the file any more, but it still has"
        " staff: keep it there and add retired: 2026-11-26 or a later day"
    ]


def test_refuses_to_remove_a_paired_screen(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    [display] = rows(engine, "device", code="AULA")
    digest = sha256(b"a screen").hexdigest()
    add(
        engine, "device_token", device_id=display.id, secret_sha256=digest,
        created_at=NOW,
    )  # fmt: skip

    found = refusals(run_import, without("- {code: AULA"))

    assert found[0].startswith("displays.AULA: ")
    assert found[0].endswith("it still has a paired screen")


WITH_AGENT = SMALL + "print_agents:\n  - {code: USB, name: PC, printer: P2}\n"


def test_removes_a_print_agent_with_its_printer(
    engine: Engine, run_import: Importer
) -> None:
    run_import(WITH_AGENT)

    run_import(without("- {code: P2"))

    assert rows(engine, "device", kind="print_agent") == []
    assert [row.code for row in rows(engine, "printer")] == ["P1"]


def test_refuses_to_remove_a_paired_print_agent(
    engine: Engine, run_import: Importer
) -> None:
    run_import(WITH_AGENT)
    [agent] = rows(engine, "device", kind="print_agent")
    digest = sha256(b"an agent").hexdigest()
    add(
        engine, "device_token", device_id=agent.id, secret_sha256=digest,
        created_at=NOW,
    )  # fmt: skip

    assert refusals(run_import, SMALL) == [
        "print_agents.USB: is not in the file any more, but cannot be removed:"
        " it still has a paired screen"
    ]


def test_removes_two_printers_that_are_each_others_siblings(
    engine: Engine, run_import: Importer
) -> None:
    third = SMALL.replace(
        "kiosks:", "  - {code: P3, name: 3, address: tcp://h}\nkiosks:"
    )
    each_other = third.replace("name: Printer 2,", "name: Printer 2, sibling: P3,")
    run_import(each_other.replace("name: 3,", "name: 3, sibling: P2,"))
    assert [row.sibling_id for row in rows(engine, "printer")] == [None, 3, 2]

    run_import(without("- {code: P2"))

    assert [row.code for row in rows(engine, "printer")] == ["P1"]


def test_makes_a_new_device_where_a_code_becomes_another_kind(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    [display] = rows(engine, "device", code="AULA")

    run_import(without("- {code: AULA").replace("code: K1", "code: AULA"))

    [kiosk] = rows(engine, "device")
    assert (kiosk.code, kiosk.kind) == ("AULA", "kiosk")
    assert rows(engine, "display_zone", device_id=display.id) == []
