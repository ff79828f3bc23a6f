"""The manual names every setting, event, command and decision that there is."""

import re
from pathlib import Path

import pytest

from app.cli import COMMANDS as CLI_COMMANDS
from app.models.states import PrintState
from app.queueing.slips import print_jobs
from app.queueing.states import COMMANDS
from app.settings import Settings
from printer import delivery

DOCS = Path(__file__).parents[1] / "app" / "docs"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_names_every_setting(name: str) -> None:
    assert f"`ANTREAN_{name.upper()}`" in (DOCS / "settings.md").read_text()


@pytest.mark.parametrize("name", sorted({rule.event for rule in COMMANDS.values()}))
def test_names_every_event(name: str) -> None:
    assert name in (DOCS / "architecture.md").read_text().split("## Events")[1]


@pytest.mark.parametrize("name", sorted(CLI_COMMANDS))
def test_names_every_command(name: str) -> None:
    assert f"`./antrean {name}" in (DOCS / "commands.md").read_text()


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("state", frozenset(PrintState)),
        ("reason", delivery.REASONS | print_jobs.REASONS),
    ],
)
def test_tells_every_end_of_a_print_job(first: str, words: frozenset[str]) -> None:
    page = (DOCS / "printers.md").read_text()
    table = page.split(f"| {first} | means | what to do |\n")[1].split("\n\n")[0]

    assert set(re.findall(r"^\| `(\S+)` \|", table, re.MULTILINE)) == words


def test_lists_every_page() -> None:
    index = (DOCS / "index.md").read_text()
    pages = [page.name for page in DOCS.glob("*.md") if page.name != "index.md"]
    assert [page for page in pages if f"({page})" not in index] == []


def test_lists_every_decision() -> None:
    index = (DOCS / "index.md").read_text()
    decisions = [page.name for page in (DOCS / "decisions").glob("*.md")]
    assert [page for page in decisions if f"(decisions/{page})" not in index] == []
