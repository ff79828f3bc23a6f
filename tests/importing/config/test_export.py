"""The stored mall in the import file's form: read again, it changes nothing."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, update

from app.db.engines import writer_engine
from app.db.migration import migrate
from app.demo.mall import MALL_FILE
from app.importing import import_mall, read_mall
from app.importing.config.comparison import changes_of
from app.importing.config.stored_mall import config_text
from app.models import Series, Service
from tests.importing.conftest import NOW, SMALL, Importer, edited
from tests.importing.stored import dump
from tests.importing.test_manual import EXAMPLE
from tests.importing.test_times import FULL

RICH = edited(
    ("languages: [id, en]", "languages: [en, id]\n  sample: true"),
    ("  hours:\n    - {days: [mon, tue]", "  policy: {people_max: 5,"
     " officers_may_choose: false, head_start_minutes: {anak: 15}}\n"
     "  hours:\n    - {days: [mon, tue]"),
    ("{code: A, name: Zona A,", "{code: A, name: 'no', name_en: Zone A,"),
    ("prefix: A\n", "prefix: A\n    spare_roll: {first: 3, last: 5}\n"
     "    retired: 2027-01-31\n"
     "    special_hours: [{day: 2026-12-24, hours: [], breaks: []}]\n"
     "    holidays: [{day: 2026-12-07, name: 'Rapat: kedua'}]\n"),
    ("name_en: e-KTP,", "name_en: 'null', fee: '10000', fee_en: \"Rp 10,000\","
     " documents: ['KK', '~'], documents_en: [Card, x], aliases: [ktp baru],"
     " kiosk_cooldown_seconds: 9, standard_minutes: 20,"
     " results: [{code: gagal, name: Gagal, name_en: Failed}],"
     " quotas: [{people: 0, channel: kiosk}, {opens: 08:00, people: 2}],"),
    ("name_en: Family card,", "name_en: Family card 👪, prefix: 'NA',"
     " spare_roll: {first: 1, last: 2}, reception_only: true,"),
    ("[DKC]", "[DKC], head_start_minutes: {DKC: 5, DKC/KK: 0}"),
    ("DKC/KK]", "DKC/KK], retired: 2027-02-28"),
    ("zones: [A, B]", "layout: counter, counter: L02, screen_inches: 43,"
     " viewing_metres: 8, zones: [B]"),
    ("address: tcp://127.0.0.1:9101, ", "reports_status: false, sibling: P1, "),
) + "print_agents:\n  - {code: AGEN, name: PC, printer: P2}\n"  # fmt: skip
MALLS = {
    "small": SMALL,
    "full": FULL,
    "rich": RICH.replace("services: [DKC], ", "services: [DKC, IMI], "),
    "example": EXAMPLE,
    "demo": MALL_FILE.read_text("utf-8"),
}


def text_of(engine: Engine) -> str:
    with engine.begin() as db:
        return config_text(db)


@pytest.mark.parametrize("name", MALLS)
def test_an_export_imported_again_changes_nothing(
    engine: Engine, run_import: Importer, name: str
) -> None:
    run_import(MALLS[name])
    exported, before = text_of(engine), dump(engine)

    with engine.begin() as db:
        assert changes_of(db, read_mall(exported), now=NOW) == []
        # nor does the file that it came from
        assert changes_of(db, read_mall(MALLS[name]), now=NOW) == []
        summary = import_mall(db, read_mall(exported), now=NOW)

    counts = summary.rows_created, summary.rows_changed, summary.rows_removed
    assert counts == (0, 0, 0)
    assert dump(engine) == before
    assert text_of(engine) == exported


@pytest.mark.parametrize("name", MALLS)
def test_an_export_makes_the_same_mall_elsewhere(
    engine: Engine, run_import: Importer, tmp_path: Path, name: str
) -> None:
    run_import(MALLS[name])
    exported = text_of(engine)
    other = tmp_path / "other.sqlite3"
    migrate(other)
    elsewhere = writer_engine(other)
    with elsewhere.begin() as db:
        import_mall(db, read_mall(exported), now=NOW)

    assert text_of(elsewhere) == exported
    elsewhere.dispose()


def test_an_export_holds_what_people_have_set_since(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    with engine.begin() as db:
        of_a = update(Series).where(Series.prefix == "A")  # type: ignore[arg-type]
        db.execute(of_a.values(spare_from=7, spare_to=9))

    mall: Any = yaml.safe_load(text_of(engine))
    assert mall["agencies"][0]["spare_roll"] == {"first": 7, "last": 9}


def test_an_export_names_an_agency_where_a_counter_serves_all_of_it(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)

    mall: Any = yaml.safe_load(text_of(engine))
    assert [each["services"] for each in mall["counters"]] == [
        ["DKC"],
        ["DKC/KK", "IMI"],
    ]


def test_an_export_leaves_out_what_is_retired(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    with engine.begin() as db:
        db.execute(update(Service).values(is_retired=True))

    assert "KTP" not in text_of(engine)
