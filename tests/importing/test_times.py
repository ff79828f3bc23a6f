"""Hours, breaks, holidays, quotas and rolls come from the file into the rules."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from app.importing import ImportFailed
from app.models import Series, Site
from app.models.states import HoursKind
from app.queueing.line.numbering import draw_number
from app.queueing.site.availability import Availability, availability_rules
from app.queueing.site.rulebook import read_rulebook
from app.queueing.views.agencies import agency_views
from tests.importing.conftest import SMALL, Importer, edited
from tests.importing.stored import rows

MONDAY = date(2026, 11, 23)
TODAY = date(2026, 11, 25)  # the ledger's service day after the import
KTP, KK = 1, 2
DKC = 1
FULL = edited(
    ("closes: 15:30}", "closes: 15:30, last_ticket: 15:00}\n"
     "  breaks: [{days: [mon], begins: 12:00, ends: 13:00}]\n"
     "  holidays: [{day: 2026-11-30, name: Libur}]"),
    ("prefix: A\n", "prefix: A\n    spare_roll: {first: 3, last: 5}\n"
     "    holidays: [{day: 2026-12-07, name: Rapat}]\n"
     "    quiet_times: [{days: [mon], begins: 10:00, ends: 10:05}]\n"),
    ("name_en: e-KTP,", "name_en: e-KTP, quotas: [{opens: 08:00, people: 2},"
     " {channel: kiosk, opens: 13:00, people: 1}],"),
    ("name_en: Family card,", "name_en: Family card,"
     " issuing_hours: [{days: [mon], opens: 07:00, closes: 13:30}],"),
)  # fmt: skip


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    """Return a moment by Jambi's clock."""
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
    return local - timedelta(hours=7)


def available(engine: Engine, service_id: int, moment: datetime) -> Availability:
    with engine.begin() as db:
        book = availability_rules(
            db, read_rulebook(db), at=moment, day=MONDAY, channel="kiosk"
        )
        return book.service(service_id, DKC)


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (at(12, 30), "break"),
        (at(15, 1), "last-ticket"),
        (at(9, 0, date(2026, 11, 30)), "holiday"),
        (at(9, 0, date(2026, 12, 7)), "holiday"),
    ],
)
def test_closes_a_service_by_what_the_file_says(
    engine: Engine, run_import: Importer, moment: datetime, reason: str
) -> None:
    run_import(FULL)

    assert available(engine, KTP, moment).reason == reason


def test_gives_numbers_in_the_break_where_the_file_has_issuing_hours(
    engine: Engine, run_import: Importer
) -> None:
    run_import(FULL)

    availability = available(engine, KK, at(12, 30))
    assert (availability.open, availability.serving_from) == (True, at(13))
    assert available(engine, KK, at(13, 31)).reason == "service-hours"


def test_gives_the_last_number_when_the_file_says(
    engine: Engine, run_import: Importer
) -> None:
    text = edited(("closes: 14:00", "closes: 14:00, last_ticket: 13:30"))
    run_import(text)

    assert available(engine, KTP, at(13, 29)).open
    assert available(engine, KTP, at(13, 30)).reason == "last-ticket"


def test_writes_quotas_of_all_and_of_one_channel(
    engine: Engine, run_import: Importer
) -> None:
    run_import(FULL)

    found = {(row.channel, row.opens, row.people) for row in rows(engine, "quota")}
    assert found == {("", "08:00", 2), ("kiosk", "13:00", 1)}
    # the kiosk's own quota is released later: until then it has none
    availability = available(engine, KTP, at(9))
    assert (availability.reason, availability.until) == ("quota", at(13))


def test_keeps_no_quota_where_the_site_is_always_open(
    engine: Engine, run_import: Importer
) -> None:
    run_import(FULL)
    with engine.begin() as db:
        db.execute(update(Site).values(always_open=True))

    assert available(engine, KTP, at(3)).open


def test_steps_over_the_spare_roll(engine: Engine, run_import: Importer) -> None:
    run_import(FULL)
    [series] = rows(engine, "series", prefix="A")

    with engine.begin() as db:
        drawn = [draw_number(db, series.id, TODAY).drawn for _ in range(4)]

    assert drawn == [1, 2, 6, 7]


def test_leaves_a_roll_alone_that_the_file_does_not_name(
    engine: Engine, run_import: Importer
) -> None:
    run_import(FULL)

    run_import(SMALL)

    [series] = rows(engine, "series", prefix="A")
    assert (series.spare_from, series.spare_to) == (3, 5)


def test_refuses_a_roll_that_begins_among_todays_numbers(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    with engine.begin() as db:
        db.execute(update(Series).values(day=TODAY, last_number=3))

    with pytest.raises(ImportFailed) as failed:
        run_import(FULL)

    assert [str(problem) for problem in failed.value.problems] == [
        "series.A.spare_roll: its roll begins at 3, but today 3 was given"
    ]
    assert rows(engine, "quota") == []


def test_takes_a_roll_where_the_numbers_are_of_another_day(
    engine: Engine, run_import: Importer
) -> None:
    run_import(SMALL)
    with engine.begin() as db:
        day = TODAY - timedelta(days=1)
        db.execute(update(Series).values(day=day, last_number=40))

    run_import(FULL)

    assert rows(engine, "series", prefix="A")[0].spare_from == 3


def test_takes_the_same_file_after_the_roll_was_passed(
    engine: Engine, run_import: Importer
) -> None:
    run_import(FULL)
    with engine.begin() as db:
        db.execute(update(Series).values(day=TODAY, last_number=40))

    assert run_import(FULL).rows_changed == 0


def test_removes_times_that_the_file_no_longer_names(
    engine: Engine, run_import: Importer
) -> None:
    run_import(FULL)
    run_import(SMALL)

    assert rows(engine, "holiday") == rows(engine, "quota") == []
    kinds = {row.kind for row in rows(engine, "opening_hours")}
    assert kinds == {HoursKind.SERVING}
    lasts = {row.last_ticket for row in rows(engine, "opening_hours")}
    assert lasts == {None}


def test_takes_an_agency_away_with_its_times(
    engine: Engine, run_import: Importer
) -> None:
    own = ("symbol: passport", "symbol: passport\n    holidays:"
           " [{day: 2026-12-25, name: Natal}]")  # fmt: skip
    quota = ("prefix: N,", "prefix: N, quotas: [{people: 3}],")
    run_import(edited(own, quota))

    run_import(
        edited(
            (SMALL[SMALL.index("  - code: IMI") : SMALL.index("counters:")], ""),
            ("IMI/BARU, ", ""),
        )
    )

    assert [row.code for row in rows(engine, "agency")] == ["DKC"]
    assert rows(engine, "holiday") == rows(engine, "quota") == []


def test_hides_an_agency_that_is_only_practised(
    engine: Engine, run_import: Importer
) -> None:
    run_import(
        edited(
            ("sound_space: L2}", "sound_space: L2, practice: true}"),
            (", DKC/KK]", "]"),
            ("zones: [A, B]", "zones: [A]"),
        )
    )

    assert [row.is_practice for row in rows(engine, "zone")] == [False, True]
    with engine.begin() as db:
        assert [agency.code for agency in agency_views(db, at(9))] == ["DKC"]
