"""What a file would change is told field by field, and nothing else is."""

from typing import Any

import pytest
from sqlalchemy import Engine, update

from app.importing import ImportFailed, import_mall, read_mall
from app.importing.config.comparison import changes_of
from app.models import Site
from tests.importing.conftest import NOW, SMALL, Importer, edited, without
from tests.importing.stored import (
    WITHOUT_COUNTER_2,
    WITHOUT_IMI,
    WITHOUT_KK,
    add_ticket,
    dump,
)
from tests.importing.test_times import FULL

Change = tuple[str, Any, Any]
KTP = "agencies.DKC.services.KTP"
MONDAY = {"days": ["mon"], "opens": "09:00", "closes": "14:00"}
ORDER = edited(
    (
        "      - {code: KTP, name: KTP-el, name_en: e-KTP, typical_minutes: 10}\n",
        "",
    ),
    (
        "name_en: Family card, typical_minutes: 15}\n",
        "name_en: Family card, typical_minutes: 15}\n"
        "      - {code: KTP, name: KTP-el, name_en: e-KTP, typical_minutes: 10}\n",
    ),
)
CASES: dict[str, tuple[str, list[Change]]] = {
    "a name": (
        edited(("name: KTP-el", "name: KTP")),
        [(f"{KTP}.name", "KTP-el", "KTP")],
    ),
    "a field that was not given": (
        edited(("name_en: e-KTP,", "name_en: e-KTP, fee: Gratis,")),
        [(f"{KTP}.fee", None, "Gratis")],
    ),
    "the site": (
        edited(("Mal Contoh", "Mal Lain")),
        [("site.name", "Mal Contoh", "Mal Lain")],
    ),
    "a figure of the policy": (
        edited(("  languages", "  policy: {people_max: 5}\n  languages")),
        [("site.policy.people_max", 20, 5)],
    ),
    "a figure that is the default is none": (
        edited(("  languages", "  policy: {people_max: 20}\n  languages")),
        [],
    ),
    "hours": (
        edited(("closes: 14:00", "closes: 15:00")),
        [("agencies.DKC.hours", [MONDAY], [{**MONDAY, "closes": "15:00"}])],
    ),
    "hours said otherwise are the same": (
        edited(
            (
                "- {days: [mon, tue], opens: 08:00, closes: 15:30}",
                "- {days: [tue], opens: 08:00, closes: 15:30}\n"
                "    - {days: [mon], opens: 08:00, closes: 15:30}",
            )
        ),
        [],
    ),
    "hours of one date": (
        edited(
            (
                "symbol: passport",
                "symbol: passport\n    special_hours: [{day: 2026-12-24, breaks: []}]",
            )
        ),
        [("agencies.IMI.special_hours.2026-12-24", None, {"breaks": []})],
    ),
    "a holiday": (
        edited(
            (
                "  hours:\n    - {days: [mon, tue]",
                "  holidays: [{day: 2026-12-25, name: Natal}]\n"
                "  hours:\n    - {days: [mon, tue]",
            )
        ),
        [("site.holidays.2026-12-25", None, "Natal")],
    ),
    "a head start": (
        edited(("[DKC]}", "[DKC], head_start_minutes: {DKC: 5}}")),
        [
            ("counters.L01.head_start_minutes.DKC/KK", None, 5),
            ("counters.L01.head_start_minutes.DKC/KTP", None, 5),
        ],
    ),
    "services said otherwise are the same": (
        edited(("services: [DKC]", "services: [DKC/KK, DKC/KTP]")),
        [],
    ),
    "what a counter serves": (
        edited(("[IMI/BARU, DKC/KK]", "[IMI]")),
        [("counters.L02.services", ["DKC/KK", "IMI/BARU"], ["IMI/BARU"])],
    ),
    "a prefix": (
        edited(("prefix: N,", "prefix: P,")),
        [("agencies.IMI.services.BARU.prefix", "N", "P")],
    ),
    "a roll": (
        edited(("prefix: A\n", "prefix: A\n    spare_roll: {first: 9, last: 9}\n")),
        [("series.A.spare_roll", None, {"first": 9, "last": 9})],
    ),
    "a printer": (
        edited(("paper: 58mm", "paper: 80mm")),
        [("printers.P2.paper", "58mm", "80mm")],
    ),
    "a retirement to come": (
        edited(("zone: B, services", "zone: B, retired: 2027-01-01, services")).replace(
            "services: [DKC]", "services: [DKC, IMI]"
        ),
        [
            (
                "counters.L01.services",
                ["DKC/KK", "DKC/KTP"],
                ["DKC/KK", "DKC/KTP", "IMI/BARU"],
            ),
            ("counters.L02.retired", None, "2027-01-01"),
        ],
    ),
    "the kiosk's order": (
        ORDER,
        [("agencies.DKC.services", ["KTP", "KK"], ["KK", "KTP"])],
    ),
}


