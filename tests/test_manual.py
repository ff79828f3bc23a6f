"""The manual names every setting, event, command and decision that there is."""

import re

import pytest

from app.cli import COMMANDS as CLI_COMMANDS
from app.models.states import PrintState
from app.queueing.slips import print_jobs
from app.queueing.states import COMMANDS
from app.settings import Settings
from app.web.i18n import LANGUAGES
from app.web.manual.pages import DECISIONS, DOCS, ENGINEERS, REFERENCE
from printer import delivery
from tests.docs.pages import decisions, links, page_named, pages, text


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_names_every_setting(name: str) -> None:
    assert f"`ANTREAN_{name.upper()}`" in text(page_named("settings.md"))


@pytest.mark.parametrize("name", sorted({rule.event for rule in COMMANDS.values()}))
def test_names_every_event(name: str) -> None:
    assert name in text(page_named("architecture.md")).split("## Events")[1]


@pytest.mark.parametrize("name", sorted(CLI_COMMANDS))
def test_names_every_command(name: str) -> None:
    assert f"`./antrean {name}" in text(page_named("commands.md"))


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("state", frozenset(PrintState)),
        ("reason", delivery.REASONS | print_jobs.REASONS),
    ],
)
def test_tells_every_end_of_a_print_job(first: str, words: frozenset[str]) -> None:
    page = text(page_named("printers.md"))
    table = page.split(f"| {first} | means | what to do |\n")[1].split("\n\n")[0]

    assert set(re.findall(r"^\| `(\S+)` \|", table, re.MULTILINE)) == words


@pytest.mark.parametrize("folder", [REFERENCE, ENGINEERS])
def test_an_index_lists_every_page_of_its_folder(folder: str) -> None:
    index = DOCS / folder / "index.md"
    pages = {page.name for page in index.parent.glob("*.md")} - {"index.md"}

    assert pages - set(links(index)) == set()


def test_the_engineers_index_lists_every_decision() -> None:
    listed = set(links(DOCS / ENGINEERS / "index.md"))

    assert {f"../decisions/{page.name}" for page in decisions().values()} <= listed


def test_no_two_pages_that_are_cited_share_a_name() -> None:
    names = [
        page.name
        for folder in (REFERENCE, ENGINEERS)
        for page in (DOCS / folder).glob("*.md")
        if page.name != "index.md"
    ]

    assert len(names) == len(set(names)) > 30


def test_every_page_stands_in_a_folder() -> None:
    folders = {*LANGUAGES, REFERENCE, ENGINEERS, DECISIONS}

    assert {page.relative_to(DOCS).parent.as_posix() for page in pages()} == folders
