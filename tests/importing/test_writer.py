"""A file becomes the mall, whole or not at all, and again without losing anything."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.importing import ImportFailed, import_mall, read_mall
from app.models import Counter, LedgerState, Series, Service, Site, SoundSpace
from tests.importing.conftest import NOW, SMALL, Importer, edited
from tests.importing.stored import (
    add_ticket,
    dump,
    rows,
)
from tests.importing.wrong_lines import KTP


def test_makes_the_site_with_its_ledger(engine: Engine, run_import: Importer) -> None:
    run_import(SMALL)

    [site] = rows(engine, "site")
    assert (site.id, site.name, site.timezone) == (1, "Mal Contoh", "Asia/Jakarta")
    assert site.languages == ["id", "en"]
    assert (site.is_sample, site.always_open, site.policy) == (False, False, {})
    [ledger] = rows(engine, "ledger_state")
    assert (ledger.id, ledger.revision) == (1, 0)
    assert ledger.service_day == date(2026, 11, 25)  # of the site, not of UTC
    assert ledger.last_moment == NOW


def test_makes_agencies_with_services_and_their_series(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)

    prefixes = {row.id: row.prefix for row in rows(engine, "series")}
    agencies = {row.id: row.code for row in rows(engine, "agency")}
    found = [
        (agencies[row.agency_id], row.code, prefixes[row.series_id], row.position)
        for row in rows(engine, "service")
    ]
    assert found == [
        ("DKC", "KTP", "A", 1),
        ("DKC", "KK", "A", 2),
        ("IMI", "BARU", "N", 3),
    ]
    assert {(row.last_number, row.day) for row in rows(engine, "series")} == {(0, None)}


def test_stores_what_is_not_named_as_nothing(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)

    empty = select(func.count()).where(
        col(Service.documents).is_(None), col(Service.fee).is_(None)
    )
    with engine.begin() as db:
        assert db.execute(empty).scalar_one() == 3


def test_stores_a_services_own_results(engine: Engine, run_import: Importer) -> None:
    own = "{code: biometrik_gagal, name: Biometrik gagal, name_en: Failed}"
    run_import(edited((KTP, KTP.replace("}", f", results: [{own}]}}"))))

    assert [row.results for row in rows(engine, "service")].count(None) == 2
    stored = next(row.results for row in rows(engine, "service") if row.results)
    assert stored == [
        {"code": "biometrik_gagal", "name": "Biometrik gagal", "name_en": "Failed"}
    ]


def test_stores_how_a_scarce_service_is_guarded_and_takes_it_back(
    engine: Engine, run_import: Importer
) -> None:
    scarce = KTP.replace("}", ", reception_only: true, aliases: [ktp ilang, e-ktp]}")
    run_import(edited((KTP, scarce)))

    [service] = rows(engine, "service", code="KTP")
    assert (service.reception_only, service.kiosk_cooldown_seconds) == (True, None)
    assert service.aliases == ["ktp ilang", "e-ktp"]

    run_import(edited((KTP, KTP.replace("}", ", kiosk_cooldown_seconds: 90}"))))
    [service] = rows(engine, "service", code="KTP")
    assert (service.reception_only, service.kiosk_cooldown_seconds) == (False, 90)
    assert service.aliases is None


def test_links_counters_to_services_with_their_head_start(
    engine: Engine, run_import: Importer
) -> None:
    run_import(
        edited(
            ("[DKC]", "[DKC], head_start_minutes: {DKC/KK: 5, DKC: 2}"),
        )
    )

    services = {row.id: row.code for row in rows(engine, "service")}
    counters = {row.id: row.code for row in rows(engine, "counter")}
    found = {
        (counters[row.counter_id], services[row.service_id]): row.head_start_seconds
        for row in rows(engine, "counter_service")
    }
    assert found == {
        ("L01", "KTP"): 120, ("L01", "KK"): 300, ("L02", "BARU"): 0, ("L02", "KK"): 0,
    }  # fmt: skip


def test_makes_hours_of_site_and_agency(engine: Engine, run_import: Importer) -> None:
    run_import(SMALL)

    [dkc] = rows(engine, "agency", code="DKC")
    found = {
        (row.agency_id, row.service_id, row.weekday, row.opens, row.closes)
        for row in rows(engine, "opening_hours")
    }
    assert found == {
        (None, None, 0, "08:00", "15:30"),
        (None, None, 1, "08:00", "15:30"),
        (dkc.id, None, 0, "09:00", "14:00"),
    }


def test_makes_screens_and_printers(engine: Engine, run_import: Importer) -> None:
    run_import(SMALL)

    printers = {row.id: row for row in rows(engine, "printer")}
    [kiosk] = rows(engine, "device", kind="kiosk")
    [display] = rows(engine, "device", kind="display")
    assert printers[kiosk.printer_id].address == "tcp://127.0.0.1:9100"
    assert display.printer_id is None
    assert [row.paper for row in printers.values()] == ["80mm", "58mm"]
    assert all(row.reports_status for row in printers.values())
    assert len(rows(engine, "display_zone", device_id=display.id)) == 2


def test_keeps_only_the_policy_that_the_file_gives(
    engine: Engine, run_import: Importer
) -> None:
    policy = "  policy: {people_max: 5, head_start_minutes: {anak: 15}}\n  languages"
    run_import(edited(("  languages", policy)))

    [site] = rows(engine, "site")
    assert site.policy == {"people_max": 5, "head_start_minutes": {"anak": 15}}


def test_counts_what_it_did(run_import: Importer) -> None:
    first, again = run_import(SMALL), run_import(SMALL)

    assert first.has == {
        "agencies": 2, "services": 3, "zones": 2, "counters": 2,
        "displays": 1, "printers": 2, "print_agents": 0, "kiosks": 1,
        "practice_counters": 0,
    }  # fmt: skip
    assert first.rows_created > 20
    assert (again.rows_created, again.rows_changed, again.rows_removed) == (0, 0, 0)


def test_changes_nothing_when_the_same_file_comes_again(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    before = dump(engine)

    run_import(SMALL)

    assert dump(engine) == before


def test_changes_nothing_for_a_file_with_one_wrong_line(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    before = dump(engine)

    with pytest.raises(ImportFailed):
        run_import(edited(("Loket 1", "Loket satu"), ("paper: 58mm", "paper: A4")))

    assert dump(engine) == before


def test_writes_nothing_when_the_transaction_does_not_end_well(engine: Engine) -> None:
    before = dump(engine)

    def import_and_fail() -> None:
        with engine.begin() as db:
            import_mall(db, read_mall(SMALL), now=NOW)
            db.execute(insert(SoundSpace).values(code="L1", name="Lagi"))

    with pytest.raises(IntegrityError):
        import_and_fail()

    assert dump(engine) == before


def test_keeps_ids_and_tickets_when_things_are_renamed_and_moved(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    add_ticket(engine, "KTP")
    before = dump(engine)

    run_import(
        edited(
            ("name: KTP-el", "name: KTP elektronik"),
            ("short_name: Dukcapil", "short_name: Capil"),
            ("name: Loket 1, zone: A", "name: Loket 11, zone: B"),
            ("name: Layar Aula", "name: Layar Besar"),
        )
    )

    after = dump(engine)
    assert [row[0] for row in after["service"]] == [row[0] for row in before["service"]]
    assert after["entry"] == before["entry"]
    [counter] = rows(engine, "counter", code="L01")
    [zone] = rows(engine, "zone", code="B")
    assert (counter.name, counter.zone_id) == ("Loket 11", zone.id)
    assert rows(engine, "service", code="KTP")[0].name == "KTP elektronik"
    assert rows(engine, "device", code="AULA")[0].name == "Layar Besar"


def test_leaves_what_the_day_has_done_alone(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    with engine.begin() as db:
        db.execute(update(Counter).values(state="open"))
        db.execute(update(Series).values(last_number=41))
        db.execute(update(Site).values(always_open=True))
        db.execute(update(LedgerState).values(revision=7))

    with engine.begin() as db:
        later = datetime(2026, 12, 1, tzinfo=UTC)
        import_mall(db, read_mall(edited(("Mal Contoh", "Mal Lain"))), now=later)

    assert {row.state for row in rows(engine, "counter")} == {"open"}
    assert {row.last_number for row in rows(engine, "series")} == {41}
    assert rows(engine, "site")[0].always_open
    [ledger] = rows(engine, "ledger_state")
    assert (ledger.revision, ledger.last_moment) == (7, NOW)


def test_moves_a_service_to_another_series(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    [before] = rows(engine, "service", code="BARU")

    run_import(edited(("prefix: N", "prefix: PA")))

    [after] = rows(engine, "service", code="BARU")
    assert after.id == before.id
    assert [row.prefix for row in rows(engine, "series")] == ["A", "PA"]
    assert rows(engine, "series", id=after.series_id)[0].prefix == "PA"


def test_keeps_a_series_that_has_numbered_somebody(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    add_ticket(engine, "BARU", "L02")

    run_import(edited(("prefix: N", "prefix: PA")))

    assert {row.prefix for row in rows(engine, "series")} == {"A", "N", "PA"}


def test_makes_a_printer_behind_an_agent_and_siblings(
    engine: Engine, run_import: Importer
) -> None:
    run_import(
        edited(
            ("tcp://127.0.0.1:9100}", "serial:///dev/ttyUSB0?baud=9600, sibling: P2}"),
            ("address: tcp://127.0.0.1:9101, ", ""),
        )
        + "print_agents:\n  - {code: AGEN, name: PC Kios 2, printer: P2}\n"
    )

    first, second = rows(engine, "printer")
    assert first.address == "serial:///dev/ttyUSB0?baud=9600"
    assert (first.sibling_id, second.sibling_id) == (second.id, None)
    assert second.address == ""
    [agent] = rows(engine, "device", kind="print_agent")
    assert (agent.code, agent.printer_id) == ("AGEN", second.id)


def test_a_sibling_that_the_file_takes_back_is_none(
    engine: Engine, run_import: Importer
) -> None:
    run_import(edited(("paper: 58mm", "sibling: P1")))

    summary = run_import(SMALL)

    assert [row.sibling_id for row in rows(engine, "printer")] == [None, None]
    assert summary.rows_changed == 1