def changes(engine: Engine, text: str) -> list[Change]:
    with engine.begin() as db:
        return [tuple(each) for each in changes_of(db, read_mall(text), now=NOW)]


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_told_with_its_place_and_both_values(
    engine: Engine, run_import: Importer, name: str
) -> None:
    text, expected = CASES[name]
    run_import(SMALL)

    assert sorted(changes(engine, text)) == sorted(expected)


# a default that is named is stored, and is the same figure
@pytest.mark.parametrize(
    "name", sorted(CASES.keys() - {"a figure that is the default is none"})
)
def test_what_is_told_is_what_is_done(
    engine: Engine, run_import: Importer, name: str
) -> None:
    text, expected = CASES[name]
    run_import(SMALL)

    summary = run_import(text)

    counts = summary.rows_created, summary.rows_changed, summary.rows_removed
    assert (counts == (0, 0, 0)) == (expected == [])
    assert changes(engine, text) == []


def test_what_is_new_or_gone_is_told_as_a_whole(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)

    [gone] = (each for each in changes(engine, WITHOUT_IMI) if each[2] is None)
    assert (gone[0], gone[1]["name"]) == ("agencies.IMI", "Imigrasi")
    [gone, *_] = changes(engine, WITHOUT_KK)
    assert (gone[0], gone[2]) == ("agencies.DKC.services.KK", None)
    [new] = (
        each
        for each in changes(
            engine, SMALL + "  - {code: K2, name: Kios 2, printer: P2}\n"
        )
    )
    assert (new[0], new[1], new[2]["name"]) == ("kiosks.K2", None, "Kios 2")


def test_a_roll_that_the_file_does_not_name_is_no_change(
    engine: Engine, run_import: Importer
) -> None:
    run_import(FULL)

    paths = [path for path, _, _ in changes(engine, SMALL)]

    assert "site.breaks" in paths
    assert not [path for path in paths if path.startswith("series")]


def test_what_is_only_looked_at_changes_nothing(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    before = dump(engine)

    changes(engine, FULL)

    assert dump(engine) == before


def test_a_file_that_would_be_refused_is_refused_when_looked_at(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    add_ticket(engine, "BARU", "L02")

    with pytest.raises(ImportFailed) as failed:
        changes(engine, WITHOUT_COUNTER_2)

    assert failed.value.details["refused"][0]["path"] == "counters.L02"
    assert failed.value.details["refused"][0]["line"] is None


def test_a_mall_that_no_file_could_tell_any_more_can_be_mended(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    with engine.begin() as db:  # as an earlier version took it
        db.execute(update(Site).values(public_url="http://h/path"))

    assert "site" in [path for path, _, _ in changes(engine, SMALL)]
    with engine.begin() as db:
        import_mall(db, read_mall(SMALL), now=NOW)
    assert changes(engine, SMALL) == []


def test_a_kiosk_that_goes_is_told(engine: Engine, run_import: Importer) -> None:
    run_import(SMALL)

    text = without("- {code: K1").replace("kiosks:\n", "")
    assert [(path, new) for path, _, new in changes(engine, text)] == [
        ("kiosks.K1", None)
    ]
