"""What holds for every template and script of every part."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from app.admin.forms import MAX_NOTE_CHARACTERS
from app.api.http.inputs import ShortText
from app.search import MAX_QUERY_CHARACTERS
from app.web.folders import folders_named
from app.web.i18n import LANGUAGES
from app.web.pages import environment

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)")
ELSEWHERE = re.compile(
    r"""(src|href)=["'](https?:)?//|@import|url\(["']?(https?:)?//"""
)
# trim_blocks takes the line's end behind a tag, lstrip_blocks what is before the next
JOINED = re.compile(
    r"(?:\) \}\}|</b>|</span>|\w)(?:\{% (?:endif|endtrans|endfor) %\})+\n"
    r" *(?:\{% (?:if|for) [^%]*%\})*(?:\{\{ _\(|\{% trans|<b>|<span|<a )"
)


def files(kind: str, *suffixes: str) -> Iterator[Path]:
    for folder in folders_named(kind).values():
        yield from (f for f in sorted(folder.rglob("*")) if f.suffix in suffixes)


def names() -> list[str]:
    return sorted(environment("id").list_templates(extensions=["html"]))


@pytest.mark.parametrize("name", names())
def test_every_template_compiles_in_every_language(name: str) -> None:
    for language in LANGUAGES:
        assert name.endswith(str(environment(language).get_template(name).name))


def test_words_on_two_lines_are_two_words() -> None:
    offenders = {
        file.name: match.group()
        for file in files("templates", ".html")
        if (match := JOINED.search(file.read_text(encoding="utf-8")))
    }

    assert not offenders


def test_no_template_holds_inline_script_or_style() -> None:
    offenders = {
        file.name: match.group()
        for file in files("templates", ".html")
        if (match := INLINE.search(file.read_text(encoding="utf-8")))
    }

    assert not offenders


def test_nothing_is_fetched_from_elsewhere() -> None:
    sources = [*files("templates", ".html"), *files("static", ".css", ".js")]

    offenders = [
        f.name for f in sources if ELSEWHERE.search(f.read_text(encoding="utf-8"))
    ]

    assert sources
    assert not offenders


def test_scripts_set_text_and_never_html() -> None:
    unsafe = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\("
    )
    scripts = list(files("static", ".js"))

    offenders = [
        f.name for f in scripts if unsafe.search(f.read_text(encoding="utf-8"))
    ]

    assert scripts
    assert not offenders


def test_a_field_takes_as_many_characters_as_what_it_is_sent_to() -> None:
    short = TypeAdapter(ShortText).json_schema()["maxLength"]
    assert short == MAX_NOTE_CHARACTERS
    fields = [
        field
        for file in files("templates", ".html")
        for field in re.findall(r"<input[^>]*maxlength=[^>]*>", file.read_text())
    ]

    texts = [each for each in fields if re.search(r'name="(note|reason)"', each)]
    searches = [
        each for each in fields if 'type="search"' in each and "{{ max" not in each
    ]
    assert len(texts) == 5
    assert len(searches) == 3
    assert all(f'maxlength="{short}"' in each for each in texts)
    assert all(f'maxlength="{MAX_QUERY_CHARACTERS}"' in each for each in searches)
