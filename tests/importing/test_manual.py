"""The manual's page on the import file is true."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from app.importing import Mall, read_mall, schema, times
from app.queueing.site.policy import HeadStarts, Policy
from tests.importing.conftest import problems_of

PAGE = (
    Path(schema.__file__).parents[1] / "docs" / "reference" / "import.md"
).read_text("utf-8")
EXAMPLE, WRONG, ANSWER = re.findall(r"^```\w+\n(.*?)^```$", PAGE, re.DOTALL | re.M)
GROUPS = [
    Mall, times.Times, times.HoursSpec, times.IssuingSpec, times.RestSpec,
    times.SpecialHoursSpec,
    times.HolidaySpec, times.QuotaSpec, times.SpareRollSpec,
    schema.SiteSpec, schema.AgencySpec, schema.ServiceSpec,
    schema.SoundSpaceSpec, schema.ZoneSpec, schema.CounterSpec, schema.DisplaySpec,
    schema.PrinterSpec, schema.PrintAgentSpec, schema.KioskSpec, Policy, HeadStarts,
]  # fmt: skip


def test_the_example_can_be_imported() -> None:
    mall = read_mall(EXAMPLE)

    assert mall.agencies[0].services[1].prefix == "AM"
    assert mall.site.policy.head_start_minutes.lansia == 30
    assert mall.counters[0].head_start_minutes == {"DKC/AMBIL": 10}


def test_the_wrong_example_gets_the_answer_that_is_shown() -> None:
    assert problems_of(WRONG) == ANSWER.splitlines()


@pytest.mark.parametrize("group", GROUPS)
def test_names_every_field(group: type[BaseModel]) -> None:
    missing = [name for name in group.model_fields if f"`{name}`" not in PAGE]

    assert not missing


@pytest.mark.parametrize("word", [*schema.Symbol, *times.Weekday])
def test_names_every_symbol_and_day(word: str) -> None:
    assert f"`{word}`" in PAGE


@pytest.mark.parametrize("symbol", schema.Symbol)
def test_takes_no_symbol_that_is_not_drawn(symbol: str) -> None:
    web = Path(schema.__file__).parents[1] / "web"

    assert f'"{symbol}": ' in (web / "templates" / "icons.html").read_text("utf-8")


def test_gives_the_defaults_of_the_policy() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (\d+|true|false) \|", PAGE, re.M))
    figures = Policy().model_dump(exclude={"head_start_minutes"})

    assert rows == {name: str(value).lower() for name, value in figures.items()}
