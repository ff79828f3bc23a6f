"""The demo mall is the reference site in its full size, in our own numbering."""

from collections import Counter

import pytest
from sqlalchemy import Engine, distinct, func
from sqlmodel import col, select

from app.demo.build_mall import mall_text
from app.demo.mall import MALL_FILE, demo_mall
from app.importing import Mall, import_mall
from app.models import CounterService
from app.queueing.views.agencies import agency_views
from tests.importing.conftest import NOW

SOUNDS_LIKE = {
    letter: group[0]
    for group in ("BCDEGJPTVWY", "AHK", "FSX", "LR", "MN")
    for letter in group
}


PRACTICE = "LATIHAN"


def real_mall() -> Mall:
    """Return the demo mall without its practice zone."""
    mall = demo_mall()
    return mall.model_copy(
        update={
            "zones": [zone for zone in mall.zones if not zone.practice],
            "counters": [each for each in mall.counters if each.zone != PRACTICE],
            "agencies": [each for each in mall.agencies if each.code != PRACTICE],
        }
    )


def spoken(prefix: str) -> str:
    return "".join(SOUNDS_LIKE.get(letter, letter) for letter in prefix)


def prefixes_by_sound_space() -> dict[str, set[str]]:
    mall = demo_mall()
    prefix_of = {agency.code: agency.prefix or "" for agency in mall.agencies}
    space_of = {zone.code: zone.sound_space for zone in mall.zones}
    found: dict[str, set[str]] = {space.code: set() for space in mall.sound_spaces}
    for counter in mall.counters:
        for ref in counter.services:
            found[space_of[counter.zone]].add(prefix_of[ref.partition("/")[0]])
    return found


def test_has_the_size_of_the_reference_site(engine: Engine) -> None:
    with engine.begin() as db:
        summary = import_mall(db, demo_mall(), now=NOW)

    counters = summary.has["counters"]
    assert summary.has == {
        "agencies": 31, "services": 129, "zones": 4, "displays": 5, "kiosks": 2,
        "printers": 2, "print_agents": 0, "counters": counters,
            "practice_counters": 2,
    }  # fmt: skip
    assert counters >= 40


def test_has_a_counter_for_every_service_of_every_agency(engine: Engine) -> None:
    with engine.begin() as db:
        import_mall(db, demo_mall(), now=NOW)
        served = db.execute(
            select(func.count(distinct(col(CounterService.service_id))))
        ).scalar_one()
        staffed = db.execute(
            select(func.count(distinct(col(CounterService.counter_id))))
        ).scalar_one()

    assert served == 129 + 2
    assert staffed == len(demo_mall().counters)


def test_says_that_it_is_sample_data() -> None:
    assert demo_mall().site.sample
    assert MALL_FILE.read_text("utf-8").startswith("# Data contoh")


def test_invents_no_fees_documents_or_standards() -> None:
    for agency in demo_mall().agencies:
        for service in agency.services:
            details = service.fee, service.documents, service.standard_minutes
            assert details == (None, None, None)


def test_serves_an_agency_in_one_zone() -> None:
    zones: dict[str, set[str]] = {}
    for counter in demo_mall().counters:
        for ref in counter.services:
            zones.setdefault(ref.partition("/")[0], set()).add(counter.zone)

    assert {
        agency: len(found) for agency, found in zones.items() if len(found) > 1
    } == {}


def test_has_one_display_per_zone_and_one_for_the_hall() -> None:
    zones_by_display = [tuple(display.zones) for display in demo_mall().displays]

    assert sorted(zones_by_display, key=len) == [
        *(("A",), ("B",), ("C",), ("D",)),
        tuple("ABCD"),
    ]


def test_gives_the_busiest_agencies_one_letter() -> None:
    mall = real_mall()
    letters = {agency.code for agency in mall.agencies if len(agency.prefix or "") == 1}
    counters = Counter(
        ref.partition("/")[0] for counter in mall.counters for ref in counter.services
    )

    several = {code for code, number in counters.items() if number > 1}
    assert several <= letters


@pytest.mark.parametrize("space", ["L1", "L2"])
def test_keeps_prefixes_that_sound_alike_out_of_earshot(space: str) -> None:
    prefixes = prefixes_by_sound_space()[space]
    sounds = Counter(spoken(prefix) for prefix in prefixes)

    assert [sound for sound, number in sounds.items() if number > 1] == []


@pytest.mark.parametrize("space", ["L1", "L2"])
def test_begins_no_long_prefix_with_a_short_one_of_the_same_floor(space: str) -> None:
    prefixes = prefixes_by_sound_space()[space]
    short = {prefix for prefix in prefixes if len(prefix) == 1}

    assert [prefix for prefix in prefixes - short if prefix[0] in short] == []


def rows_of_the_list() -> list[dict[str, str]]:
    return [
        {
            "agency_code": agency.code,
            "agency_name": agency.name,
            "service_name_id": service.name,
            "service_name_en": service.name_en,
            "typical_minutes": str(service.typical_minutes),
        }
        for agency in real_mall().agencies
        for service in agency.services
    ]


def test_is_what_the_list_and_our_choices_make() -> None:
    assert mall_text(rows_of_the_list()) == MALL_FILE.read_text("utf-8")


def test_is_not_made_from_a_list_that_lacks_an_agency() -> None:
    rows = [row for row in rows_of_the_list() if row["agency_code"] != "DKC"]

    with pytest.raises(ValueError, match="Only the list or only the choices"):
        mall_text(rows)


def test_is_not_made_from_a_list_that_lacks_a_service() -> None:
    with pytest.raises(ValueError, match="The services of BMI differ"):
        mall_text(rows_of_the_list()[:-1])


def test_has_the_breaks_of_a_comparable_mall() -> None:
    breaks = {
        (day, rest.begins, rest.ends)
        for rest in demo_mall().site.breaks
        for day in rest.days
    }

    assert ("fri", "11:30", "13:30") in breaks
    assert {day for day, begins, _ in breaks if begins == "12:00"} == {
        "mon", "tue", "wed", "thu",
    }  # fmt: skip


def test_gives_the_last_number_half_an_hour_before_the_end() -> None:
    ends = [(line.closes, line.last_ticket) for line in demo_mall().site.hours]

    assert ends == [("15:30", "15:00"), ("15:00", "14:30")]


def test_rations_one_service_in_two_parts() -> None:
    quotas = [
        [(quota.opens, quota.people) for quota in service.quotas]
        for agency in demo_mall().agencies
        for service in agency.services
        if service.quotas
    ]

    assert quotas == [[("08:00", 20), ("13:00", 10)]]


def test_keeps_practice_off_the_kiosk_and_the_screens(engine: Engine) -> None:
    with engine.begin() as db:
        import_mall(db, demo_mall(), now=NOW)
        views = agency_views(db, NOW)

    assert len(views) == 31
    assert sum(len(agency.services) for agency in views) == 129
    assert PRACTICE not in {
        zone for each in demo_mall().displays for zone in each.zones
    }
