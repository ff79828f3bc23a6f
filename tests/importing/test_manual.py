"""The manual's page on the import file is true."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from app.demo.mall import MALL_FILE, demo_mall
from app.importing import Mall, read_mall, schema, times
from app.queueing.site.policy import HeadStarts, Policy
from app.web.i18n import LANGUAGES, Language
from app.web.manual.pages import DOCS
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
    policy = PAGE.partition("### Policy")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", policy, re.M))
    figures = Policy().model_dump(exclude={"head_start_minutes", "pronunciations"})

    assert rows == {name: str(value).lower() for name, value in figures.items()}


SITE, COUNTERS = "site:\n", "counters:\n"
AGENCY, PREFIX = "    name: DPMPTSP Kota Jambi\n", "    prefix: D\n"
SERVICE, COUNTER = "        name: Izin reklame\n", "    name: Loket 1\n"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("task", "position", "line"),
    [
        ("counter", 0, COUNTERS),
        ("retire", 0, AGENCY),
        ("retire", 0, COUNTER),
        ("retire", 1, SERVICE),
        ("special-day", 0, SITE),
        ("special-day", 1, AGENCY),
        ("spare-roll", 0, PREFIX),
        ("voice", 0, SITE),
    ],
)
def test_what_a_task_of_the_technician_writes_fits_below_the_line_it_names(
    language: Language, task: str, position: int, line: str
) -> None:
    file = MALL_FILE.read_text("utf-8")
    assert file.count(line) == 1
    snippet = snippets(language)[task][position]

    mall = read_mall(file.replace(line, line + snippet))

    assert mall != demo_mall()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_snippet_of_the_technician_is_tried(language: Language) -> None:
    counts = {task: len(each) for task, each in snippets(language).items() if each}

    tried = {"counter": 1, "retire": 2, "special-day": 2, "spare-roll": 1, "voice": 1}
    assert counts == tried


def snippets(language: Language) -> dict[str, list[str]]:
    """Return the lines for the file that each task of the technician's page shows."""
    page = (DOCS / language / "technician.md").read_text("utf-8")
    heading = r"^## [^\n]*\{#([\w-]+)\}\n(.*?)(?=^## |\Z)"
    sections = re.findall(heading, page, re.DOTALL | re.MULTILINE)
    blocks = re.compile(r"^( *)```yaml\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
    return {
        task: [
            re.sub(f"^{indent}", "", lines, flags=re.MULTILINE)
            for indent, lines in blocks.findall(text)
        ]
        for task, text in sections
    }
