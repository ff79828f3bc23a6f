"""Numbers: a running number per series and service day, written for the hall."""

from datetime import date

import pytest
from sqlalchemy import update

from app.queueing import rows
from app.queueing.line.numbering import draw_number, number_text
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import (
    MakeRules,
    RulesHarness,
    preferring,
)

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("drawn", "text"),
    [(1, "A-001"), (7, "A-007"), (12, "A-012"), (999, "A-999"), (1000, "A-1000")],
)
def test_is_written_with_at_least_three_digits(drawn: int, text: str) -> None:
    assert number_text("A", drawn) == text


async def test_one_thousand_follows_nine_hundred_and_ninety_nine(
    server: AppServer,
) -> None:
    with server.disk.writing() as db:
        today = {"day": TODAY, "last_number": 998}
        db.execute(update(rows.series).where(rows.series.c.id == 1).values(today))

    numbers = [(await server.kiosk.issue(mall.AKTA))["number"] for _ in range(2)]

    assert numbers == ["A-999", "A-1000"]


def test_series_do_not_know_of_each_other(make_rules: MakeRules) -> None:
    rules = make_rules(agencies=3)
    drawn = [rules.see(draw_number, series_id=s, day=TODAY).text for s in (1, 2, 1, 3)]

    assert drawn == ["A-001", "B-001", "A-002", "C-001"]


def test_restarts_with_the_first_draw_of_another_day(rules: RulesHarness) -> None:
    for _ in range(3):
        rules.see(draw_number, series_id=1, day=TODAY)

    tomorrow = rules.see(draw_number, series_id=1, day=date(2026, 11, 25))

    assert tomorrow.text == "A-001"


@pytest.fixture
def own_mall() -> CustomMall:
    return preferring()


def draw(rules: RulesHarness, series: int = 1, day: date = TODAY) -> str:
    return str(rules.see(draw_number, series_id=series, day=day).text)


def test_numbers_run_restart_with_the_day_and_step_over_the_roll(
    rules: RulesHarness,
) -> None:
    assert [draw(rules) for _ in range(4)] == ["A-001", "A-002", "A-006", "A-007"]
    assert [draw(rules, 2) for _ in range(5)] == [f"B-00{n}" for n in range(1, 6)]
    assert draw(rules, day=date(2026, 11, 25)) == "A-001"
    assert draw(rules) == "A-001"  # another day is another day, earlier ones too
    assert draw(rules, 2) == "B-006"


def test_a_number_drawn_of_one_series_leaves_the_others_as_they_are(
    rules: RulesHarness,
) -> None:
    def last_numbers() -> dict[int, int]:
        with rules.engine.begin() as db:
            found = db.execute(rows.series.select()).all()
        return {row.id: row.last_number for row in found}

    for service in (mall.AKTA, mall.KTP, mall.PASPOR, mall.AKTA):
        before = last_numbers()
        rules.issue(service)
        after = last_numbers()
        assert len([each for each in after if after[each] != before[each]]) == 1
