"""The pages of tasks say the same in both languages, and what the screens say."""

import re

import pytest

from app.cli import build_parser
from app.web.i18n import LANGUAGES, Language
from app.web.manual.pages import DOCS, ROLES, manual
from tests.docs.pages import text
from tests.docs.role_pages import (
    NAMES,
    command_lines,
    in_bold,
    is_on_a_screen,
    keys_and_buttons,
    role_page,
)
from tests.support.app_server import AppServer
from tests.support.http.callers import Caller

EVERY = [(language, name) for language in LANGUAGES for name in NAMES]
STEP = re.compile(r"^(?:\d+\.|-) ", re.MULTILINE)
_BUTTON = re.compile(r"<button[^>]*>(.*?)</button>", re.DOTALL)
_LABEL = re.compile(r'action__label">(.*?)</span>', re.DOTALL)
_CAP = re.compile(r'<kbd class="cap">(.*?)</kbd>')


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_the_pages_of_every_role_and_no_others(
    language: Language,
) -> None:
    files = {file.stem for file in (DOCS / language).iterdir()}

    assert files == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_headings_in_the_same_order(name: str) -> None:
    indonesian, english = (
        [(h.level, h.id) for h in manual(f"{language}/{name}").headings[1:]]
        for language in LANGUAGES
    )

    assert indonesian == english != []


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_a_task_is_told_once(language: Language, name: str) -> None:
    headings = manual(f"{language}/{name}").headings
    titles = [heading.text.casefold() for heading in headings]

    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_as_many_steps(name: str) -> None:
    indonesian, english = (
        [
            len(STEP.findall(part))
            for part in text(role_page(language, name)).split("\n## ")
        ]
        for language in LANGUAGES
    )

    assert indonesian == english


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_type_the_same_commands(name: str) -> None:
    indonesian, english = (
        [
            [word for word in line if word not in LANGUAGES]
            for line in command_lines(text(role_page(language, name)))
        ]
        for language in LANGUAGES
    )

    assert indonesian == english


@pytest.mark.parametrize("name", ROLES)
def test_every_task_has_steps_or_leads_on(name: str) -> None:
    for part in text(role_page("en", name)).split("\n## ")[1:]:
        assert re.search(r"^1\. |^> ", part, re.MULTILINE), part.splitlines()[0]


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_words_in_bold_are_the_screens_own(language: Language, name: str) -> None:
    words = in_bold(text(role_page(language, name)))

    assert name == "index" or words
    assert [each for each in words if not is_on_a_screen(each, language)] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", "Panggil lanjut"),
        ("id", "Call next"),
        ("en", "Call the next"),
        ("en", "call next"),
        ("en", "Panggil berikutnya"),
        ("en", "A-012: anything"),
    ],
)
def test_words_that_no_screen_shows_are_found(language: Language, words: str) -> None:
    assert not is_on_a_screen(words, language)


@pytest.mark.parametrize(
    "words", ["A-012 dipanggil.", "Tutup layanan ini …", "English"]
)
def test_words_that_a_screen_shows_are_right(words: str) -> None:
    assert is_on_a_screen(words, "id")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_key_stands_on_the_button_that_a_page_names(
    server: AppServer, language: Language
) -> None:
    counter = await _buttons(server.sari, f"{server.url}/counter?counter=1", language)
    desk = await _buttons(server.resepsi, f"{server.url}/reception", language)

    for name, buttons in (
        ("officer", counter),
        ("supervisor", counter),
        ("reception", desk),
    ):
        pairs = keys_and_buttons(text(role_page(language, name)))
        assert len(pairs) > 3, name
        assert set(pairs) - buttons == set(), name


async def test_a_screen_leads_to_the_page_of_who_works_there(server: AppServer) -> None:
    for caller, path, role in (
        (server.sari, "counter?counter=1", "officer"),
        (server.kepala, "counter?counter=1", "supervisor"),
        (server.resepsi, "reception", "reception"),
        (server.resepsi, "admin/agencies", "reception"),
        (server.kepala, "admin/agencies", "supervisor"),
        (server.admin, "admin", "admin"),
        (server.resepsi, "admin/printers", "reception#printers"),
        (server.kepala, "admin/printers", "supervisor#printers"),
        (server.admin, "admin/printers", "admin#printers"),
    ):
        headers = {"Accept": "text/html"}
        answer = await caller.send("GET", f"{server.url}/{path}", headers=headers)
        assert f'href="/help/{role}"' in answer.text, (path, role)
        page, _, task = role.partition("#")
        ids = {heading.id for heading in manual(f"id/{page}").headings}
        assert not task or task in ids


async def _buttons(
    caller: Caller, address: str, language: Language
) -> set[tuple[str, str]]:
    """Return the keys of a page with what their buttons say."""
    address = f"{address}{'&' if '?' in address else '?'}lang={language}"
    answer = await caller.send("GET", address, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return {
        (cap[1].replace("⇧ ", "Shift + "), label[1].strip())
        for button in _BUTTON.findall(answer.text)
        if (cap := _CAP.search(button)) and (label := _LABEL.search(button))
    }


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_every_command_of_a_page_is_understood(language: Language, name: str) -> None:
    lines = command_lines(text(role_page(language, name)))

    for line in lines:
        build_parser(line).parse_args(line)
    assert bool(lines) == (name == "technician")
