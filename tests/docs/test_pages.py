"""The pages for engineers say nothing twice, and nothing that is not so."""

import re
from pathlib import Path

import pytest

from app.cli import COMMANDS
from app.errors import AntreanError
from app.main import create_app
from app.settings import Settings
from tests.docs.pages import (
    ROOT,
    decisions,
    page_named,
    pages,
    superseded,
    text,
)

FORBIDDEN = re.compile(r"§|design\.md|field.lessons|house.style|/wor[k]/|TODO|FIXME")
_CALL = re.compile(r"`(GET|POST|PATCH|DELETE) (/[^\s`?]+)")
_ROW = re.compile(r"^\| ([^|]+?) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """Return the calls that the program answers, without names of parameters."""
    app = create_app(Settings(data=tmp_path_factory.mktemp("site")))
    paths = app.openapi()["paths"]
    return {
        (method.upper(), nameless(path.removeprefix("/api/v1")))
        for path, methods in paths.items()
        for method in methods
    }


def nameless(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def calls(part: str) -> set[tuple[str, str]]:
    return {(method, nameless(path)) for method, path in _CALL.findall(part)}


def contract() -> tuple[str, str]:
    """Return what the contract says of calls that are there, and of those to come."""
    before, _, after = text(page_named("contract.md")).partition(
        "## Fixed, not built yet"
    )
    assert after
    return before, after.partition("\n## ")[0]


def every_refusal(kind: type[AntreanError] = AntreanError) -> set[type[AntreanError]]:
    return {kind}.union(*(every_refusal(each) for each in kind.__subclasses__()))


def test_every_call_of_the_contract_is_answered(
    operations: set[tuple[str, str]],
) -> None:
    assert calls(contract()[0]) - operations == set()


def test_every_call_that_is_answered_is_in_the_contract(
    operations: set[tuple[str, str]],
) -> None:
    assert operations - calls(contract()[0]) == set()


def test_what_is_not_built_yet_is_not_answered(
    operations: set[tuple[str, str]],
) -> None:
    to_come = calls(contract()[1])

    assert len(to_come) > 10
    assert to_come & operations == set()


def test_the_contract_names_every_code() -> None:
    page = text(page_named("contract.md"))
    ours = {kind for kind in every_refusal() if kind.__module__.startswith("app.")}
    # it has no code of its own
    codes = {kind.code for kind in ours} - {AntreanError.code}

    assert {code for code in codes if f"`{code}`" not in page} == set()


def test_the_glossary_explains_no_word_twice() -> None:
    rows = _ROW.findall(
        text(page_named("glossary.md")).partition("## The product's")[2]
    )
    words = [word for row in rows for word in row.lower().split(", ")]
    twice = {word for word in words if words.count(word) > 1}

    assert len(words) > 90
    assert twice - {"word"} == set()  # the head of each table


def test_the_product_s_words_are_in_order() -> None:
    part = text(page_named("glossary.md")).partition("## The product's")[2]
    rows = _ROW.findall(part.partition("\n## ")[0])[2:]

    assert rows == sorted(rows)


def test_there_are_fifteen_lessons_each_with_what_follows() -> None:
    parts = re.split(r"^## ", text(page_named("lessons.md")), flags=re.MULTILINE)[1:]

    assert [int(part.split(".")[0]) for part in parts] == list(range(1, 16))
    assert all("**Here:**" in part for part in parts)


def test_decisions_are_numbered_without_a_gap() -> None:
    assert list(decisions()) == [f"{n:04d}" for n in range(1, len(decisions()) + 1)]


def test_the_index_of_decisions_has_each_once() -> None:
    rows = re.findall(
        r"^\| \[(\d{4})\]\(\.\./decisions/([^)]+)\)",
        text(page_named("architecture.md")),
        re.MULTILINE,
    )

    assert rows == [(number, page.name) for number, page in decisions().items()]


def test_what_is_superseded_is_named_by_what_stands_in_its_place() -> None:
    every = " ".join(text(page) for page in decisions().values())

    numbers = re.findall(r"Supersedes \[decision (\d{4})\]", every)

    assert set(numbers) == superseded()


@pytest.mark.parametrize(
    "page", pages(), ids=lambda page: f"{page.parent.name}/{page.stem}"
)
def test_no_page_names_what_is_not_of_this_project(page: Path) -> None:
    assert FORBIDDEN.findall(text(page)) == []


@pytest.mark.parametrize("name", ["contributing", "releasing"])
def test_a_page_gives_only_commands_that_there_are(name: str) -> None:
    commands = set(re.findall(r"\./antrean ([a-z-]+)", text(page_named(f"{name}.md"))))

    assert "test" in commands
    # the start script's own, for which the package need not be installed
    assert commands - {"test"} <= COMMANDS.keys()


@pytest.mark.parametrize("name", ["contributing", "releasing"])
def test_a_page_gives_only_modules_that_there_are(name: str) -> None:
    modules = re.findall(r"python -m (tests[\w.]+)", text(page_named(f"{name}.md")))
    files = [ROOT / module.replace(".", "/") for module in modules]

    assert all(f.with_suffix(".py").exists() or f.is_dir() for f in files)


def test_the_newest_release_is_dated_and_that_of_the_package() -> None:
    changelog = text(ROOT / "CHANGELOG.md")
    heads = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
    package = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert heads[0] == "Unreleased"
    assert re.fullmatch(r"\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d", heads[1])
    assert f'\nversion = "{heads[1].split()[0]}"\n' in package
